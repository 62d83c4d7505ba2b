import { createHash } from 'node:crypto';
import type { JsonMap } from './kube-object.ts';
import { fieldsOf } from './openapi-fields.ts';
import { apiVersionOf, type Resource } from './resources.ts';

/** `/openapi/v3`: where the document of each group and version is. */
export function openApiIndex(resources: readonly Resource[]): JsonMap {
  const paths = [...new Set(resources.map(pathOf))];
  return {
    paths: Object.fromEntries(
      paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(path)}` }]),
    ),
  };
}

/** The OpenAPI document at `/openapi/v3/...`; undefined where none is. */
export function openApiDocument(path: string, resources: readonly Resource[]): JsonMap | undefined {
  const own = resources.filter((resource) => `/openapi/v3/${pathOf(resource)}` === path);
  if (own.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'demo' },
    paths: Object.fromEntries(
      own.map((resource) => [
        `/${pathOf(resource)}/${resource.isNamespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}/{name}`,
        operations(resource),
      ]),
    ),
    components: { schemas: Object.assign({}, ...own.map(schemas)) as JsonMap },
  };
}

function pathOf(resource: Resource): string {
  return resource.group === '' ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`;
}

function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32).toUpperCase();
}

const gvk = ({ group, version, kind }: Resource): JsonMap => ({ group, kind, version });

/** That the server checks fields itself is told by this parameter; clients then do not. */
function operations(resource: Resource): JsonMap {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: name === 'force' ? 'boolean' : 'string' },
  }));
  const operation = {
    parameters,
    'x-kubernetes-group-version-kind': gvk(resource),
    responses: { 200: { description: 'OK' } },
  };
  return {
    get: { ...operation, 'x-kubernetes-action': 'get' },
    put: { ...operation, 'x-kubernetes-action': 'put' },
    patch: { ...operation, 'x-kubernetes-action': 'patch' },
  };
}

function schemaName({ group, version, kind }: Resource): string {
  return `io.k8s.api.${group === '' ? 'core' : (group.split('.')[0] ?? group)}.${version}.${kind}`;
}

function schemas(resource: Resource): JsonMap {
  const { described, properties } = fieldsOf(resource);
  const schema = {
    type: 'object',
    description: described,
    properties: {
      apiVersion: { type: 'string', description: 'Version of the schema of this object.' },
      kind: { type: 'string', description: 'Kind of this object.' },
      metadata: { type: 'object', description: 'Name, namespace, labels and annotations.' },
      ...properties,
    },
    'x-kubernetes-group-version-kind': [gvk(resource)],
  };
  return { [schemaName(resource)]: schema };
}
