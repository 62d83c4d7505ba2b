import type { Binding, Origin, Role } from './rule.ts';
import { canonicalSubject, GUESTS } from './subject.ts';

const origin: Origin = { kind: 'built-in' };

/** The roles that every policy has. A policy cannot change them. */
export const builtInRoles: readonly Role[] = [
  { name: 'admin', description: 'May do everything.', rules: [{ permissions: ['*'] }], origin },
  {
    name: 'editor',
    description:
      'Reads the catalog and the clusters, refreshes the catalog, registers and removes locations, and shares saved views.',
    rules: [{ permissions: ['catalog.*.*', 'fleet.*.read', 'kubernetes.*.read', 'preferences.view.share'] }],
    origin,
  },
  {
    name: 'viewer',
    description: 'Reads the catalog with its problems and sources, and the clusters.',
    rules: [{ permissions: ['catalog.*.read', 'fleet.*.read', 'kubernetes.*.read'] }],
    origin,
  },
];

/** Names that no other role may have. */
export const builtInRoleNames: ReadonlySet<string> = new Set(builtInRoles.map(({ name }) => name));

/** The configuration's own words on who may do what. */
export interface Standing {
  /** Refs that `access.admins` names. */
  readonly admins: readonly string[];
  /** Services that the configuration lets in with all rights, but for the limits of their tokens. */
  readonly services: readonly string[];
  /** True while nobody has configured who may do what: guests may then do everything. */
  readonly isOpen: boolean;
}

/** The bindings that the configuration makes by itself. */
export function standingBindings({ admins, services, isOpen }: Standing): readonly Binding[] {
  const bindings: Binding[] = [];
  const add = (name: string, subjects: readonly string[], place: string): void => {
    const canonical = subjects.map(canonicalSubject).filter((subject) => subject !== undefined);
    if (canonical.length > 0) {
      bindings.push({ name, role: 'admin', subjects: canonical, origin: { kind: 'built-in', place } });
    }
  };
  add('admins', admins, 'access.admins');
  add('external-access', services, 'backend.auth.externalAccess');
  if (isOpen) add('open', [GUESTS], 'no access is configured');
  return bindings;
}
