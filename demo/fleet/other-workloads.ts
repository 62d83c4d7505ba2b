import type { Cluster } from './cluster.ts';
import { lastDue } from './cron-schedule.ts';
import {
  controllerReference,
  isLeaving,
  isReady,
  ownedBy,
  podFrom,
  recordEvent,
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

/**
 * Runs the pods of a Job until enough of them ended well.
 * @returns when it is forgotten, ms; undefined: it runs, or it is kept
 */
export function reconcileJob(cluster: Cluster, job: KubeObject): number | undefined {
  if (isLeaving(job) || valueAt(job, 'spec', 'suspend') === true) return undefined;
  if (endOf(job) === undefined) {
    runJob(cluster, job);
    return undefined;
  }
  const keptFor = valueAt(job, 'spec', 'ttlSecondsAfterFinished');
  if (typeof keptFor !== 'number') return undefined;
  const ends = listAt(job, 'status', 'conditions').map((each) =>
    new Date(textAt(each, 'lastTransitionTime')).getTime(),
  );
  const left = Math.max(...ends) + keptFor * 1_000 - cluster.now().getTime();
  if (left > 0) return left;
  const resource = cluster.resource('batch', 'jobs');
  cluster.store.remove(resource, cluster.store.get(resource, job.metadata.namespace, job.metadata.name));
  return undefined;
}

function runJob(cluster: Cluster, job: KubeObject): void {
  const before = mapAt(job, 'status');
  const now = wholeSeconds(cluster.now());
  const pods = ownedBy(cluster, '', 'pods', job);
  const count = (phase: string): number => pods.filter((pod) => textAt(pod, 'status', 'phase') === phase).length;
  const [succeeded, failed] = [count('Succeeded'), count('Failed')];
  const active = pods.length - succeeded - failed;
  const completions = numberAt(job, 'spec', 'completions');
  const room = Math.min(numberAt(job, 'spec', 'parallelism'), completions - succeeded) - active;
  const isDone = succeeded >= completions;
  if (failed > numberAt(job, 'spec', 'backoffLimit') && !isDone) return failJob(cluster, job, failed);
  for (let at = 0; at < room; at += 1) {
    const labels = { 'job-name': job.metadata.name, 'batch.kubernetes.io/job-name': job.metadata.name };
    const name = `${job.metadata.name}-${nameSuffix(Math.random)}`;
    cluster.store.create(cluster.resource('', 'pods'), podFrom(job, mapAt(job, 'spec', 'template'), name, labels));
  }
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

/** Says that a Job is given up, since its pods fail. */
function failJob(cluster: Cluster, job: KubeObject, failed: number): void {
  const time = wholeSeconds(cluster.now());
  const reason = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  const conditions = ['FailureTarget', 'Failed'].map((type) => ({
    type,
    status: 'True',
    ...reason,
    lastProbeTime: time,
    lastTransitionTime: time,
  }));
  const startTime = textAt(job, 'status', 'startTime') || time;
  writeStatus(cluster, 'batch', 'jobs', job, { startTime, failed, ready: 0, conditions });
  recordEvent(cluster, job, 'Warning', reason.reason, reason.message, 'job-controller');
}

/** Starts the Job of a CronJob when it is due, and takes away the oldest that are over. */
export function reconcileCronJob(cluster: Cluster, cron: KubeObject): void {
  if (isLeaving(cron)) return;
  const last = textAt(cron, 'status', 'lastScheduleTime');
  const jobs = ownedBy(cluster, 'batch', 'jobs', cron);
  const active = jobs.filter((job) => endOf(job) === undefined);
  const since = new Date(last || cron.metadata.creationTimestamp);
  const isHeld = valueAt(cron, 'spec', 'suspend') === true || active.length > 0;
  const due = isHeld ? undefined : lastDue(textAt(cron, 'spec', 'schedule'), since, cluster.now());
  if (due !== undefined) startJob(cluster, cron, due);
  const scheduled = due ?? last;
  const done = jobs.filter((job) => endOf(job) === 'Complete').sort(byCreation);
  const failed = jobs.filter((job) => endOf(job) === 'Failed').sort(byCreation);
  const succeededAt = done.map((job) => textAt(job, 'status', 'completionTime')).sort();
  for (const job of [
    ...done.slice(0, -numberAt(cron, 'spec', 'successfulJobsHistoryLimit') || done.length),
    ...failed.slice(0, -numberAt(cron, 'spec', 'failedJobsHistoryLimit') || failed.length),
  ]) {
    const resource = cluster.resource('batch', 'jobs');
    cluster.store.remove(resource, cluster.store.get(resource, job.metadata.namespace, job.metadata.name));
  }
  writeStatus(cluster, 'batch', 'cronjobs', cron, {
    ...(active.length > 0 && {
      active: active.map(({ apiVersion, kind, metadata: { name, namespace, uid } }) => ({
        apiVersion,
        kind,
        name,
        namespace,
        uid,
      })),
    }),
    ...(scheduled !== '' && { lastScheduleTime: scheduled }),
    ...(succeededAt.length > 0 && { lastSuccessfulTime: succeededAt.at(-1) }),
  });
}

function byCreation(left: KubeObject, right: KubeObject): number {
  return left.metadata.creationTimestamp < right.metadata.creationTimestamp ? -1 : 1;
}

/** `Complete` or `Failed`; undefined while a Job runs. */
function endOf(job: KubeObject): string | undefined {
  const ends = listAt(job, 'status', 'conditions').map((each) => textAt(each, 'type'));
  return ends.find((type) => type === 'Complete' || type === 'Failed');
}

function startJob(cluster: Cluster, cron: KubeObject, due: string): void {
  const template = mapAt(cron, 'spec', 'jobTemplate');
  const name = `${cron.metadata.name}-${Math.floor(new Date(due).getTime() / 60_000)}`;
  const labels = { 'job-name': name, 'batch.kubernetes.io/job-name': name };
  const pod = mapAt(template, 'spec', 'template');
  const metadata = { ...mapAt(pod, 'metadata'), labels: { ...mapAt(pod, 'metadata', 'labels'), ...labels } };
  cluster.store.create(cluster.resource('batch', 'jobs'), {
    metadata: {
      name,
      namespace: cron.metadata.namespace ?? 'default',
      labels: mapAt(template, 'metadata', 'labels'),
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': due },
      ownerReferences: [controllerReference(cron)],
    },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      ...mapAt(template, 'spec'),
      template: { ...pod, metadata },
    },
    status: {},
  });
  recordEvent(cluster, cron, 'Normal', 'SuccessfulCreate', `Created job ${name}`, 'cronjob-controller');
}

function end(cluster: Cluster, pod: KubeObject): void {
  const deletionTimestamp = wholeSeconds(new Date(cluster.now().getTime() + 30_000));
  cluster.store.update(cluster.resource('', 'pods'), {
    ...pod,
    metadata: { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: 30 },
  });
}
