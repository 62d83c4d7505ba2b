import { atJsonPath } from './custom-resources.ts';
import { ageText, podRow, type Cell } from './table-cells.ts';
import { type KubeObject, listAt, mapAt, numberAt, textAt, valueAt, plainText } from './kube-object.ts';
import type { PrinterColumn, Resource } from './resources.ts';

/** A column of a Table. `priority` 1: only `-o wide` shows it. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

type Read = (object: KubeObject, now: Date) => Cell;
type Column = readonly [name: string, read: Read, options?: { readonly wide?: true; readonly type?: 'integer' }];

const nameColumn: Column = ['Name', ({ metadata }) => metadata.name];
const ageColumn: Column = ['Age', ({ metadata }, now) => ageText(metadata.creationTimestamp, now)];
const wide = { wide: true } as const;
const whole = { type: 'integer' } as const;
const none = '<none>';

const join = (values: readonly string[]): string => (values.length === 0 ? none : values.join(','));
const pairs = (map: object): string => join(Object.entries(map).map(([key, value]) => `${key}=${String(value)}`));
const containers = (object: KubeObject): readonly KubeObject[string][] =>
  listAt(object, 'spec', 'template', 'spec', 'containers');
const containerNames: Column = [
  'Containers',
  (object) => join(containers(object).map((each) => textAt(each, 'name'))),
  wide,
];
const images: Column = ['Images', (object) => join(containers(object).map((each) => textAt(each, 'image'))), wide];
const selector: Column = ['Selector', (object) => pairs(mapAt(object, 'spec', 'selector', 'matchLabels')), wide];
const state = (object: KubeObject, name: string): number => numberAt(object, 'status', name);

/** What is used of a quota: `pods: 3/40, requests.cpu: 150m/40`. */
function quotaText(object: KubeObject, isShown: (name: string) => boolean): string {
  const used = mapAt(object, 'status', 'used');
  const shown = Object.entries(mapAt(object, 'status', 'hard')).filter(([name]) => isShown(name));
  return shown.map(([name, hard]) => `${name}: ${plainText(used[name], '0')}/${plainText(hard)}`).join(', ');
}

const byKind: Readonly<Record<string, readonly Column[]>> = {
  Pod: podColumns(),
  Deployment: [
    nameColumn,
    ['Ready', (object) => `${state(object, 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`],
    ['Up-to-date', (object) => state(object, 'updatedReplicas'), whole],
    ['Available', (object) => state(object, 'availableReplicas'), whole],
    ageColumn,
    containerNames,
    images,
    selector,
  ],
  ReplicaSet: [
    nameColumn,
    ['Desired', (object) => numberAt(object, 'spec', 'replicas'), whole],
    ['Current', (object) => state(object, 'replicas'), whole],
    ['Ready', (object) => state(object, 'readyReplicas'), whole],
    ageColumn,
    containerNames,
    images,
    selector,
  ],
  StatefulSet: [
    nameColumn,
    ['Ready', (object) => `${state(object, 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`],
    ageColumn,
    containerNames,
    images,
  ],
  DaemonSet: [
    nameColumn,
    ['Desired', (object) => state(object, 'desiredNumberScheduled'), whole],
    ['Current', (object) => state(object, 'currentNumberScheduled'), whole],
    ['Ready', (object) => state(object, 'numberReady'), whole],
    ['Up-to-date', (object) => state(object, 'updatedNumberScheduled'), whole],
    ['Available', (object) => state(object, 'numberAvailable'), whole],
    ['Node Selector', (object) => pairs(mapAt(object, 'spec', 'template', 'spec', 'nodeSelector'))],
    ageColumn,
    containerNames,
    images,
    selector,
  ],
  Job: [
    nameColumn,
    ['Status', jobStatus],
    ['Completions', (object) => `${state(object, 'succeeded')}/${numberAt(object, 'spec', 'completions') || 1}`],
    [
      'Duration',
      (object, now) =>
        ageText(textAt(object, 'status', 'startTime'), timeOf(textAt(object, 'status', 'completionTime')) ?? now),
    ],
    ageColumn,
    containerNames,
    images,
  ],
  CronJob: [
    nameColumn,
    ['Schedule', (object) => textAt(object, 'spec', 'schedule')],
    ['Timezone', (object) => textAt(object, 'spec', 'timeZone') || none],
    ['Suspend', (object) => (valueAt(object, 'spec', 'suspend') === true ? 'True' : 'False')],
    ['Active', (object) => listAt(object, 'status', 'active').length, whole],
    ['Last Schedule', (object, now) => ageText(textAt(object, 'status', 'lastScheduleTime'), now, none)],
    ageColumn,
  ],
  Service: [
    nameColumn,
    ['Type', (object) => textAt(object, 'spec', 'type') || 'ClusterIP'],
    ['Cluster-IP', (object) => textAt(object, 'spec', 'clusterIP') || none],
    ['External-IP', serviceAddress],
    ['Port(s)', (object) => join(listAt(object, 'spec', 'ports').map(portText))],
    ageColumn,
    ['Selector', (object) => pairs(mapAt(object, 'spec', 'selector')), wide],
  ],
  Node: [
    nameColumn,
    ['Status', nodeStatus],
    [
      'Roles',
      (object) =>
        join(
          Object.keys(object.metadata.labels ?? {})
            .filter((key) => key.startsWith('node-role.kubernetes.io/'))
            .map((key) => key.slice(24)),
        ),
    ],
    ageColumn,
    ['Version', (object) => textAt(object, 'status', 'nodeInfo', 'kubeletVersion')],
  ],
  Namespace: [nameColumn, ['Status', (object) => textAt(object, 'status', 'phase') || 'Active'], ageColumn],
  ConfigMap: [nameColumn, ['Data', (object) => Object.keys(mapAt(object, 'data')).length, whole], ageColumn],
  Secret: [
    nameColumn,
    ['Type', (object) => textAt(object, 'type')],
    ['Data', (object) => Object.keys(mapAt(object, 'data')).length, whole],
    ageColumn,
  ],
  HorizontalPodAutoscaler: [
    nameColumn,
    [
      'Reference',
      (object) =>
        `${textAt(object, 'spec', 'scaleTargetRef', 'kind')}/${textAt(object, 'spec', 'scaleTargetRef', 'name')}`,
    ],
    ['Targets', targetsText],
    ['MinPods', (object) => numberAt(object, 'spec', 'minReplicas') || 1],
    ['MaxPods', (object) => numberAt(object, 'spec', 'maxReplicas'), whole],
    ['Replicas', (object) => state(object, 'currentReplicas'), whole],
    ageColumn,
  ],
  PodDisruptionBudget: [
    nameColumn,
    ['Min Available', (object) => plainText(valueAt(object, 'spec', 'minAvailable'), 'N/A')],
    ['Max Unavailable', (object) => plainText(valueAt(object, 'spec', 'maxUnavailable'), 'N/A')],
    ['Allowed Disruptions', (object) => state(object, 'disruptionsAllowed'), whole],
    ageColumn,
  ],
  ResourceQuota: [
    nameColumn,
    ['Request', (object) => quotaText(object, (name) => !name.startsWith('limits.'))],
    ['Limit', (object) => quotaText(object, (name) => name.startsWith('limits.'))],
    ageColumn,
  ],
  Ingress: [
    nameColumn,
    ['Class', (object) => textAt(object, 'spec', 'ingressClassName') || none],
    [
      'Hosts',
      (object) =>
        listAt(object, 'spec', 'rules')
          .map((rule) => textAt(rule, 'host') || '*')
          .join(',') || '*',
    ],
    [
      'Address',
      (object) =>
        listAt(object, 'status', 'loadBalancer', 'ingress')
          .map((each) => textAt(each, 'ip') || textAt(each, 'hostname'))
          .join(','),
    ],
    ['Ports', (object) => (listAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80')],
    ageColumn,
  ],
  PersistentVolumeClaim: [
    nameColumn,
    ['Status', (object) => textAt(object, 'status', 'phase')],
    ['Volume', (object) => textAt(object, 'spec', 'volumeName')],
    ['Capacity', (object) => textAt(object, 'status', 'capacity', 'storage')],
    [
      'Access Modes',
      (object) =>
        listAt(object, 'status', 'accessModes')
          .map((mode) => plainText(mode).replace(/[a-z]/g, ''))
          .join(','),
    ],
    ['StorageClass', (object) => textAt(object, 'spec', 'storageClassName')],
    ageColumn,
  ],
  Event: [
    [
      'Last Seen',
      (object, now) =>
        ageText(
          textAt(object, 'lastTimestamp') || textAt(object, 'eventTime') || object.metadata.creationTimestamp,
          now,
        ),
    ],
    ['Type', (object) => textAt(object, 'type')],
    ['Reason', (object) => textAt(object, 'reason')],
    [
      'Object',
      (object) =>
        `${textAt(object, 'involvedObject', 'kind').toLowerCase()}/${textAt(object, 'involvedObject', 'name')}`,
    ],
    ['Message', (object) => textAt(object, 'message').trim()],
    ['Count', (object) => numberAt(object, 'count') || 1, { wide: true, type: 'integer' }],
    ['Name', ({ metadata }) => metadata.name, wide],
  ],
};
const plain: readonly Column[] = [nameColumn, ['Created At', ({ metadata }) => metadata.creationTimestamp]];

function columnsOf({ kind, columns }: Resource): readonly Column[] {
  if (columns === undefined) return byKind[kind] ?? plain;
  return [nameColumn, ...(columns.length === 0 ? [ageColumn] : columns.map(customColumn))];
}

function customColumn({ name, type, path, isWide }: PrinterColumn): Column {
  const read: Read = (object, now) => {
    const found = atJsonPath(object, path);
    if (type === 'date') return ageText(plainText(found), now);
    return typeof found === 'number' ? found : plainText(found);
  };
  return [name, read, { ...(isWide && wide), ...(type === 'integer' && whole) }];
}

/** The columns that a resource is shown with. */
export function tableColumns(resource: Resource): readonly TableColumn[] {
  return columnsOf(resource).map(([name, , options]) => ({
    name,
    type: options?.type ?? 'string',
    format: name === 'Name' ? 'name' : '',
    description: `${name} of the ${resource.singular}`,
    priority: options?.wide ? 1 : 0,
  }));
}

/** The cells of one object, one a column. */
export function tableRow(resource: Resource, object: KubeObject, now: Date): readonly Cell[] {
  return columnsOf(resource).map(([, read]) => read(object, now));
}

function podColumns(): readonly Column[] {
  return [
    nameColumn,
    ['Ready', (object, now) => podRow(object, now).ready],
    ['Status', (object, now) => podRow(object, now).status],
    ['Restarts', (object, now) => podRow(object, now).restarts],
    ageColumn,
    ['IP', (object) => textAt(object, 'status', 'podIP') || none, wide],
    ['Node', (object) => textAt(object, 'spec', 'nodeName') || none, wide],
    ['Nominated Node', (object) => textAt(object, 'status', 'nominatedNodeName') || none, wide],
    ['Readiness Gates', () => none, wide],
  ];
}

function jobStatus(object: KubeObject): string {
  const has = (type: string): boolean =>
    listAt(object, 'status', 'conditions').some(
      (each) => textAt(each, 'type') === type && textAt(each, 'status') === 'True',
    );
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  return has('Suspended') ? 'Suspended' : 'Running';
}

function nodeStatus(object: KubeObject): string {
  const ready = listAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready');
  const words = [ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady'];
  if (valueAt(object, 'spec', 'unschedulable') === true) words.push('SchedulingDisabled');
  return words.join(',');
}

function serviceAddress(object: KubeObject): string {
  const found = listAt(object, 'status', 'loadBalancer', 'ingress').map(
    (each) => textAt(each, 'ip') || textAt(each, 'hostname'),
  );
  if (found.length > 0) return found.join(',');
  return textAt(object, 'spec', 'type') === 'LoadBalancer'
    ? '<pending>'
    : textAt(object, 'spec', 'externalName') || none;
}

function portText(port: KubeObject[string]): string {
  const node = numberAt(port, 'nodePort');
  return `${numberAt(port, 'port')}${node > 0 ? `:${node}` : ''}/${textAt(port, 'protocol') || 'TCP'}`;
}

function targetsText(object: KubeObject): string {
  const current = listAt(object, 'status', 'currentMetrics');
  return join(
    listAt(object, 'spec', 'metrics').map((metric, at) => {
      const now = valueAt(current[at], 'resource', 'current', 'averageUtilization');
      const target = numberAt(metric, 'resource', 'target', 'averageUtilization');
      return `${textAt(metric, 'resource', 'name')}: ${typeof now === 'number' ? `${now}%` : '<unknown>'}/${target}%`;
    }),
  );
}

function timeOf(text: string): Date | undefined {
  return text === '' ? undefined : new Date(text);
}
