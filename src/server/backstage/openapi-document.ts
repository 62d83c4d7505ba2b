import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import { isJsonObject } from '../../model/json.ts';
import { getOpenApi } from './upkeep-contracts.ts';

const PREFIX = '/api/catalog';

/** The shape of every refusal. */
const refusal: JsonObject = {
  description: 'Why the request failed',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error', 'request', 'response'],
        properties: {
          error: {
            type: 'object',
            required: ['name', 'message'],
            properties: { name: { type: 'string' }, message: { type: 'string' } },
          },
          request: { type: 'object', properties: { method: { type: 'string' }, url: { type: 'string' } } },
          response: { type: 'object', properties: { statusCode: { type: 'integer' } } },
        },
      },
    },
  },
};

/** Makes the route of this API's own description, a part of the server's. */
export function openApiRoute(): Route {
  let document: Buffer | undefined;
  return implementRoute(getOpenApi, ({ raw }) => {
    document ??= Buffer.from(JSON.stringify(compatiblePart(raw.server.swagger())));
    return document;
  });
}

function compatiblePart({ paths = {}, info, ...whole }: { readonly paths?: object; readonly info?: object }): object {
  const own = Object.entries(paths)
    .filter(([path]) => path.startsWith(`${PREFIX}/`))
    .map(([path, operations]) => [path.slice(PREFIX.length), mapOperations(operations as JsonObject)] as const);
  const { openapi } = whole as { readonly openapi?: string };
  return {
    openapi,
    info: { ...info, title: 'Callboard: the catalog API that Backstage clients use' },
    servers: [{ url: PREFIX }],
    paths: Object.fromEntries(own),
  };
}

function mapOperations(operations: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => [method, withRefusal(operation ?? null)]),
  );
}

function withRefusal(operation: JsonValue): JsonValue {
  if (!isJsonObject(operation) || !isJsonObject(operation['responses'])) return operation;
  return { ...operation, responses: { ...operation['responses'], default: refusal } };
}
