import { Type, type Static } from 'typebox';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

/** A token as lists show it: never what it opens with. */
export const TokenItem = Type.Object({
  id: Type.String(),
  kind: Type.Union([Type.Literal('personal'), Type.Literal('service')]),
  name: Type.String({ description: 'What it is for, as its maker called it.', examples: ['nightly report'] }),
  principal: Type.String({
    description: 'Who asks with it: its maker, or the service.',
    examples: ['user:default/jo', 'service:default/nightly-report'],
  }),
  hint: Type.String({ description: 'Its first characters, to find it again.', examples: ['cb_7fK2'] }),
  scopes: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Permissions or patterns of them; absent: all that its principal may do. It never allows more.',
      examples: [['catalog.*.read']],
    }),
  ),
  createdAt: Instant('When it was made.'),
  createdBy: Type.String({ description: 'Ref of who made it.' }),
  expiresAt: Instant('From then on it is refused.'),
  lastUsedAt: Type.Optional(Instant('Last use, give or take a minute; absent: never used.')),
  lastUsedFrom: Type.Optional(Type.String({ description: 'Address of the last use.' })),
});
export type TokenItem = Static<typeof TokenItem>;

/** A token that was just made: the only answer that holds it. */
export const MadeToken = Type.Object({
  token: Type.String({ description: 'Send it as `Authorization: Bearer <token>`. It cannot be shown again.' }),
  item: TokenItem,
});
export type MadeToken = Static<typeof MadeToken>;

const order = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 100 })),
  expiresInDays: Type.Integer({ minimum: 1, maximum: 366, description: 'Days until it ends.', examples: [30] }),
};

/** What a personal token is to be. */
export const TokenOrder = Type.Object(order, { additionalProperties: false });
export type TokenOrder = Static<typeof TokenOrder>;

/** What a service token is to be. */
export const ServiceTokenOrder = Type.Object(
  {
    ...order,
    service: Type.String({
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
      description: 'Name of the service; roles are bound to `service:default/<name>`.',
    }),
  },
  { additionalProperties: false },
);
export type ServiceTokenOrder = Static<typeof ServiceTokenOrder>;

const tokenId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const tokens = Type.Object({ items: Type.Array(TokenItem) });

/** `GET /api/v1/account/tokens` */
export const listOwnTokens = defineRoute({
  method: 'GET',
  path: '/api/v1/account/tokens',
  summary: 'List your tokens',
  tag: 'Account',
  permission: 'signed-in',
  response: tokens,
});

/** `POST /api/v1/account/tokens` */
export const makeOwnToken = defineRoute({
  method: 'POST',
  path: '/api/v1/account/tokens',
  summary: 'Make a token for yourself',
  description: 'Only a signed-in person can, not a guest and not another token.',
  tag: 'Account',
  permission: 'signed-in',
  body: TokenOrder,
  status: 201,
  response: MadeToken,
});

/** `DELETE /api/v1/account/tokens/:id` */
export const endOwnToken = defineRoute({
  method: 'DELETE',
  path: '/api/v1/account/tokens/:id',
  summary: 'End one of your tokens',
  tag: 'Account',
  permission: 'signed-in',
  params: tokenId,
  status: 204,
});

/** `GET /api/v1/access/tokens` */
export const listTokens = defineRoute({
  method: 'GET',
  path: '/api/v1/access/tokens',
  summary: 'List everybody’s tokens',
  tag: 'Access',
  permission: 'access.token.read',
  response: tokens,
});

/** `POST /api/v1/access/tokens` */
export const makeServiceToken = defineRoute({
  method: 'POST',
  path: '/api/v1/access/tokens',
  summary: 'Make a token for a service',
  tag: 'Access',
  permission: 'access.token.create',
  body: ServiceTokenOrder,
  status: 201,
  response: MadeToken,
});

/** `DELETE /api/v1/access/tokens/:id` */
export const endToken = defineRoute({
  method: 'DELETE',
  path: '/api/v1/access/tokens/:id',
  summary: 'End anybody’s token',
  tag: 'Access',
  permission: 'access.token.delete',
  params: tokenId,
  status: 204,
});
