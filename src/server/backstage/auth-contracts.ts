import { Type, type Static } from 'typebox';
import { defineRoute } from '../../api/route.ts';

const tag = 'Backstage sign-in';
const byProvider = Type.Object({ provider: Type.String({ maxLength: 100 }) });
/** Clients send what they please beside the rest. */
const anyBody = Type.Optional(Type.Unknown());

/** What a client is told of whom it acts for. */
export const SessionAnswer = Type.Object({
  profile: Type.Object({
    email: Type.Optional(Type.String()),
    displayName: Type.Optional(Type.String()),
    picture: Type.Optional(Type.String()),
  }),
  providerInfo: Type.Optional(Type.Object({ scope: Type.String(), expiresInSeconds: Type.Integer() })),
  backstageIdentity: Type.Object({
    token: Type.String(),
    expiresInSeconds: Type.Integer(),
    identity: Type.Object({
      type: Type.Literal('user'),
      userEntityRef: Type.String(),
      ownershipEntityRefs: Type.Array(Type.String()),
    }),
  }),
});
export type SessionAnswer = Static<typeof SessionAnswer>;

const refresh = {
  path: '/api/auth/:provider/refresh',
  summary: 'Make an identity token for whoever is signed in',
  description:
    'Takes the session’s cookie, or the word of the proxy in front, and `X-Requested-With: XMLHttpRequest`. For the ' +
    'provider `guest` it takes neither.',
  tag,
  permission: 'public',
  params: byProvider,
  query: Type.Object({ scope: Type.Optional(Type.String()), env: Type.Optional(Type.String()) }),
  response: SessionAnswer,
} as const;

/** `GET /api/auth/:provider/refresh` */
export const refreshByGet = defineRoute({ method: 'GET', ...refresh });

/** `POST /api/auth/:provider/refresh` */
export const refreshByPost = defineRoute({ method: 'POST', reads: true, body: anyBody, ...refresh });

/** `POST /api/auth/:provider/logout` */
export const logout = defineRoute({
  method: 'POST',
  path: '/api/auth/:provider/logout',
  summary: 'End the session of a provider',
  description: 'Its identity tokens end with it.',
  tag,
  permission: 'public',
  params: byProvider,
  query: Type.Object({ env: Type.Optional(Type.String()) }),
  body: anyBody,
  response: Type.Object({ logoutUrl: Type.Optional(Type.String({ description: 'Ends the provider’s own session.' })) }),
});

const KeySet = Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.String())) });

/** `GET /api/auth/.well-known/jwks.json` */
export const getKeySet = defineRoute({
  method: 'GET',
  path: '/api/auth/.well-known/jwks.json',
  summary: 'Public keys of identity tokens',
  tag,
  permission: 'public',
  response: KeySet,
});

/** `GET /api/auth/.well-known/openid-configuration` */
export const getOpenIdConfiguration = defineRoute({
  method: 'GET',
  path: '/api/auth/.well-known/openid-configuration',
  summary: 'Where the keys of identity tokens and the user information are',
  tag,
  permission: 'public',
  response: Type.Object({
    issuer: Type.String(),
    jwks_uri: Type.String(),
    userinfo_endpoint: Type.String(),
    response_types_supported: Type.Array(Type.String()),
    subject_types_supported: Type.Array(Type.String()),
    id_token_signing_alg_values_supported: Type.Array(Type.String()),
    scopes_supported: Type.Array(Type.String()),
    claims_supported: Type.Array(Type.String()),
  }),
});

/** `GET /api/auth/v1/userinfo` */
export const getUserInfo = defineRoute({
  method: 'GET',
  path: '/api/auth/v1/userinfo',
  summary: 'Whose an identity token is, and what that person owns things through',
  tag,
  permission: 'public',
  takesLimited: true,
  response: Type.Object({ claims: Type.Object({ sub: Type.String(), ent: Type.Array(Type.String()) }) }),
});

const byPlugin = Type.Object({ plugin: Type.String({ pattern: '^[a-z][a-z0-9-]{0,50}$' }) });

/** `GET /api/:plugin/.backstage/auth/v1/cookie` */
export const getCookie = defineRoute({
  method: 'GET',
  path: '/api/:plugin/.backstage/auth/v1/cookie',
  summary: 'Put a limited token into a cookie, for what browsers load by themselves',
  tag,
  permission: 'public',
  params: byPlugin,
  response: Type.Object({ expiresAt: Type.String({ format: 'date-time' }) }),
});

/** `DELETE /api/:plugin/.backstage/auth/v1/cookie` */
export const deleteCookie = defineRoute({
  method: 'DELETE',
  path: '/api/:plugin/.backstage/auth/v1/cookie',
  summary: 'Take that cookie back',
  tag,
  permission: 'signed-in',
  reads: true,
  params: byPlugin,
  status: 204,
});

/** `GET /api/:plugin/.backstage/auth/v1/jwks.json` */
export const getPluginKeySet = defineRoute({
  method: 'GET',
  path: '/api/:plugin/.backstage/auth/v1/jwks.json',
  summary: 'Public keys of tokens between backend plugins, of which Callboard makes none',
  tag,
  permission: 'public',
  params: byPlugin,
  response: KeySet,
});

const Health = Type.Object({ status: Type.String(), message: Type.Optional(Type.String()) });

/** `GET /.backstage/health/v1/liveness` */
export const getLiveness = defineRoute({
  method: 'GET',
  path: '/.backstage/health/v1/liveness',
  summary: 'Whether the server lives, where Backstage’s probes ask',
  tag: 'Health',
  permission: 'public',
  response: Health,
});

/** `GET /.backstage/health/v1/readiness` */
export const getBackstageReadiness = defineRoute({
  method: 'GET',
  path: '/.backstage/health/v1/readiness',
  summary: 'Whether the server is ready, where Backstage’s probes ask',
  tag: 'Health',
  permission: 'public',
  response: Health,
});
