import type { Cluster } from './cluster.ts';
import {
  controllerReference,
  isLeaving,
  isReady,
  ownedBy,
  podFrom,
  templateHash,
  writeStatus,
} from './controller-tools.ts';
import { type KubeObject, listAt, mapAt, numberAt, textAt, valueAt } from './kube-object.ts';
import { wholeSeconds } from './object-store.ts';
import { nameSuffix } from './writes.ts';

/** Keeps the numbered pods of a StatefulSet: one after the other up, and renewed from the last when the template changes. */
export function reconcileStatefulSet(cluster: Cluster, set: KubeObject): void {
  if (isLeaving(set)) return;
  const pods = ownedBy(cluster, '', 'pods', set);
  const wanted = numberAt(set, 'spec', 'replicas');
  const revision = `${set.metadata.name}-${templateHash(mapAt(set, 'spec', 'template'))}`;
  const resource = cluster.resource('', 'pods');
  const isCurrent = (pod: KubeObject): boolean => pod.metadata.labels?.['controller-revision-hash'] === revision;
  const named = (at: number): KubeObject | undefined =>
    pods.find((pod) => pod.metadata.name === `${set.metadata.name}-${at}`);
  for (let at = 0; at < wanted; at += 1) {
    const pod = named(at);
    if (pod === undefined) {
      const name = `${set.metadata.name}-${at}`;
      const labels = {
        'controller-revision-hash': revision,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(at),
      };
      cluster.store.create(resource, podFrom(set, mapAt(set, 'spec', 'template'), name, labels));
      break;
    }
    if (!isReady(pod)) break;
  }
  const over = pods.find(
    (pod) => Number(pod.metadata.name.slice(set.metadata.name.length + 1)) >= wanted && !isLeaving(pod),
  );
  const isCalm = pods.every((pod) => !isLeaving(pod) && isReady(pod));
  const old = [...pods].reverse().find((pod) => !isCurrent(pod) && !isLeaving(pod));
  const goer = over ?? (isCalm ? old : undefined);
  if (goer) end(cluster, goer);
  const left = pods.filter((pod) => !isLeaving(pod));
  const ready = left.filter(isReady).length;
  const updated = left.filter(isCurrent).length;
  const current = updated === wanted ? revision : textAt(set, 'status', 'currentRevision') || revision;
  writeStatus(cluster, 'apps', 'statefulsets', set, {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: left.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: updated === wanted ? updated : left.length - updated,
    updatedReplicas: updated,
    currentRevision: current,
    updateRevision: revision,
    collisionCount: 0,
  });
}

/** Keeps one pod of a DaemonSet on every node. */
export function reconcileDaemonSet(cluster: Cluster, set: KubeObject): void {
  if (isLeaving(set)) return;
  const resource = cluster.resource('', 'pods');
  const nodes = cluster.store.collection(cluster.resource('', 'nodes')).list();
  const pods = ownedBy(cluster, '', 'pods', set);
  const hash = templateHash(mapAt(set, 'spec', 'template'));
  const isCurrent = (pod: KubeObject): boolean => pod.metadata.labels?.['controller-revision-hash'] === hash;
  for (const { object: node } of nodes) {
    if (pods.some((pod) => textAt(pod, 'spec', 'nodeName') === node.metadata.name)) continue;
    const made = podFrom(set, mapAt(set, 'spec', 'template'), `${set.metadata.name}-${nameSuffix(Math.random)}`, {
      'controller-revision-hash': hash,
    });
    const spec = { ...mapAt(made, 'spec'), nodeName: node.metadata.name };
    cluster.store.create(resource, {
      ...made,
      spec,
      status: { ...mapAt(made, 'status'), startTime: wholeSeconds(cluster.now()) },
    });
  }
  const old = pods.find((pod) => !isCurrent(pod) && !isLeaving(pod));
  if (old && pods.every((pod) => isReady(pod) && !isLeaving(pod))) end(cluster, old);
  const left = pods.filter((pod) => !isLeaving(pod));
  const ready = left.filter(isReady).length;
  writeStatus(cluster, 'apps', 'daemonsets', set, {
    observedGeneration: set.metadata.generation ?? 1,
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: left.length,
    numberReady: ready,
    numberAvailable: ready,
    numberMisscheduled: 0,
    updatedNumberScheduled: left.filter(isCurrent).length,
    ...(nodes.length > ready && { numberUnavailable: nodes.length - ready }),
  });
}

/** Runs the pods of a Job until enough of them ended well. */
export function reconcileJob(cluster: Cluster, job: KubeObject): void {
  if (isLeaving(job)) return;
  const before = mapAt(job, 'status');
  if (listAt(before, 'conditions').some((each) => ['Complete', 'Failed'].includes(textAt(each, 'type')))) return;
  const now = wholeSeconds(cluster.now());
  if (valueAt(job, 'spec', 'suspend') === true) return;
  const pods = ownedBy(cluster, '', 'pods', job);
  const count = (phase: string): number => pods.filter((pod) => textAt(pod, 'status', 'phase') === phase).length;
  const [succeeded, failed] = [count('Succeeded'), count('Failed')];
  const active = pods.length - succeeded - failed;
  const completions = numberAt(job, 'spec', 'completions');
  const room = Math.min(numberAt(job, 'spec', 'parallelism'), completions - succeeded) - active;
  for (let at = 0; at < room; at += 1) {
    const labels = { 'job-name': job.metadata.name, 'batch.kubernetes.io/job-name': job.metadata.name };
    const name = `${job.metadata.name}-${nameSuffix(Math.random)}`;
    cluster.store.create(cluster.resource('', 'pods'), podFrom(job, mapAt(job, 'spec', 'template'), name, labels));
  }
  const isDone = succeeded >= completions;
  const condition = {
    type: 'Complete',
    status: 'True',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
    lastProbeTime: now,
    lastTransitionTime: now,
  };
  writeStatus(cluster, 'batch', 'jobs', job, {
    startTime: textAt(before, 'startTime') || now,
    ...(active + Math.max(0, room) > 0 && !isDone && { active: active + Math.max(0, room) }),
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    ready: 0,
    ...(isDone && { completionTime: now, conditions: [condition] }),
  });
}

/** Starts the Job of a CronJob by hand-set time: the demo runs it once a minute at most, when its last run is that old. */
export function reconcileCronJob(cluster: Cluster, cron: KubeObject): void {
  if (isLeaving(cron) || valueAt(cron, 'spec', 'suspend') === true) return;
  const now = cluster.now();
  const last = textAt(cron, 'status', 'lastScheduleTime');
  const jobs = ownedBy(cluster, 'batch', 'jobs', cron);
  const active = jobs.filter((job) => listAt(job, 'status', 'conditions').length === 0);
  const done = jobs
    .filter((job) => textAt(job, 'status', 'completionTime') !== '')
    .map((job) => textAt(job, 'status', 'completionTime'));
  const isDue =
    last === ''
      ? now.getTime() - new Date(cron.metadata.creationTimestamp).getTime() > 60_000
      : now.getTime() - new Date(last).getTime() > 60_000;
  if (isDue && active.length === 0) {
    const template = mapAt(cron, 'spec', 'jobTemplate');
    cluster.store.create(cluster.resource('batch', 'jobs'), {
      metadata: {
        name: `${cron.metadata.name}-${Math.floor(now.getTime() / 60_000)}`,
        namespace: cron.metadata.namespace ?? 'default',
        labels: mapAt(template, 'metadata', 'labels'),
        ownerReferences: [controllerReference(cron)],
      },
      spec: { parallelism: 1, completions: 1, backoffLimit: 6, ...mapAt(template, 'spec') },
      status: {},
    });
  }
  const scheduled = isDue && active.length === 0 ? wholeSeconds(now) : last;
  writeStatus(cluster, 'batch', 'cronjobs', cron, {
    ...(active.length > 0 && {
      active: active.map(({ apiVersion, kind, metadata }) => ({
        apiVersion,
        kind,
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
      })),
    }),
    ...(scheduled !== '' && { lastScheduleTime: scheduled }),
    ...(done.length > 0 && { lastSuccessfulTime: done.sort().at(-1) }),
  });
}

function end(cluster: Cluster, pod: KubeObject): void {
  const deletionTimestamp = wholeSeconds(new Date(cluster.now().getTime() + 30_000));
  cluster.store.update(cluster.resource('', 'pods'), {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 },
  });
}
