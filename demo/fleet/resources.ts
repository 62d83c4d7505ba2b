/** A resource of the API: what its paths are and what may be done with it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  /** Name in paths, e.g. `deployments`. */
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
  /** How a custom resource is shown; absent for what every cluster has. */
  readonly columns?: readonly PrinterColumn[];
}

/** A column that a definition of a custom resource names. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  /** JSONPath */
  readonly path: string;
  /** Only `-o wide` shows it. */
  readonly isWide: boolean;
}

/** `v1`, `apps/v1` ...: the `apiVersion` of its objects. */
export function apiVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `pods`, `deployments.apps` ...: how messages name it. */
export function resourceTitle({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The verbs that every stored resource has. */
export const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;

type Row = readonly [
  apiVersion: string,
  plural: string,
  kind: string,
  scope: 'namespaced' | 'cluster',
  shortNames?: string,
  options?: { readonly all?: boolean; readonly sub?: readonly string[] },
];

const all = { all: true } as const;
const status = ['status'] as const;
const workload = { all: true, sub: ['status', 'scale'] } as const;

const rows: readonly Row[] = [
  ['v1', 'namespaces', 'Namespace', 'cluster', 'ns', { sub: status }],
  ['v1', 'nodes', 'Node', 'cluster', 'no', { sub: status }],
  ['v1', 'persistentvolumes', 'PersistentVolume', 'cluster', 'pv', { sub: status }],
  ['v1', 'pods', 'Pod', 'namespaced', 'po', { all: true, sub: ['status', 'log', 'eviction'] }],
  ['v1', 'services', 'Service', 'namespaced', 'svc', { all: true, sub: status }],
  ['v1', 'endpoints', 'Endpoints', 'namespaced', 'ep'],
  ['v1', 'configmaps', 'ConfigMap', 'namespaced', 'cm'],
  ['v1', 'secrets', 'Secret', 'namespaced'],
  ['v1', 'serviceaccounts', 'ServiceAccount', 'namespaced', 'sa'],
  ['v1', 'events', 'Event', 'namespaced', 'ev'],
  ['v1', 'limitranges', 'LimitRange', 'namespaced', 'limits'],
  ['v1', 'replicationcontrollers', 'ReplicationController', 'namespaced', 'rc', workload],
  ['v1', 'resourcequotas', 'ResourceQuota', 'namespaced', 'quota', { sub: status }],
  ['v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', 'namespaced', 'pvc', { sub: status }],
  ['apps/v1', 'deployments', 'Deployment', 'namespaced', 'deploy', workload],
  ['apps/v1', 'replicasets', 'ReplicaSet', 'namespaced', 'rs', workload],
  ['apps/v1', 'statefulsets', 'StatefulSet', 'namespaced', 'sts', workload],
  ['apps/v1', 'daemonsets', 'DaemonSet', 'namespaced', 'ds', { all: true, sub: status }],
  ['apps/v1', 'controllerrevisions', 'ControllerRevision', 'namespaced'],
  ['batch/v1', 'jobs', 'Job', 'namespaced', '', { all: true, sub: status }],
  ['batch/v1', 'cronjobs', 'CronJob', 'namespaced', 'cj', { all: true, sub: status }],
  [
    'autoscaling/v2',
    'horizontalpodautoscalers',
    'HorizontalPodAutoscaler',
    'namespaced',
    'hpa',
    { all: true, sub: status },
  ],
  ['policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', 'namespaced', 'pdb', { sub: status }],
  ['networking.k8s.io/v1', 'ingresses', 'Ingress', 'namespaced', 'ing', { sub: status }],
  ['networking.k8s.io/v1', 'ingressclasses', 'IngressClass', 'cluster'],
  ['networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', 'namespaced', 'netpol'],
  ['gateway.networking.k8s.io/v1', 'httproutes', 'HTTPRoute', 'namespaced', '', { sub: status }],
  ['gateway.networking.k8s.io/v1', 'gateways', 'Gateway', 'namespaced', 'gtw', { sub: status }],
  ['storage.k8s.io/v1', 'storageclasses', 'StorageClass', 'cluster', 'sc'],
  ['rbac.authorization.k8s.io/v1', 'roles', 'Role', 'namespaced'],
  ['rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding', 'namespaced'],
  ['rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', 'cluster'],
  ['rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding', 'cluster'],
  [
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    'cluster',
    'crd,crds',
    { sub: status },
  ],
  ['coordination.k8s.io/v1', 'leases', 'Lease', 'namespaced'],
];

/** The resources that every cluster has. */
export const builtinResources: readonly Resource[] = rows.map(
  ([apiVersion, plural, kind, scope, shortNames = '', options = {}]) => {
    const [first = '', second] = apiVersion.split('/');
    const isAll = 'all' in options && options.all === all.all;
    return {
      group: second === undefined ? '' : first,
      version: second ?? first,
      plural,
      singular: kind.toLowerCase(),
      kind,
      isNamespaced: scope === 'namespaced',
      shortNames: shortNames === '' ? [] : shortNames.split(','),
      categories: isAll ? ['all'] : [],
      subresources: options.sub ?? [],
    };
  },
);
