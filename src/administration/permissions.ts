import type { PermissionDeclaration } from '../manifest/manifest.ts';

/** The permissions of looking after access. None of them is about entities, so that none takes a condition. */
export const administrationPermissions: readonly PermissionDeclaration[] = [
  { name: 'access.policy.read', description: 'See roles and bindings, and try changes of them.', resource: 'none' },
  {
    name: 'access.policy.update',
    description: 'Change roles and bindings: whoever may, may everything.',
    resource: 'none',
  },
  { name: 'access.session.read', description: 'See who is signed in, and from where.', resource: 'none' },
  { name: 'access.session.delete', description: 'Sign others out.', resource: 'none' },
  { name: 'access.token.read', description: 'See everybody’s tokens, without what opens them.', resource: 'none' },
  {
    name: 'access.token.create',
    description: 'Make tokens for services, with all that those may do.',
    resource: 'none',
  },
  { name: 'access.token.delete', description: 'End everybody’s tokens.', resource: 'none' },
  { name: 'access.audit.read', description: 'See who did what.', resource: 'none' },
  { name: 'access.audit.export', description: 'Take the audit log away as a file.', resource: 'none' },
  { name: 'access.secret.read', description: 'See the names of secrets and what uses them.', resource: 'none' },
  { name: 'access.secret.update', description: 'Set secrets, and encrypt them anew.', resource: 'none' },
  { name: 'access.secret.delete', description: 'Remove secrets.', resource: 'none' },
];
