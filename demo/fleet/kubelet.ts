import type { Cluster } from './cluster.ts';
import { isLeaving, isReady, recordEvent, writeStatus } from './controller-tools.ts';
import { type JsonMap, type KubeObject, listAt, mapAt, numberAt, textAt, valueAt } from './kube-object.ts';
import { wholeSeconds } from './object-store.ts';
import type { StoredObject } from './stored-object.ts';

/** Annotation of a pod that says how it behaves; absent: well. */
export const BEHAVIOUR = 'demo.callboard.dev/behaviour';
/** Annotation of a pod that says since when it behaves so, ISO 8601; absent: since it was started. */
export const BEHAVES_SINCE = 'demo.callboard.dev/behaves-since';

/** How long things take on a node, ms. */
const START_MS = 600;
const READY_MS = 900;
const END_MS = 800;
/** How long a pod of a Job runs, ms. */
const WORK_MS = 1_500;
/** How long a container that fails waits before it is started again, ms: ever longer, at most the last. */
const BACK_OFF_MS = [4_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000] as const;
/** How often a probe that fails is told of, ms. */
const PROBE_MS = 60_000;

/**
 * What the nodes of a cluster do with a pod: it is placed, starts, gets ready, fails and ends.
 * @returns when it is to be looked at again though nothing changes, ms; undefined: only then
 */
export function runPod(cluster: Cluster, stored: StoredObject): number | undefined {
  const pod = stored.object;
  const now = cluster.now().getTime();
  const name = textAt(pod, 'spec', 'nodeName');
  const node = name === '' ? undefined : cluster.store.find(cluster.resource('', 'nodes'), undefined, name)?.object;
  // Nobody hears of what goes on at a node that is lost.
  if (node && !isReady(node)) return undefined;
  if (!isLeaving(pod)) return name === '' ? schedule(cluster, pod) : step(cluster, pod, now);
  const graceMs = numberAt(pod, 'metadata', 'deletionGracePeriodSeconds') * 1_000;
  const left = new Date(pod.metadata.deletionTimestamp ?? '').getTime() - graceMs + END_MS - now;
  if (left > 0) return left;
  cluster.store.remove(cluster.resource('', 'pods'), stored);
  return undefined;
}

function isCordoned(node: KubeObject): boolean {
  return valueAt(node, 'spec', 'unschedulable') === true;
}

function schedule(cluster: Cluster, pod: KubeObject): undefined {
  const resource = cluster.resource('', 'pods');
  const nodes = cluster.store
    .collection(cluster.resource('', 'nodes'))
    .list()
    .map(({ object }) => object)
    .filter((node) => isReady(node) && !isCordoned(node));
  const name = nodes[Math.floor(Math.random() * nodes.length)]?.metadata.name;
  if (name === undefined || pod.metadata.annotations?.[BEHAVIOUR] === 'unschedulable') {
    if (listAt(pod, 'status', 'conditions').length > 0) return;
    const message = `0/${nodes.length} nodes are available: ${nodes.length} Insufficient memory.`;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: wholeSeconds(cluster.now()),
    };
    writeStatus(cluster, '', 'pods', pod, { ...mapAt(pod, 'status'), phase: 'Pending', conditions: [condition] });
    recordEvent(cluster, pod, 'Warning', 'FailedScheduling', message, 'default-scheduler');
    return;
  }
  cluster.store.update(resource, {
    ...pod,
    spec: { ...mapAt(pod, 'spec'), nodeName: name },
    status: { ...mapAt(pod, 'status'), startTime: wholeSeconds(cluster.now()) },
  });
  const told = `Successfully assigned ${pod.metadata.namespace ?? ''}/${pod.metadata.name} to ${name}`;
  recordEvent(cluster, pod, 'Normal', 'Scheduled', told, 'default-scheduler');
}

/** @returns when it goes on, ms */
function step(cluster: Cluster, pod: KubeObject, now: number): number | undefined {
  const startedAt = new Date(textAt(pod, 'status', 'startTime') || pod.metadata.creationTimestamp).getTime();
  const age = now - startedAt;
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  if (age < START_MS) return START_MS - age;
  const { [BEHAVIOUR]: behaviour, [BEHAVES_SINCE]: since } = pod.metadata.annotations ?? {};
  const failingFor = now - (since === undefined ? startedAt : new Date(since).getTime());
  switch (behaviour) {
    case 'pull':
      return waitForImage(cluster, pod);
    case 'crash':
      return fail(cluster, pod, failingFor, { reason: 'Error', exitCode: 1 });
    case 'oom':
      return fail(cluster, pod, failingFor, { reason: 'OOMKilled', exitCode: 137 });
    case 'unready':
      return failProbe(cluster, pod, failingFor);
    default:
  }
  const isWork = ['Never', 'OnFailure'].includes(textAt(pod, 'spec', 'restartPolicy'));
  if (isWork && age >= WORK_MS) {
    tell(cluster, pod, 'Succeeded', (each) => ended(cluster, pod, each, { reason: 'Completed', exitCode: 0 }));
    return undefined;
  }
  tell(cluster, pod, 'Running', (each) => running(cluster, pod, each, age >= READY_MS));
  if (isWork) return WORK_MS - age;
  return age >= READY_MS ? undefined : READY_MS - age;
}

function waitForImage(cluster: Cluster, pod: KubeObject): undefined {
  const image = textAt(listAt(pod, 'spec', 'containers')[0], 'image');
  const message = `Back-off pulling image "${image}"`;
  const isNew = listAt(pod, 'status', 'containerStatuses').length === 0;
  tell(cluster, pod, 'Pending', (each) => ({
    ...base(pod, each),
    ready: false,
    started: false,
    state: { waiting: { reason: 'ImagePullBackOff', message } },
  }));
  if (!isNew) return;
  const told = `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`;
  recordEvent(cluster, pod, 'Warning', 'Failed', told, 'kubelet');
  recordEvent(cluster, pod, 'Warning', 'Failed', 'Error: ImagePullBackOff', 'kubelet');
}

/** How a container ends. */
interface End {
  readonly reason: string;
  readonly exitCode: number;
}

/** @param failingFor how long it has failed by now, ms @returns until it is started again, ms */
function fail(cluster: Cluster, pod: KubeObject, failingFor: number, end: End): number | undefined {
  if (textAt(pod, 'spec', 'restartPolicy') === 'Never') {
    tell(cluster, pod, 'Failed', (each) => ended(cluster, pod, each, end));
    return undefined;
  }
  const { restarts, endedAt, waitMs } = backOffAt(failingFor);
  const left = endedAt + waitMs - failingFor;
  if (restarts === 0) {
    tell(cluster, pod, 'Running', (each) => running(cluster, pod, each, false));
    return left;
  }
  const began = cluster.now().getTime() - failingFor;
  const finishedAt = wholeSeconds(new Date(began + endedAt));
  const startedAt = wholeSeconds(new Date(began + endedAt - 1_000));
  const known = listAt(pod, 'status', 'containerStatuses')[0];
  const last = textAt(known, 'lastState', 'terminated', 'finishedAt');
  if (last === finishedAt) return left;
  recordEvent(cluster, pod, 'Warning', 'BackOff', 'Back-off restarting failed container', 'kubelet');
  const wait = waitMs >= 60_000 ? `${Math.floor(waitMs / 60_000)}m${(waitMs % 60_000) / 1_000}s` : `${waitMs / 1_000}s`;
  tell(cluster, pod, 'Running', (each) => {
    const message = `back-off ${wait} restarting failed container=${textAt(each, 'name')}`;
    return {
      ...base(pod, each),
      restartCount: numberAt(known, 'restartCount') + (last === '' ? restarts : 1),
      ready: false,
      started: false,
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated: { ...end, startedAt, finishedAt, containerID: 'containerd://demo' } },
    };
  });
  return left;
}

/** How often a container that fails at once has been started again after a time, and when it ended last. */
function backOffAt(ms: number): { readonly restarts: number; readonly endedAt: number; readonly waitMs: number } {
  let endedAt = 0;
  for (const [at, wait] of BACK_OFF_MS.entries()) {
    if (endedAt + wait > ms) return { restarts: at, endedAt, waitMs: wait };
    endedAt += wait;
  }
  const longest = BACK_OFF_MS[BACK_OFF_MS.length - 1] ?? 300_000;
  const more = Math.floor((ms - endedAt) / longest);
  return { restarts: BACK_OFF_MS.length + more, endedAt: endedAt + more * longest, waitMs: longest };
}

/** @param failingFor how long its probe has failed by now, ms @returns until the next is told of, ms */
function failProbe(cluster: Cluster, pod: KubeObject, failingFor: number): number {
  tell(cluster, pod, 'Running', (each) => running(cluster, pod, each, false));
  const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
  const count = 1 + Math.floor(failingFor / PROBE_MS);
  recordEvent(cluster, pod, 'Warning', 'Unhealthy', message, 'kubelet', count);
  return count * PROBE_MS - failingFor;
}

/** What a container's status begins with: what it was before stays, as the kubelet keeps it. */
function base(pod: KubeObject, container: KubeObject[string]): JsonMap {
  const name = textAt(container, 'name');
  const image = textAt(container, 'image');
  const known = knownStatus(pod, name);
  const [restartCount, lastState] = [numberAt(known, 'restartCount'), mapAt(known, 'lastState')];
  return { name, image, imageID: '', restartCount, state: {}, lastState };
}

function knownStatus(pod: KubeObject, name: string): KubeObject[string] {
  return listAt(pod, 'status', 'containerStatuses').find((each) => textAt(each, 'name') === name);
}

function running(cluster: Cluster, pod: KubeObject, container: KubeObject[string], ready: boolean): JsonMap {
  const known = knownStatus(pod, textAt(container, 'name'));
  const startedAt = textAt(known, 'state', 'running', 'startedAt') || wholeSeconds(cluster.now());
  return {
    ...base(pod, container),
    ready,
    started: true,
    containerID: 'containerd://demo',
    state: { running: { startedAt } },
  };
}

function ended(cluster: Cluster, pod: KubeObject, container: KubeObject[string], end: End): JsonMap {
  const time = wholeSeconds(cluster.now());
  return {
    ...base(pod, container),
    ready: false,
    started: false,
    state: { terminated: { ...end, startedAt: time, finishedAt: time } },
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
  const isServing = statuses.every((each) => each['ready'] === true);
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => {
    const status = type === 'Ready' || type === 'ContainersReady' ? (isServing ? 'True' : 'False') : 'True';
    const known = listAt(before, 'conditions').find((each) => textAt(each, 'type') === type);
    const isSame = known !== undefined && textAt(known, 'status') === status;
    const reason = { Succeeded: 'PodCompleted', Failed: 'PodFailed' }[phase] ?? 'ContainersNotReady';
    return {
      type,
      status,
      ...(status === 'False' && { reason }),
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
