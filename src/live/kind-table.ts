import { commonColumns, type Column } from './column.ts';
import type { CustomResource, LiveKind } from './live-kind.ts';

const count = (name: string, description: string): Column => ({ name, type: 'count', description });
const word = (name: string, description: string): Column => ({ name, type: 'word', description });
const text = (name: string, description: string): Column => ({ name, type: 'text', description });
const time = (name: string, description: string): Column => ({ name, type: 'time', description });
const amount = (name: string, description: string): Column => ({ name, type: 'amount', description });

const lines = (column: Column): Column => ({ ...column, form: 'lines' });
const json = (column: Column): Column => ({ ...column, form: 'json' });
const truth = (name: string, description: string): Column => ({ ...count(name, description), form: 'truth' });

/** Conditions as JSON: `[{type, status, reason?, message?, since?}]`, `since` in seconds since 1970. */
const conditions = json(text('conditions', 'Conditions.'));
const observed = count('observedGeneration', 'Generation that its controller has seen.');
const images = lines(word('images', 'Images of its containers.'));
const desired = count('desired', 'Replicas that are wanted.');
const template = json(word('template', 'Its pod template, without what only differs by time.'));
const replicas: readonly Column[] = [
  desired,
  count('current', 'Replicas that exist.'),
  count('updated', 'Replicas of the newest revision.'),
  count('ready', 'Replicas that are ready.'),
  count('available', 'Replicas that are available.'),
];

interface KindParts extends Partial<Omit<LiveKind, 'id'>> {
  readonly kind: string;
  readonly group: string;
  readonly versions: readonly string[];
  readonly plural: string;
  readonly columns: readonly Column[];
}

/** What is said of an object as a whole, after its other columns. */
const healthColumns: readonly Column[] = [
  word('health', 'Healthy, Progressing, Degraded, Suspended, Missing or Unknown; absent where it does not say.'),
  word('healthReason', 'Why, in a word.'),
];

function liveKind({ hasHealth = true, columns, ...parts }: KindParts): LiveKind {
  const all = hasHealth ? [...columns, ...healthColumns] : columns;
  return { id: parts.kind, isNamespaced: true, reading: 'objects', ...parts, hasHealth, columns: all };
}

/** The kinds that are read of every cluster that has them, workloads first: their order is the order of reading. */
export const liveKinds: readonly LiveKind[] = [
  liveKind({
    kind: 'Namespace',
    group: '',
    versions: ['v1'],
    plural: 'namespaces',
    isNamespaced: false,
    columns: [word('phase', 'Active or Terminating.')],
  }),
  liveKind({
    kind: 'Deployment',
    group: 'apps',
    versions: ['v1'],
    plural: 'deployments',
    columns: [
      ...replicas,
      observed,
      truth('paused', 'Whether its rollout is paused.'),
      word('revision', 'Revision of its rollout.'),
      count('deadline', 'Seconds in which its rollout must make progress.'),
      word('strategy', 'RollingUpdate or Recreate.'),
      images,
      word('selector', 'Which pods are its own, as a label selector.'),
      template,
      conditions,
    ],
  }),
  liveKind({
    kind: 'StatefulSet',
    group: 'apps',
    versions: ['v1'],
    plural: 'statefulsets',
    columns: [
      ...replicas,
      observed,
      word('currentRevision', 'Revision that its pods had.'),
      word('updateRevision', 'Revision that its pods get.'),
      word('strategy', 'RollingUpdate or OnDelete.'),
      count('partition', 'Pods below this ordinal keep their revision.'),
      images,
      word('selector', 'Which pods are its own, as a label selector.'),
      template,
      conditions,
    ],
  }),
  liveKind({
    kind: 'DaemonSet',
    group: 'apps',
    versions: ['v1'],
    plural: 'daemonsets',
    columns: [
      ...replicas,
      count('misscheduled', 'Nodes that run one and should not.'),
      observed,
      word('strategy', 'RollingUpdate or OnDelete.'),
      images,
      word('selector', 'Which pods are its own, as a label selector.'),
      template,
      conditions,
    ],
  }),
  liveKind({
    kind: 'ReplicaSet',
    group: 'apps',
    versions: ['v1'],
    plural: 'replicasets',
    columns: [
      desired,
      count('current', 'Replicas that exist.'),
      count('ready', 'Replicas that are ready.'),
      count('available', 'Replicas that are available.'),
      observed,
      word('revision', 'Revision of its Deployment’s rollout.'),
      word('changeCause', 'Why the revision was made, where somebody wrote it down.'),
      images,
      json(text('conditions', 'Conditions that say what fails; absent while nothing does.')),
    ],
  }),
  liveKind({
    kind: 'Pod',
    group: '',
    versions: ['v1'],
    plural: 'pods',
    // Finished pods are told of as deleted: what is over is the business of Jobs.
    fieldSelector: 'status.phase!=Succeeded',
    columns: [
      word('phase', 'Pending, Running, Failed or Unknown.'),
      word('reason', 'What kubectl shows as its status, e.g. CrashLoopBackOff.'),
      text('message', 'What is said of it, at most 500 characters.'),
      word('node', 'Node that it runs on.'),
      count('ready', 'Containers that are ready.'),
      count('containers', 'Containers that it has.'),
      count('restarts', 'Restarts of all its containers.'),
      time('restarted', 'When a container last ended.'),
      word('lastExit', 'How a container last ended: `<container> <reason> <exit code>`.'),
      time('started', 'When it was started on its node.'),
      images,
      lines(word('failing', 'Containers that are not well: `<container> <reason>`.')),
      lines(word('unmet', 'Conditions that are not met: `<type> <reason>`.')),
      time('unready', 'Since when it is not ready.'),
    ],
  }),
  liveKind({
    kind: 'Job',
    group: 'batch',
    versions: ['v1'],
    plural: 'jobs',
    columns: [
      count('completions', 'How often it is to succeed.'),
      count('active', 'Pods that run.'),
      count('succeeded', 'Pods that succeeded.'),
      count('failed', 'Pods that failed.'),
      truth('suspended', 'Whether it is suspended.'),
      time('started', 'When it was started.'),
      time('completed', 'When it was completed.'),
      images,
      conditions,
    ],
  }),
  liveKind({
    kind: 'CronJob',
    group: 'batch',
    versions: ['v1'],
    plural: 'cronjobs',
    columns: [
      word('schedule', 'When it runs, with its time zone where it has one.'),
      truth('suspended', 'Whether it is suspended.'),
      count('active', 'Jobs that run.'),
      time('lastScheduled', 'When it was last due.'),
      time('lastSucceeded', 'When a job of it last succeeded.'),
      images,
      template,
    ],
  }),
  liveKind({
    kind: 'HorizontalPodAutoscaler',
    group: 'autoscaling',
    versions: ['v2', 'v2beta2', 'v1'],
    plural: 'horizontalpodautoscalers',
    columns: [
      word('targetKind', 'Kind that it scales.'),
      word('targetName', 'Name that it scales.'),
      count('minimum', 'Fewest replicas.'),
      count('maximum', 'Most replicas.'),
      count('current', 'Replicas that exist.'),
      desired,
      time('scaled', 'When it last scaled.'),
      conditions,
    ],
  }),
  liveKind({
    kind: 'PodDisruptionBudget',
    group: 'policy',
    versions: ['v1', 'v1beta1'],
    plural: 'poddisruptionbudgets',
    columns: [
      word('selector', 'Which pods it protects, as a label selector.'),
      count('allowed', 'Disruptions that are allowed now.'),
      count('healthy', 'Healthy pods.'),
      count('needed', 'Healthy pods that are needed.'),
      count('expected', 'Pods that there should be.'),
      observed,
      conditions,
    ],
  }),
  liveKind({
    kind: 'Service',
    group: '',
    versions: ['v1'],
    plural: 'services',
    columns: [
      word('type', 'ClusterIP, NodePort, LoadBalancer or ExternalName.'),
      word('selector', 'Which pods it leads to, as a label selector.'),
      lines(word('ports', 'Ports: `<name> <port>/<protocol> <appProtocol>`.')),
      lines(text('addresses', 'Addresses of its load balancer.')),
    ],
  }),
  liveKind({
    kind: 'Ingress',
    group: 'networking.k8s.io',
    versions: ['v1', 'v1beta1'],
    plural: 'ingresses',
    columns: [
      word('class', 'Ingress class.'),
      lines(text('hosts', 'Hosts.')),
      lines(word('services', 'Services that it leads to.')),
      lines(text('addresses', 'Addresses of its load balancer.')),
    ],
  }),
  liveKind({
    kind: 'HTTPRoute',
    group: 'gateway.networking.k8s.io',
    versions: ['v1', 'v1beta1'],
    plural: 'httproutes',
    columns: [
      lines(text('hosts', 'Host names.')),
      lines(word('services', 'Services that it leads to.')),
      lines(word('parents', 'Gateways that it belongs to.')),
      conditions,
    ],
  }),
  liveKind({
    kind: 'PersistentVolumeClaim',
    group: '',
    versions: ['v1'],
    plural: 'persistentvolumeclaims',
    columns: [
      word('phase', 'Pending, Bound or Lost.'),
      word('class', 'Storage class.'),
      amount('capacity', 'Capacity, bytes.'),
      word('volume', 'Volume that it is bound to.'),
      conditions,
    ],
  }),
  liveKind({
    kind: 'ResourceQuota',
    group: '',
    versions: ['v1'],
    plural: 'resourcequotas',
    hasHealth: false,
    columns: [
      lines(text('hard', 'Limits: `<resource>=<quantity>`.')),
      lines(text('used', 'Use: `<resource>=<quantity>`.')),
    ],
  }),
  liveKind({
    kind: 'Node',
    group: '',
    versions: ['v1'],
    plural: 'nodes',
    isNamespaced: false,
    reading: 'polled',
    pollSeconds: 60,
    columns: [
      truth('ready', 'Whether it is ready; absent where nobody knows.'),
      truth('unschedulable', 'Whether nothing new is placed on it.'),
      word('version', 'Version of its kubelet.'),
      lines(word('pressure', 'Conditions that trouble it.')),
      amount('cpu', 'Processors that can be given away, thousandths.'),
      amount('memory', 'Memory that can be given away, bytes.'),
      count('pods', 'Pods that it takes.'),
      lines(word('taints', 'Taints.')),
      word('zone', 'Zone.'),
      word('instance', 'Instance type.'),
      conditions,
    ],
  }),
  liveKind({
    kind: 'Event',
    group: '',
    versions: ['v1'],
    plural: 'events',
    hasHealth: false,
    fieldSelector: 'type=Warning',
    columns: [
      word('type', 'Warning.'),
      word('reason', 'What happened, in a word.'),
      text('message', 'What happened, at most 1,000 characters.'),
      word('objectKind', 'Kind that it is about.'),
      word('objectName', 'Name that it is about.'),
      count('count', 'How often it happened.'),
      time('first', 'When it first happened.'),
      time('last', 'When it last happened.'),
      word('source', 'Who says it.'),
    ],
  }),
  liveKind({
    kind: 'ConfigMap',
    group: '',
    versions: ['v1'],
    plural: 'configmaps',
    hasHealth: false,
    reading: 'metadata',
    columns: [amount('version', 'Its resourceVersion: another one with every change.')],
  }),
];

const customColumns: readonly Column[] = [
  word('phase', '`status.phase`, or else `status.health.status`.'),
  ...replicas,
  observed,
  truth('suspended', 'Whether `spec.suspend` or `spec.paused` is true.'),
  conditions,
];

/** The kind that a custom resource is read as. */
export function customKind({ group, plural, kind, version, isNamespaced }: CustomResource): LiveKind {
  return {
    ...liveKind({ kind, group, versions: version === undefined ? [] : [version], plural, columns: customColumns }),
    id: `${kind}.${group}`,
    isNamespaced,
  };
}

/** All columns of the records of a kind, the common ones first. */
export function columnsOf(kind: LiveKind): readonly Column[] {
  return [...commonColumns, ...kind.columns];
}
