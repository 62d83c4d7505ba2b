import type { FastifyInstance, FastifyReply } from 'fastify';

/** How long a browser may remember what pages of an origin may send, seconds. */
const REMEMBERED_SECONDS = 600;

/** Header fields that pages may send, and those that they may read. */
const sent =
  'authorization, content-type, x-requested-with, backstage-kubernetes-cluster, backstage-kubernetes-authorization';
const read = 'link, retry-after, www-authenticate';

/**
 * Lets pages of other origins use the API, also with the cookies of whoever is signed in (CORS): frontends that are served
 * elsewhere. Must come before the checks of requests, since browsers ask first without saying who asks.
 *
 * @param origins the only ones; without any nothing is added
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && allowed.has(origin) && request.url.startsWith('/api/');
    if (!isAllowed) {
      done();
      return;
    }
    void reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': read,
      vary: 'origin',
    });
    const isQuestion = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (isQuestion) void answerQuestion(reply);
    else done();
  });
}

/** What a browser asks before it sends what a plain form could not. */
function answerQuestion(reply: FastifyReply): FastifyReply {
  return reply
    .headers({
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': sent,
      'access-control-max-age': String(REMEMBERED_SECONDS),
    })
    .status(204)
    .send();
}
