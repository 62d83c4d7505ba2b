import { Type } from 'typebox';
import { defineRoute } from '../api/route.ts';

const tag = 'Sign-in';

const params = Type.Object({ provider: Type.String({ minLength: 1, maxLength: 40 }) });

/** Providers add parameters of their own, and so do Backstage’s clients. */
const openQuery = Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object' });

/** `GET /api/auth/:provider/start`, as in Backstage. */
export const startSignIn = defineRoute({
  method: 'GET',
  path: '/api/auth/:provider/start',
  summary: 'Go to the provider to sign in',
  description:
    'For browsers. `flow=redirect&redirectUrl=/path` comes back to a path of this server; without `flow` the answer is for a ' +
    'window that a client of Backstage opened from `origin`.',
  tag,
  permission: 'public',
  params,
  query: openQuery,
  contentType: 'text/html; charset=utf-8',
});

/** `GET /api/auth/:provider/handler/frame`, as in Backstage: where providers send browsers back to. */
export const finishSignIn = defineRoute({
  method: 'GET',
  path: '/api/auth/:provider/handler/frame',
  summary: 'Come back from the provider',
  description: 'The callback URL to register at the provider.',
  tag,
  permission: 'public',
  params,
  query: openQuery,
  contentType: 'text/html; charset=utf-8',
});

/** `POST /api/auth/:provider/backchannel-logout` (OpenID Connect Back-Channel Logout 1.0). */
export const backchannelLogout = defineRoute({
  method: 'POST',
  path: '/api/auth/:provider/backchannel-logout',
  summary: 'End sessions that the provider has ended',
  description: 'For providers: takes a logout token as a form.',
  tag,
  permission: 'public',
  form: true,
  params,
  body: Type.Object({ logout_token: Type.String({ minLength: 1, maxLength: 16_384 }) }),
  response: Type.Object({ ended: Type.Integer({ description: 'Number of sessions.' }) }),
});
