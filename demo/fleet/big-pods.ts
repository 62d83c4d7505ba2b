import { fieldsOf, fill, type Holes, type Template, templateOf } from './big-template.ts';
import type { Json, JsonMap } from './kube-object.ts';
import { MessageTemplate } from './message-template.ts';
import { BackwardWriter } from './message-writer.ts';

/** How a pod is doing; its template is that of the state. */
export type PodState = 'running' | 'crash' | 'pull' | 'unschedulable' | 'unready' | 'succeeded';

const controlPlane = 'kube-controller-manager';

/** `managedFields` of an object: one manager for what was asked for, one for its status. */
export function managed(manager: string, spec: JsonMap, status: JsonMap, statusManager: string): Json {
  return [
    entry(manager, '{created}', spec),
    { ...entry(statusManager, '{touched}', status), ...(Object.keys(status).length > 0 && { subresource: 'status' }) },
  ];
}

function entry(manager: string, time: string, fields: JsonMap): JsonMap {
  return {
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf(fields),
  };
}

/** Labels of everything that belongs to a workload. */
export const ownLabels: JsonMap = {
  'app.kubernetes.io/component': 'server',
  'app.kubernetes.io/instance': '{app}',
  'app.kubernetes.io/managed-by': 'Helm',
  'app.kubernetes.io/name': '{app}',
  'app.kubernetes.io/part-of': '{namespace}',
  'app.kubernetes.io/version': '{version}',
  'backstage.io/kubernetes-id': '{app}',
  'helm.sh/chart': 'service-4.11.0',
  team: '{team}',
};

const environmentOf = (names: readonly string[]): Json =>
  names.map((name) => ({
    name,
    value: `{app}.{namespace}.svc.cluster.local/${name.toLowerCase().replaceAll('_', '-')}`,
  }));

const probe = (path: string, more: JsonMap): JsonMap => ({
  httpGet: { path, port: 'http', scheme: 'HTTP' },
  timeoutSeconds: 2,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  ...more,
});

function container(name: string, image: string, environment: readonly string[]): JsonMap {
  return {
    name,
    image,
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: environmentOf(environment),
    resources: { limits: { memory: '768Mi' }, requests: { cpu: '250m', memory: '512Mi' } },
    volumeMounts: [
      { name: 'config', readOnly: true, mountPath: '/etc/{app}' },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
    livenessProbe: probe('/healthz/live', { initialDelaySeconds: 20 }),
    readinessProbe: probe('/healthz/ready', { initialDelaySeconds: 5 }),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
  };
}

const variables = 'LOG_LEVEL DATABASE_URL QUEUE_URL'.split(' ');

/** The `spec` of a pod template. */
export const templateSpec: JsonMap = {
  volumes: [
    { name: 'config', configMap: { name: '{app}-config', defaultMode: 420 } },
    { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
  ],
  containers: [
    container('{app}', '{image}', variables),
    container('proxy', 'registry.example/platform/proxy:1.31.4', variables.slice(0, 1)),
  ],
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 45,
  dnsPolicy: 'ClusterFirst',
  serviceAccountName: '{app}',
  serviceAccount: '{app}',
  securityContext: {
    runAsUser: 10_001,
    runAsGroup: 10_001,
    fsGroup: 10_001,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  schedulerName: 'default-scheduler',
  priorityClassName: 'service',
};

/** Annotations of a pod template. */
export const templateAnnotations: JsonMap = {
  'checksum/config': '{checksum}',
  'prometheus.io/path': '/metrics',
  'prometheus.io/port': '9090',
  'prometheus.io/scrape': 'true',
};

const spec: JsonMap = {
  ...templateSpec,
  nodeName: '{node}',
  enableServiceLinks: false,
  preemptionPolicy: 'PreemptLowerPriority',
  priority: 1000,
  tolerations: ['not-ready', 'unreachable'].map((name) => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  })),
};

const condition = (type: string, status: string, more: JsonMap = {}): JsonMap => ({
  type,
  observedGeneration: 1,
  status,
  lastProbeTime: null,
  lastTransitionTime: status === 'True' ? '{started}' : '{touched}',
  ...more,
});

const conditions = (isReady: boolean, reason: string): Json => {
  const more = isReady ? {} : { reason, message: `containers with ${reason} status: [{app}]` };
  const ready = isReady ? 'True' : 'False';
  return [
    condition('PodReadyToStartContainers', 'True'),
    condition('Initialized', 'True'),
    condition('Ready', ready, more),
    condition('ContainersReady', ready, more),
    condition('PodScheduled', 'True'),
  ];
};

const running = { running: { startedAt: '{started}' } };

function containerStatus(name: string, image: string): JsonMap {
  return {
    name,
    state: running,
    lastState: {},
    ready: true,
    restartCount: 0,
    image,
    imageID: `${image}@sha256:{digest}`,
    containerID: 'containerd://{digest}',
    started: true,
  };
}

function statusWith(phase: string, ready: boolean, reason: string, own: JsonMap, proxy: JsonMap = {}): JsonMap {
  return {
    observedGeneration: 1,
    phase,
    conditions: conditions(ready, reason),
    hostIP: '{hostIp}',
    hostIPs: [{ ip: '{hostIp}' }],
    podIP: '{podIp}',
    podIPs: [{ ip: '{podIp}' }],
    startTime: '{started}',
    containerStatuses: [
      { ...containerStatus('{app}', '{image}'), restartCount: '{#restarts}', ...own },
      { ...containerStatus('proxy', 'registry.example/platform/proxy:1.31.4'), ...proxy },
    ],
    qosClass: 'Burstable',
  };
}

const ended = (reason: string, exitCode: number): JsonMap => ({
  terminated: {
    exitCode,
    reason,
    startedAt: '{started}',
    finishedAt: '{touched}',
    containerID: 'containerd://{digest}',
  },
});
const waiting = (reason: string, message: string): JsonMap => ({
  state: { waiting: { reason, message } },
  ready: false,
  started: false,
});

const completed: JsonMap = { ready: false, state: ended('Completed', 0) };

const statuses: Readonly<Record<PodState, JsonMap>> = {
  running: statusWith('Running', true, '', { lastState: '{#lastState}' }),
  crash: statusWith('Running', false, 'ContainersNotReady', {
    lastState: ended('Error', 1),
    ...waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container={app} pod={name}_{namespace}({uid})'),
  }),
  pull: statusWith(
    'Pending',
    false,
    'ContainersNotReady',
    waiting('ImagePullBackOff', 'Back-off pulling image {image}'),
  ),
  unschedulable: {
    phase: 'Pending',
    conditions: [
      condition('PodScheduled', 'False', {
        reason: 'Unschedulable',
        message: '0/60 nodes are available: 60 Insufficient memory. preemption: no victims found on 60 nodes.',
      }),
    ],
    qosClass: 'Burstable',
  },
  unready: statusWith('Running', false, 'ContainersNotReady', { ready: false }),
  succeeded: statusWith('Succeeded', false, 'PodCompleted', completed, completed),
};

function podTemplate(state: PodState): Template {
  const status = statuses[state];
  const { nodeName: _, ...unplaced } = spec;
  const ownSpec = state === 'unschedulable' ? unplaced : spec;
  const labels = { ...ownLabels, 'pod-template-hash': '{hash}' };
  const owner = {
    apiVersion: '{ownerVersion}',
    kind: '{ownerKind}',
    name: '{owner}',
    uid: '{ownerUid}',
    controller: true,
    blockOwnerDeletion: true,
  };
  const metadata = { generateName: '{owner}-', annotations: templateAnnotations, labels, ownerReferences: [owner] };
  return templateOf({
    metadata: {
      name: '{name}',
      generateName: '{owner}-',
      namespace: '{namespace}',
      uid: '{uid}',
      resourceVersion: '{rv}',
      generation: 1,
      creationTimestamp: '{created}',
      labels,
      annotations: templateAnnotations,
      ownerReferences: [owner],
      managedFields: managed(controlPlane, { metadata, spec: ownSpec }, { status }, 'kubelet'),
    },
    spec: ownSpec,
    status,
  });
}

const templates: Readonly<Record<PodState, Template>> = {
  running: podTemplate('running'),
  crash: podTemplate('crash'),
  pull: podTemplate('pull'),
  unschedulable: podTemplate('unschedulable'),
  unready: podTemplate('unready'),
  succeeded: podTemplate('succeeded'),
};
const NO_STATE = new Uint8Array(0);
const lastEnd = ended('OOMKilled', 137);
const lastState = templateOf(lastEnd);
const lastStateWriter = new BackwardWriter(256);
const lastStateParts = MessageTemplate.of('ContainerState', lastEnd);

/** The template of a pod in a state, without its kind, as lists hold it. */
export function podTemplateOf(state: PodState): Template {
  return templates[state];
}

/** What stands where a container's last end is told. */
export function lastStateText(restarts: number, own: Holes, shared: Holes): string {
  return restarts > 0 ? fill(lastState, own, shared) : '{}';
}

/** The same as a message. */
export function lastStateMessage(restarts: number, own: Holes, shared: Holes): Uint8Array {
  if (restarts === 0) return NO_STATE;
  lastStateWriter.clear();
  lastStateParts.write(lastStateWriter, own, shared);
  return lastStateWriter.written;
}
