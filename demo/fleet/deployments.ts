import { quotaRefusal } from './budgets.ts';
import type { Cluster } from './cluster.ts';
import {
  controllerReference,
  isLeaving,
  isReady,
  ownedBy,
  podFrom,
  recordEvent,
  templateHash,
  withCondition,
  writeStatus,
} from './controller-tools.ts';
import { type JsonMap, type KubeObject, listAt, mapAt, numberAt, textAt, valueAt } from './kube-object.ts';
import { wholeSeconds } from './object-store.ts';
import { nameSuffix } from './writes.ts';

const REVISION = 'deployment.kubernetes.io/revision';

/** How often a Deployment that is not done is looked at though nothing happens: its deadline may pass. */
const DEADLINE_LOOK_MS = 5_000;
/** How long a pod that was refused is not asked for again, ms. */
const REFUSED_MS = 60_000;

/**
 * Brings a Deployment one step nearer to what it wants: its ReplicaSets, then its status.
 * @returns when it is to be looked at again, ms; undefined when it is done
 */
export function reconcileDeployment(cluster: Cluster, deployment: KubeObject): number | undefined {
  if (isLeaving(deployment)) return undefined;
  const sets = ownedBy(cluster, 'apps', 'replicasets', deployment);
  const template = mapAt(deployment, 'spec', 'template');
  const hash = templateHash(template);
  const newest = sets.find((set) => set.metadata.labels?.['pod-template-hash'] === hash);
  const isPaused = valueAt(deployment, 'spec', 'paused') === true;
  if (newest === undefined) {
    if (!isPaused) makeSet(cluster, deployment, sets, template, hash);
  } else {
    keepRevision(cluster, deployment, sets, newest);
    if (!isPaused) shift(cluster, deployment, sets, newest);
    dropOldSets(cluster, deployment, sets, newest);
  }
  return tellStatus(cluster, deployment, newest) ? undefined : DEADLINE_LOOK_MS;
}

function revisionOf(set: KubeObject): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function makeSet(
  cluster: Cluster,
  deployment: KubeObject,
  sets: readonly KubeObject[],
  template: JsonMap,
  hash: string,
): void {
  const revision = String(Math.max(0, ...sets.map(revisionOf)) + 1);
  const labels = { ...mapAt(template, 'metadata', 'labels'), 'pod-template-hash': hash };
  const wanted = numberAt(deployment, 'spec', 'replicas');
  const replicas = sets.some((set) => numberAt(set, 'spec', 'replicas') > 0)
    ? Math.min(wanted, surgeOf(deployment))
    : wanted;
  const name = `${deployment.metadata.name}-${hash}`;
  cluster.store.create(cluster.resource('apps', 'replicasets'), {
    metadata: {
      name,
      namespace: deployment.metadata.namespace ?? 'default',
      labels,
      annotations: {
        [REVISION]: revision,
        'deployment.kubernetes.io/desired-replicas': String(wanted),
        ...causeOf(deployment),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...mapAt(deployment, 'spec', 'selector', 'matchLabels'), 'pod-template-hash': hash } },
      template: { ...template, metadata: { ...mapAt(template, 'metadata'), labels } },
    },
    status: { replicas: 0 },
  });
  recordEvent(
    cluster,
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled up replica set ${name} to ${replicas}`,
    'deployment-controller',
  );
}

function causeOf(deployment: KubeObject): JsonMap {
  const cause = deployment.metadata.annotations?.['kubernetes.io/change-cause'];
  return cause === undefined ? {} : { 'kubernetes.io/change-cause': cause };
}

/** A template that was there before counts as the newest revision when it comes back; the Deployment tells the number. */
function keepRevision(cluster: Cluster, deployment: KubeObject, sets: readonly KubeObject[], newest: KubeObject): void {
  const highest = Math.max(...sets.map(revisionOf));
  const revision = revisionOf(newest) < highest ? highest + 1 : highest;
  if (revision !== revisionOf(newest)) annotate(cluster, 'replicasets', newest, String(revision));
  if (revisionOf(deployment) !== revision) annotate(cluster, 'deployments', deployment, String(revision));
}

/** Old sets are kept for going back to, the newest of them. */
function dropOldSets(cluster: Cluster, deployment: KubeObject, sets: readonly KubeObject[], newest: KubeObject): void {
  const kept = numberAt(deployment, 'spec', 'revisionHistoryLimit');
  const old = sets
    .filter((set) => set.metadata.uid !== newest.metadata.uid && numberAt(set, 'status', 'replicas') === 0)
    .filter((set) => numberAt(set, 'spec', 'replicas') === 0)
    .sort((left, right) => revisionOf(left) - revisionOf(right));
  const resource = cluster.resource('apps', 'replicasets');
  for (const { metadata } of old.slice(0, Math.max(0, old.length - kept)))
    cluster.store.remove(resource, cluster.store.get(resource, metadata.namespace, metadata.name));
}

function annotate(cluster: Cluster, plural: string, object: KubeObject, revision: string): void {
  const resource = cluster.resource('apps', plural);
  const { object: now } = cluster.store.get(resource, object.metadata.namespace, object.metadata.name);
  const annotations = { ...now.metadata.annotations, [REVISION]: revision };
  cluster.store.update(resource, { ...now, metadata: { ...now.metadata, annotations } });
}

function surgeOf(deployment: KubeObject): number {
  return Math.max(
    1,
    share(
      valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'),
      numberAt(deployment, 'spec', 'replicas'),
      Math.ceil,
    ),
  );
}

function share(value: KubeObject[string], of: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? round((Number.parseInt(value, 10) / 100) * of) : 0;
}

/** Moves replicas from the old sets to the newest, within what the strategy allows. */
function shift(cluster: Cluster, deployment: KubeObject, sets: readonly KubeObject[], newest: KubeObject): void {
  const wanted = numberAt(deployment, 'spec', 'replicas');
  const old = sets.filter((set) => set.metadata.uid !== newest.metadata.uid && numberAt(set, 'spec', 'replicas') > 0);
  const isRecreate = textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate';
  const total = sets.reduce((sum, set) => sum + numberAt(set, 'spec', 'replicas'), 0);
  const own = numberAt(newest, 'spec', 'replicas');
  if (isRecreate) {
    for (const set of old) scaleSet(cluster, deployment, set, 0);
    if (old.length === 0 && own !== wanted) scaleSet(cluster, deployment, newest, wanted);
    return;
  }
  if (old.length === 0) {
    if (own !== wanted) scaleSet(cluster, deployment, newest, wanted);
    return;
  }
  const room = wanted + surgeOf(deployment) - total;
  if (own > wanted) scaleSet(cluster, deployment, newest, wanted);
  else if (own < wanted && room > 0) scaleSet(cluster, deployment, newest, Math.min(wanted, own + room));
  const available = sets.reduce((sum, set) => sum + numberAt(set, 'status', 'availableReplicas'), 0);
  const unavailable = share(
    valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable'),
    wanted,
    Math.floor,
  );
  let spare = available - (wanted - unavailable);
  for (const set of old) {
    const replicas = numberAt(set, 'spec', 'replicas');
    const gone = Math.min(replicas, Math.max(0, spare) + (replicas - numberAt(set, 'status', 'availableReplicas')));
    if (gone > 0) scaleSet(cluster, deployment, set, replicas - gone);
    spare -= gone;
  }
}

function scaleSet(cluster: Cluster, deployment: KubeObject, set: KubeObject, replicas: number): void {
  const resource = cluster.resource('apps', 'replicasets');
  const { object } = cluster.store.get(resource, set.metadata.namespace, set.metadata.name);
  const before = numberAt(object, 'spec', 'replicas');
  cluster.store.update(resource, { ...object, spec: { ...mapAt(object, 'spec'), replicas } });
  const way = replicas > before ? 'up' : 'down';
  recordEvent(
    cluster,
    deployment,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${way} replica set ${set.metadata.name} to ${replicas}`,
    'deployment-controller',
  );
}

/** @returns true when all its replicas are of the newest set and serve */
function tellStatus(cluster: Cluster, { metadata }: KubeObject, newest: KubeObject | undefined): boolean {
  const { object: deployment } = cluster.store.get(
    cluster.resource('apps', 'deployments'),
    metadata.namespace,
    metadata.name,
  );
  const sets = ownedBy(cluster, 'apps', 'replicasets', deployment);
  const sum = (name: string): number => sets.reduce((all, set) => all + numberAt(set, 'status', name), 0);
  const wanted = numberAt(deployment, 'spec', 'replicas');
  const fresh = sets.find((set) => set.metadata.uid === newest?.metadata.uid);
  const updated = fresh ? numberAt(fresh, 'status', 'replicas') : 0;
  const available = sum('availableReplicas');
  const now = cluster.now();
  const unavailable = share(
    valueAt(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable'),
    wanted,
    Math.floor,
  );
  const isAvailable = available >= wanted - unavailable;
  const isDone = updated === wanted && sum('replicas') === wanted && available === wanted;
  const before = mapAt(deployment, 'status');
  const conditions = withCondition(
    {
      conditions: withCondition(
        before,
        {
          type: 'Available',
          status: isAvailable ? 'True' : 'False',
          reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
          message: isAvailable
            ? 'Deployment has minimum availability.'
            : 'Deployment does not have minimum availability.',
        },
        now,
      ),
    },
    progress(deployment, fresh, before, isDone, now),
    now,
  );
  const failure = listAt(fresh, 'status', 'conditions') as readonly JsonMap[];
  writeStatus(cluster, 'apps', 'deployments', deployment, {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas: sum('replicas'),
    updatedReplicas: updated,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: available,
    ...(wanted > available ? { unavailableReplicas: wanted - available } : {}),
    conditions: [...conditions.filter((each) => each['type'] !== 'ReplicaFailure'), ...failure],
  });
  return isDone;
}

function progress(
  deployment: KubeObject,
  newest: KubeObject | undefined,
  before: JsonMap,
  isDone: boolean,
  now: Date,
): JsonMap {
  if (valueAt(deployment, 'spec', 'paused') === true)
    return { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  const name = newest?.metadata.name ?? '';
  if (isDone)
    return {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${name}" has successfully progressed.`,
    };
  const known = listAt(before, 'conditions').find((each) => textAt(each, 'type') === 'Progressing');
  const message = `ReplicaSet "${name}" is progressing.`;
  const isSame = textAt(known, 'message').includes(`"${name}"`) && textAt(known, 'reason') !== 'NewReplicaSetAvailable';
  const since = isSame ? new Date(textAt(known, 'lastUpdateTime')).getTime() : now.getTime();
  const deadline = numberAt(deployment, 'spec', 'progressDeadlineSeconds') * 1000;
  if (isSame && (textAt(known, 'reason') === 'ProgressDeadlineExceeded' || now.getTime() - since > deadline)) {
    return {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: `ReplicaSet "${name}" has timed out progressing.`,
    };
  }
  return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message };
}

/**
 * Makes and takes away the pods of a ReplicaSet, and tells its status.
 * @returns when what was refused is tried again, ms
 */
export function reconcileReplicaSet(cluster: Cluster, set: KubeObject): number | undefined {
  if (isLeaving(set)) return undefined;
  const pods = ownedBy(cluster, '', 'pods', set).filter((pod) => !isLeaving(pod));
  const wanted = numberAt(set, 'spec', 'replicas');
  const refusal = pods.length < wanted ? makePods(cluster, set, wanted - pods.length) : undefined;
  // Those that do not serve go first.
  const goers = [...pods]
    .sort((left, right) => Number(isReady(left)) - Number(isReady(right)))
    .slice(0, Math.max(0, pods.length - wanted));
  for (const pod of goers) {
    const { metadata } = pod;
    const deletionTimestamp = wholeSeconds(new Date(cluster.now().getTime() + 30_000));
    cluster.store.update(cluster.resource('', 'pods'), {
      ...pod,
      metadata: { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 },
    });
  }
  const left = pods.filter((pod) => !goers.includes(pod));
  const ready = left.filter(isReady).length;
  const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal ?? '' };
  writeStatus(cluster, 'apps', 'replicasets', set, {
    replicas: left.length,
    ...(left.length > 0 && { fullyLabeledReplicas: left.length }),
    ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    observedGeneration: set.metadata.generation ?? 1,
    ...(refusal !== undefined && { conditions: withCondition(mapAt(set, 'status'), failure, cluster.now()) }),
  });
  return refusal === undefined ? undefined : REFUSED_MS;
}

/** Makes pods of a ReplicaSet. @returns why no more of them are made, where that is so */
function makePods(cluster: Cluster, set: KubeObject, count: number): string | undefined {
  const { name, namespace = 'default' } = set.metadata;
  for (let at = 0; at < count; at += 1) {
    const refusal = quotaRefusal(cluster, namespace, `${name}-`);
    if (refusal !== undefined) {
      recordEvent(cluster, set, 'Warning', 'FailedCreate', `Error creating: ${refusal}`, 'replicaset-controller');
      return refusal;
    }
    const pod = podFrom(set, mapAt(set, 'spec', 'template'), `${name}-${nameSuffix(Math.random)}`);
    cluster.store.create(cluster.resource('', 'pods'), pod);
    const told = `Created pod: ${pod.metadata.name}`;
    recordEvent(cluster, set, 'Normal', 'SuccessfulCreate', told, 'replicaset-controller');
  }
  return undefined;
}
