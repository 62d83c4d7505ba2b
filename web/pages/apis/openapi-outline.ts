import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import type { ApiGroup, ApiOperation, ApiOutline, Reading } from './api-outline.ts';
import { curlText } from './curl-text.ts';
import { entriesOf, listOf, LocalRefs, objectOf, textOf } from './local-refs.ts';
import { serverUrls, signInOf, signInWays } from './openapi-facts.ts';
import { bodyParts, parametersOf, responseParts } from './openapi-parts.ts';
import { schemaGroup } from './schema-group.ts';

/** Methods of a path item, in the order in which people read them; `query` since OpenAPI 3.2. */
const METHODS = ['get', 'query', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'] as const;
/** Operations that are shown at most, and tags that are described. */
const MAX_OPERATIONS = 3000;
const MAX_TAGS = 500;
const OTHER = 'Other operations';

/** One operation as it is written, and where. */
interface Written {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
  readonly item: JsonObject;
  readonly isWebhook: boolean;
}

/** Outline of an OpenAPI document, 3.x or 2.0 (Swagger). */
export function readOpenApi(document: JsonObject): Reading {
  const version = textOf(document['openapi']) ?? textOf(document['swagger']);
  if (version === undefined) {
    return {
      status: 'failed',
      message: 'The definition says neither openapi nor swagger, so its version is not known',
    };
  }
  const refs = new LocalRefs(document);
  const written = writtenOperations(document, refs);
  const shown = written.slice(0, MAX_OPERATIONS);
  const isTwo = document['openapi'] === undefined;
  const schemas = isTwo ? document['definitions'] : objectOf(document['components'])['schemas'];
  const groups = [...operationGroups(document, shown, refs), ...schemaGroup(schemas, refs)];
  const info = objectOf(document['info']);
  const outline: ApiOutline = {
    format: isTwo ? `Swagger ${version}` : `OpenAPI ${version}`,
    title: textOf(info['title']),
    version: textOf(info['version']),
    description: textOf(info['description']) ?? textOf(info['summary']),
    facts: [
      { label: 'Servers', values: serverUrls(document) },
      { label: 'Sign-in', values: signInWays(document, refs) },
      { label: 'Licence', values: [textOf(objectOf(info['license'])['name']) ?? ''].filter(Boolean) },
    ].filter(({ values }) => values.length > 0),
    groups,
    remarks:
      written.length > shown.length ? [`The first ${shown.length} of ${written.length} operations are shown.`] : [],
  };
  return { status: 'read', outline };
}

function writtenOperations(document: JsonObject, refs: LocalRefs): readonly Written[] {
  const from = (paths: JsonValue | undefined, isWebhook: boolean): readonly Written[] =>
    entriesOf(paths, MAX_OPERATIONS + 1).flatMap(([path, value]) => {
      const item = refs.resolve(value).value ?? {};
      return METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [{ path, method, operation: objectOf(operation), item, isWebhook }];
      });
    });
  return [...from(document['paths'], false), ...from(document['webhooks'], true)];
}

/** One group a tag, in the order in which the document lists them; what has no tag comes last. */
function operationGroups(document: JsonObject, written: readonly Written[], refs: LocalRefs): readonly ApiGroup[] {
  const tags = listOf(document['tags']).slice(0, MAX_TAGS);
  const told = new Map(tags.map((tag) => [textOf(objectOf(tag)['name']) ?? '', objectOf(tag)]));
  const titles = written.map(({ operation, isWebhook }) =>
    isWebhook ? 'Webhooks' : (textOf(listOf(operation['tags'])[0]) ?? OTHER),
  );
  const order = [...new Set([...told.keys(), ...titles.filter((title) => title !== OTHER), OTHER])];
  const ids = operationIds(written);
  return order.flatMap((title) => {
    const operations = written.flatMap((one, at) =>
      titles[at] === title ? [operationOf(one, ids[at] ?? '', document, refs)] : [],
    );
    if (operations.length === 0) return [];
    const isOnly = operations.length === written.length && title === OTHER;
    return [
      {
        id: `group-${title}`,
        title: isOnly ? 'Operations' : title,
        description: textOf(told.get(title)?.['description']),
        operations,
      },
    ];
  });
}

/** The id that the author gave where nobody else has it; else method and path. */
function operationIds(written: readonly Written[]): readonly string[] {
  const given = written.map(({ operation }) => textOf(operation['operationId']));
  return written.map(({ method, path, isWebhook }, at) => {
    const id = given[at];
    const isUnique = id !== undefined && given.indexOf(id) === given.lastIndexOf(id);
    return isUnique ? id : `${isWebhook ? 'webhook ' : ''}${method} ${path}`;
  });
}

function operationOf(written: Written, id: string, document: JsonObject, refs: LocalRefs): ApiOperation {
  const { path, method, operation, item, isWebhook } = written;
  const isTwo = document['openapi'] === undefined;
  const [server = ''] = serverUrls(operation['servers'] === undefined ? document : operation);
  return {
    id,
    verb: method.toUpperCase(),
    name: path,
    summary: textOf(operation['summary']) ?? textOf(item['summary']),
    description: textOf(operation['description']) ?? textOf(item['description']),
    isDeprecated: operation['deprecated'] === true,
    parts: () => {
      const parameters = parametersOf(item, operation, refs);
      return [
        ...signInOf(operation, document),
        ...parameters.parts,
        ...bodyParts(operation, parameters, { refs, isTwo, document }),
        ...responseParts(operation, { refs, isTwo, document }),
      ];
    },
    ...(!isWebhook && {
      command: () => {
        const parameters = parametersOf(item, operation, refs);
        return curlText({ method, path, server, operation, document, parameters, refs });
      },
    }),
  };
}
