import { Type, type Static } from 'typebox';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Account';

/** Who asks. */
export const PrincipalItem = Type.Object({
  kind: Type.Union([Type.Literal('anonymous'), Type.Literal('guest'), Type.Literal('user'), Type.Literal('service')], {
    description: '`anonymous`: nobody is signed in, and guests are not let in.',
  }),
  ref: Type.String({ description: 'Entity ref, or the name of a service', examples: ['user:default/guest'] }),
  name: Type.Optional(Type.String({ description: 'Name to show.' })),
  email: Type.Optional(Type.String()),
  picture: Type.Optional(Type.String({ description: 'URL of a picture.' })),
});
export type PrincipalItem = Static<typeof PrincipalItem>;

/** A way to sign in. */
export const SignInProvider = Type.Object({
  id: Type.String({ examples: ['okta'] }),
  title: Type.String({ examples: ['Okta'] }),
  type: Type.Union([Type.Literal('oidc'), Type.Literal('github'), Type.Literal('proxy'), Type.Literal('guest')]),
  startPath: Type.String({
    description: 'Path that the browser goes to; takes `redirectUrl`, the local path to come back to.',
    examples: ['/api/auth/okta/start?flow=redirect'],
  }),
});
export type SignInProvider = Static<typeof SignInProvider>;

/** What a principal may do, for showing only what works. */
export const Abilities = Type.Object({
  allowed: Type.Array(Type.String(), { description: 'Permissions that are allowed everywhere.' }),
  conditional: Type.Array(Type.String(), { description: 'Permissions that are allowed for some entities.' }),
});
export type Abilities = Static<typeof Abilities>;

/** One sign-in of a principal. */
export const SessionItem = Type.Object({
  id: Type.String({ description: 'Names the session; it is not what the cookie holds.' }),
  principal: Type.String({ description: 'Ref of who signed in.' }),
  provider: Type.String({ description: 'Id of the provider.', examples: ['okta'] }),
  current: Type.Boolean({ description: 'True for the session of this request.' }),
  createdAt: Instant('When it began.'),
  lastSeenAt: Instant('Last use, give or take a minute.'),
  expiresAt: Instant('When it ends if it is not used again, and at the latest.'),
  address: Type.Optional(Type.String({ description: 'Where the sign-in came from.' })),
  userAgent: Type.Optional(Type.String({ description: 'Browser that signed in, as it calls itself.' })),
});
export type SessionItem = Static<typeof SessionItem>;

const sessionId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

/** `GET /api/v1/account/sessions` */
export const listOwnSessions = defineRoute({
  method: 'GET',
  path: '/api/v1/account/sessions',
  summary: 'List your sessions',
  tag,
  permission: 'signed-in',
  response: Type.Object({ items: Type.Array(SessionItem) }),
});

/** `DELETE /api/v1/account/sessions/:id` */
export const endOwnSession = defineRoute({
  method: 'DELETE',
  path: '/api/v1/account/sessions/:id',
  summary: 'End one of your sessions',
  description: 'Its cookie is refused from now on by every server, and its streams end.',
  tag,
  permission: 'signed-in',
  params: sessionId,
  status: 204,
});

/** `POST /api/v1/account/sign-out` */
export const signOut = defineRoute({
  method: 'POST',
  path: '/api/v1/account/sign-out',
  summary: 'Sign out',
  description: 'Ends the session of this request. Answers where the provider’s own sign-out is, if it has one.',
  tag,
  permission: 'public',
  body: Type.Optional(Type.Object({ everywhere: Type.Optional(Type.Boolean({ description: 'All sessions.' })) })),
  response: Type.Object({ next: Type.Optional(Type.String({ description: 'URL to go to.' })) }),
});

/** `GET /api/v1/access/sessions` */
export const listSessions = defineRoute({
  method: 'GET',
  path: '/api/v1/access/sessions',
  summary: 'List sessions of everybody',
  description: 'Newest use first, at most 1,000.',
  tag: 'Access',
  permission: 'access.session.read',
  query: Type.Object({ principal: Type.Optional(Type.String({ maxLength: 300 })) }),
  response: Type.Object({ total: Type.Integer(), items: Type.Array(SessionItem) }),
});

/** `DELETE /api/v1/access/sessions/:id` */
export const endSession = defineRoute({
  method: 'DELETE',
  path: '/api/v1/access/sessions/:id',
  summary: 'End a session of anybody',
  tag: 'Access',
  permission: 'access.session.delete',
  params: sessionId,
  status: 204,
});
