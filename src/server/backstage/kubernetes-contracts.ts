import { Type } from 'typebox';
import { defineRoute } from '../../api/route.ts';
import type { JsonObject } from '../../model/json.ts';
import { optionalBody } from './contracts.ts';

const tag = 'Backstage Kubernetes';
const reading = 'kubernetes.resources.read';

const AnyObject = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true });

/** `GET /api/kubernetes/clusters` */
export const listKubernetesClusters = defineRoute({
  method: 'GET',
  path: '/api/kubernetes/clusters',
  summary: 'List clusters for Backstage’s Kubernetes plugin',
  description: 'Those that you may see by `fleet.cluster.read`.',
  tag,
  permission: 'kubernetes.clusters.read',
  response: Type.Object({
    items: Type.Array(
      Type.Object({
        name: Type.String(),
        title: Type.Optional(Type.String()),
        dashboardUrl: Type.Optional(Type.String()),
        authProvider: Type.String({ description: 'Always `serviceAccount`: no client has to bring a token.' }),
      }),
    ),
  }),
});

/** `GET /api/kubernetes/.well-known/backstage/permissions/metadata` */
export const getKubernetesPermissionMetadata = defineRoute({
  method: 'GET',
  path: '/api/kubernetes/.well-known/backstage/permissions/metadata',
  summary: 'Permissions of Backstage’s Kubernetes plugin',
  tag,
  permission: 'signed-in',
  response: Type.Object({
    permissions: Type.Array(
      Type.Object({
        type: Type.String(),
        name: Type.String(),
        attributes: Type.Object({ action: Type.Optional(Type.String()) }),
      }),
    ),
    rules: Type.Array(Type.Unknown()),
  }),
});

const Problem = Type.Object({
  errorType: Type.String(),
  message: Type.Optional(Type.String()),
  statusCode: Type.Optional(Type.Integer()),
  resourcePath: Type.Optional(Type.String()),
});

const Objects = Type.Object({
  items: Type.Array(
    Type.Object({
      cluster: Type.Object({
        name: Type.String(),
        title: Type.Optional(Type.String()),
        dashboardUrl: Type.Optional(Type.String()),
        dashboardApp: Type.Optional(Type.String()),
        dashboardParameters: Type.Optional(Type.Record(Type.String(), Type.String())),
      }),
      resources: Type.Array(
        Type.Object({
          type: Type.String(),
          resources: Type.Array(AnyObject, { description: 'As the cluster has them.' }),
        }),
      ),
      podMetrics: Type.Array(AnyObject),
      errors: Type.Array(Problem),
    }),
  ),
});

const description =
  'Only of clusters in which something of it is held, and of those that could not be read. As the person who asks where ' +
  'people act on the cluster as themselves; else with the account that reads it, within `fleet.object.read`.';

/** `POST /api/kubernetes/services/:id` */
export const getServiceObjects = defineRoute({
  method: 'POST',
  path: '/api/kubernetes/services/:id',
  reads: true,
  summary: 'Read the Kubernetes objects of an entity that the body names',
  description,
  tag,
  permission: reading,
  params: Type.Object({ id: Type.String() }),
  body: optionalBody({ entity: Type.Optional(AnyObject) }),
  response: Objects,
});

/** `POST /api/kubernetes/resources/workloads/query` */
export const queryWorkloads = defineRoute({
  method: 'POST',
  path: '/api/kubernetes/resources/workloads/query',
  reads: true,
  summary: 'Read the Kubernetes objects of an entity',
  description,
  tag,
  permission: reading,
  body: optionalBody({ entityRef: Type.Optional(Type.Unknown()) }),
  response: Objects,
});

/** `POST /api/kubernetes/resources/custom/query` */
export const queryCustomResources = defineRoute({
  method: 'POST',
  path: '/api/kubernetes/resources/custom/query',
  reads: true,
  summary: 'Read custom resources of an entity',
  description,
  tag,
  permission: reading,
  body: optionalBody({
    entityRef: Type.Optional(Type.Unknown()),
    customResources: Type.Optional(Type.Unknown({ description: 'List of `{group, apiVersion, plural}`, at most 50.' })),
  }),
  response: Objects,
});

/** Where the proxy begins. */
export const PROXY_PATH = '/api/kubernetes/proxy';
const proxyMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** `/api/kubernetes/proxy/*`, one contract for each method. */
export const kubernetesProxies = proxyMethods.map((method) =>
  defineRoute({
    method,
    path: `${PROXY_PATH}/*`,
    summary: `Ask a cluster as yourself: ${method}`,
    description:
      'The header `Backstage-Kubernetes-Cluster` names the cluster; it may be left out where there is one only. What the ' +
      'cluster answers is passed on. Shells, port forwards and proxies behind the API are refused.',
    tag,
    permission: 'kubernetes.proxy.use',
    checksEntity: true,
    params: Type.Object({ '*': Type.String({ description: 'Path from the root of the API server.' }) }),
    hasRawBody: true,
    contentType: 'application/json',
  }),
);
