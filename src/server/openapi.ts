import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { BookmarkEvent, ChangeEvent, EndedEvent, RelistEvent } from '../api/events.ts';
import { ProblemDetails } from '../api/problem-details.ts';
import type { RouteContract } from '../api/route.ts';

/** Data of the events of a stream, which no answer's schema can show. */
const eventSchemas = { ChangeEvent, BookmarkEvent, RelistEvent, EndedEvent };

/**
 * Describes the routes that are added after it as OpenAPI 3.1 at `/api/openapi.json`. The description is made from the same
 * contracts as the checks of requests and the filters of answers.
 *
 * @param info version of the server, and name of the session's cookie
 */
export async function serveOpenApi(
  app: FastifyInstance,
  info: { readonly version: string; readonly cookie: string },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Callboard',
        version: info.version,
        description: 'The API of this Callboard: its own under /api/v1, the compatible one of Backstage beside it.',
      },
      components: { schemas: { ...eventSchemas }, securitySchemes: securitySchemes(info.cookie) },
    },
    transform: ({ url, route }) => {
      const contract = route.config?.contract;
      return { url: withNamedRest(url), schema: contract === undefined ? { hide: true } : documented(contract) };
    },
  });
  const config = { permission: 'public' } as const;
  app.get('/api/openapi.json', { config }, (_request, reply) => reply.send(app.swagger()));
}

/** How a caller proves who it is. @param cookie name of the session's cookie */
function securitySchemes(cookie: string) {
  return {
    token: { type: 'http', scheme: 'bearer', description: 'A token of a person or service.' },
    session: { type: 'apiKey', in: 'cookie', name: cookie, description: 'What a sign-in leaves in the browser.' },
  } as const;
}

function documented(contract: RouteContract): Record<string, unknown> {
  const status = String(contract.status ?? 200);
  return {
    operationId: operationId(contract),
    summary: contract.summary,
    description: `${contract.description ?? ''}\n\nPermission: \`${contract.permission}\``.trim(),
    tags: [contract.tag],
    ...(contract.permission !== 'public' && { security: [{ token: [] }, { session: [] }] }),
    ...(contract.params !== undefined && { params: contract.params }),
    ...(contract.query !== undefined && { querystring: contract.query }),
    ...(contract.body !== undefined && { body: contract.body }),
    response: {
      [status]: answer(
        contract.response ?? { type: 'string' },
        contract.contentType ?? 'application/json',
        'The answer',
      ),
      default: answer(ProblemDetails, 'application/problem+json', 'Why the request failed'),
    },
  };
}

/** A name for generated clients: `getApiV1EntitiesByKindByNamespaceByName`. */
function operationId({ method, path }: RouteContract): string {
  const words = withNamedRest(path)
    .split(/[/.-]/)
    .filter((word) => word !== '');
  const named = words.map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word)));
  return `${method.toLowerCase()}${named.join('')}`;
}

/** OpenAPI has no word for the rest of a path: it is a part with a name. */
function withNamedRest(path: string): string {
  return path.replace(/\/\*$/, '/:path');
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function answer(schema: TSchema | object, contentType: string, description: string): object {
  return { description, content: { [contentType.split(';', 1)[0] ?? contentType]: { schema } } };
}
