import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
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

/** What is taken of the whole description. */
interface Description {
  readonly openapi?: string;
  readonly info?: object;
  readonly servers?: readonly object[];
  readonly paths?: object;
}

function compatiblePart({ openapi, info, paths = {} }: Description): Description {
  const own = Object.entries(paths)
    .filter(([path]) => path.startsWith(`${PREFIX}/`))
    .map(([path, operations]) => [path.slice(PREFIX.length), mapOperations(operations as JsonObject)] as const);
  return {
    ...(openapi !== undefined && { openapi }),
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
