import { Type, type Static } from 'typebox';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Secrets';

/** A secret, without its value: no answer holds that. */
export const SecretItem = Type.Object({
  name: Type.String({ examples: ['okta-client'] }),
  keyId: Type.String({ description: 'Which key it is encrypted with.' }),
  createdAt: Instant('When it was first set.'),
  updatedAt: Instant('When its value last changed.'),
  usedBy: Type.Array(Type.String(), { description: 'Settings that name it.', examples: [['signIn.providers[0]']] }),
});
export type SecretItem = Static<typeof SecretItem>;

const byName = Type.Object({
  name: Type.String({ pattern: '^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$', description: 'Name of the secret.' }),
});

/** `GET /api/v1/secrets` */
export const listSecrets = defineRoute({
  method: 'GET',
  path: '/api/v1/secrets',
  summary: 'List secrets, without their values',
  tag,
  permission: 'access.secret.read',
  response: Type.Object({
    items: Type.Array(SecretItem),
    missing: Type.Array(Type.Object({ name: Type.String(), usedBy: Type.Array(Type.String()) }), {
      description: 'Secrets that settings name and nobody has set.',
    }),
    keys: Type.Array(Type.Object({ id: Type.String(), current: Type.Boolean(), secrets: Type.Integer() })),
  }),
});

/** `PUT /api/v1/secrets/:name` */
export const putSecret = defineRoute({
  method: 'PUT',
  path: '/api/v1/secrets/:name',
  summary: 'Set a secret',
  tag,
  permission: 'access.secret.update',
  params: byName,
  body: Type.Object({ value: Type.String({ minLength: 1, maxLength: 65_536 }) }, { additionalProperties: false }),
  response: SecretItem,
});

/** `DELETE /api/v1/secrets/:name` */
export const deleteSecret = defineRoute({
  method: 'DELETE',
  path: '/api/v1/secrets/:name',
  summary: 'Remove a secret',
  tag,
  permission: 'access.secret.delete',
  params: byName,
  status: 204,
});

/** `POST /api/v1/secrets/rotation` */
export const rotateSecrets = defineRoute({
  method: 'POST',
  path: '/api/v1/secrets/rotation',
  summary: 'Encrypt all secrets with the current key',
  tag,
  permission: 'access.secret.update',
  response: Type.Object({ rotated: Type.Integer(), keyId: Type.String() }),
});
