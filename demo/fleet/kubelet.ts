import type { Cluster } from './cluster.ts';
import { isLeaving, recordEvent, writeStatus } from './controller-tools.ts';
import { type JsonMap, type KubeObject, listAt, mapAt, numberAt, textAt } from './kube-object.ts';
import { wholeSeconds } from './object-store.ts';

/** Annotation of a pod that says how it behaves; absent: well. */
export const BEHAVIOUR = 'demo.callboard.dev/behaviour';

/** How long things take on a node, ms. */
const START_MS = 600;
const READY_MS = 900;
const END_MS = 800;
const RESTART_MS = 4_000;
/** How long a pod of a Job runs, ms. */
const WORK_MS = 1_500;

/** What the nodes of a cluster do with its pods: they start, get ready, fail and end. */
export function runPods(cluster: Cluster): void {
  const resource = cluster.resource('', 'pods');
  for (const stored of cluster.store.collection(resource).list()) {
    const pod = stored.object;
    if (isLeaving(pod)) {
      const asked =
        new Date(pod.metadata.deletionTimestamp ?? '').getTime() -
        numberAt(pod, 'metadata', 'deletionGracePeriodSeconds') * 1000;
      if (cluster.now().getTime() - asked >= END_MS) cluster.store.remove(resource, stored);
    } else if (textAt(pod, 'spec', 'nodeName') === '') schedule(cluster, pod);
    else step(cluster, pod);
  }
}

function schedule(cluster: Cluster, pod: KubeObject): void {
  const resource = cluster.resource('', 'pods');
  if (pod.metadata.annotations?.[BEHAVIOUR] === 'unschedulable') {
    if (listAt(pod, 'status', 'conditions').length > 0) return;
    const message = '0/3 nodes are available: 3 Insufficient memory.';
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: wholeSeconds(cluster.now()),
    };
    writeStatus(cluster, '', 'pods', pod, { phase: 'Pending', conditions: [condition] });
    recordEvent(cluster, pod, 'Warning', 'FailedScheduling', message, 'default-scheduler');
    return;
  }
  const nodes = cluster.store.collection(cluster.resource('', 'nodes')).list();
  const node = nodes[Math.floor(Math.random() * nodes.length)]?.object.metadata.name ?? 'node-1';
  cluster.store.update(resource, {
    ...pod,
    spec: { ...mapAt(pod, 'spec'), nodeName: node },
    status: { ...mapAt(pod, 'status'), startTime: wholeSeconds(cluster.now()) },
  });
  recordEvent(
    cluster,
    pod,
    'Normal',
    'Scheduled',
    `Successfully assigned ${pod.metadata.namespace ?? ''}/${pod.metadata.name} to ${node}`,
    'default-scheduler',
  );
}

function step(cluster: Cluster, pod: KubeObject): void {
  const age =
    cluster.now().getTime() - new Date(textAt(pod, 'status', 'startTime') || pod.metadata.creationTimestamp).getTime();
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed' || age < START_MS) return;
  const isWork = ['Never', 'OnFailure'].includes(textAt(pod, 'spec', 'restartPolicy'));
  switch (pod.metadata.annotations?.[BEHAVIOUR]) {
    case 'pull':
      return waitForImage(cluster, pod);
    case 'crash':
      return fail(cluster, pod, age, 'Error', 1);
    case 'oom':
      return fail(cluster, pod, age, 'OOMKilled', 137);
    case 'unready':
      return tell(cluster, pod, 'Running', (each) => running(cluster, pod, each, false));
    default:
  }
  if (isWork && age > WORK_MS)
    return tell(cluster, pod, 'Succeeded', (each) => ended(cluster, each, 'Completed', 0, 0));
  tell(cluster, pod, 'Running', (each) => running(cluster, pod, each, age >= READY_MS));
}

function waitForImage(cluster: Cluster, pod: KubeObject): void {
  const image = textAt(listAt(pod, 'spec', 'containers')[0], 'image');
  const message = `Back-off pulling image "${image}"`;
  tell(cluster, pod, 'Pending', (each) => ({
    ...base(each, 0),
    ready: false,
    started: false,
    state: { waiting: { reason: 'ImagePullBackOff', message } },
  }));
  if (textAt(pod, 'status', 'phase') === 'Pending' && listAt(pod, 'status', 'containerStatuses').length === 0) {
    recordEvent(cluster, pod, 'Warning', 'Failed', `Failed to pull image "${image}": not found`, 'kubelet');
  }
}

function fail(cluster: Cluster, pod: KubeObject, age: number, reason: string, exitCode: number): void {
  const restarts = Math.floor(age / RESTART_MS);
  const known = numberAt(listAt(pod, 'status', 'containerStatuses')[0], 'restartCount');
  if (restarts > known)
    recordEvent(cluster, pod, 'Warning', 'BackOff', 'Back-off restarting failed container', 'kubelet');
  const started = new Date(textAt(pod, 'status', 'startTime')).getTime() + Math.max(0, restarts - 1) * RESTART_MS;
  const terminated = {
    exitCode,
    reason,
    startedAt: wholeSeconds(new Date(started)),
    finishedAt: wholeSeconds(new Date(started + 1_000)),
  };
  tell(cluster, pod, 'Running', (each) =>
    restarts === 0
      ? running(cluster, pod, each, false)
      : {
          ...base(each, restarts),
          ready: false,
          started: false,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' } },
          lastState: { terminated },
        },
  );
}

function base(container: KubeObject[string], restartCount: number): JsonMap {
  const image = textAt(container, 'image');
  return { name: textAt(container, 'name'), image, imageID: '', restartCount, state: {}, lastState: {} };
}

function running(cluster: Cluster, pod: KubeObject, container: KubeObject[string], ready: boolean): JsonMap {
  const known = listAt(pod, 'status', 'containerStatuses').find(
    (each) => textAt(each, 'name') === textAt(container, 'name'),
  );
  const startedAt = textAt(known, 'state', 'running', 'startedAt') || wholeSeconds(cluster.now());
  return {
    ...base(container, 0),
    ready,
    started: true,
    containerID: 'containerd://demo',
    state: { running: { startedAt } },
  };
}

function ended(
  cluster: Cluster,
  container: KubeObject[string],
  reason: string,
  exitCode: number,
  restarts: number,
): JsonMap {
  const time = wholeSeconds(cluster.now());
  return {
    ...base(container, restarts),
    ready: false,
    started: false,
    state: { terminated: { exitCode, reason, startedAt: time, finishedAt: time } },
  };
}

/** Writes the status of a pod from those of its containers. */
function tell(
  cluster: Cluster,
  pod: KubeObject,
  phase: string,
  statusOf: (container: KubeObject[string]) => JsonMap,
): void {
  const statuses = listAt(pod, 'spec', 'containers').map(statusOf);
  const before = mapAt(pod, 'status');
  const isReady = statuses.every((each) => each['ready'] === true);
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => {
    const status = type === 'Ready' || type === 'ContainersReady' ? (isReady ? 'True' : 'False') : 'True';
    const known = listAt(before, 'conditions').find((each) => textAt(each, 'type') === type);
    const isSame = known !== undefined && textAt(known, 'status') === status;
    const isDone = phase === 'Succeeded';
    return {
      type,
      status,
      ...(status === 'False' && { reason: isDone ? 'PodCompleted' : 'ContainersNotReady' }),
      lastProbeTime: null,
      lastTransitionTime: isSame ? textAt(known, 'lastTransitionTime') : wholeSeconds(cluster.now()),
    };
  });
  const podIP = textAt(before, 'podIP') || addressOf(pod.metadata.uid);
  writeStatus(cluster, '', 'pods', pod, {
    ...before,
    phase,
    conditions,
    hostIP: '10.0.0.1',
    podIP,
    podIPs: [{ ip: podIP }],
    containerStatuses: statuses,
  });
}

/** An address of the pod's own, from its uid. */
function addressOf(uid: string): string {
  const number = Number.parseInt(uid.slice(0, 4), 16);
  return `10.244.${number >> 8}.${number & 255}`;
}
