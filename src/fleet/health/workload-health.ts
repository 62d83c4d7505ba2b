import type { KubeObject } from '../../kube/reflection.ts';
import { text, tree, whole, type Tree } from '../reduce/json-read.ts';
import { conditionOf, conditionsOf } from './condition-list.ts';
import { degraded, healthy, progressing, suspended, type Health } from './health.ts';

const counted = (status: Tree, field: string): number => whole(status[field]) ?? 0;

/** True where the controller has not seen the newest spec. */
function isUnseen({ metadata }: KubeObject, status: Tree): boolean {
  return (whole(metadata['generation']) ?? 0) > (whole(status['observedGeneration']) ?? 0);
}

/**
 * Health of a Deployment: what `kubectl rollout status` asks in its order, and degraded as well where pods cannot be made, or
 * fewer are available than must be once the rollout is through.
 */
export function deploymentHealth(object: KubeObject): Health {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  if (spec['paused'] === true) return suspended('Paused');
  if (isUnseen(object, status)) return progressing('SpecUnseen');
  const rollout = conditionOf(status, 'Progressing');
  if (rollout?.reason === 'ProgressDeadlineExceeded') return degraded(rollout.reason);
  const failure = conditionOf(status, 'ReplicaFailure');
  if (failure?.status === 'True') return degraded(failure.reason ?? 'ReplicaFailure');
  const desired = whole(spec['replicas']) ?? 1;
  const updated = counted(status, 'updatedReplicas');
  if (updated < desired) return progressing('RollingOut');
  if (counted(status, 'replicas') > updated) return progressing('OldReplicasEnding');
  if (counted(status, 'availableReplicas') >= updated) return healthy;
  const available = conditionOf(status, 'Available');
  const isThrough = rollout?.reason === 'NewReplicaSetAvailable';
  return isThrough && available?.status === 'False'
    ? degraded(available.reason ?? 'Unavailable')
    : progressing('BecomingAvailable');
}

/** Health of a StatefulSet: as `kubectl rollout status`, and its revisions where no partition holds some back, and what is there beside what is wanted. */
export function statefulSetHealth(object: KubeObject): Health {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  if (counted(status, 'observedGeneration') === 0 || isUnseen(object, status)) return progressing('SpecUnseen');
  const desired = whole(spec['replicas']) ?? 1;
  if (counted(status, 'readyReplicas') < desired) return progressing('BecomingReady');
  const strategy = tree(spec['updateStrategy']);
  if (text(strategy['type']) === 'OnDelete') return healthy;
  // As kstatus: it is being made smaller, one pod after the other.
  if (counted(status, 'replicas') > desired) return progressing('OldReplicasEnding');
  const partition = whole(tree(strategy['rollingUpdate'])['partition']) ?? 0;
  if (partition > 0) {
    return counted(status, 'updatedReplicas') < desired - partition ? progressing('RollingOut') : healthy;
  }
  return status['updateRevision'] === status['currentRevision'] ? healthy : progressing('RollingOut');
}

/** Health of a DaemonSet, as `kubectl rollout status`. */
export function daemonSetHealth(object: KubeObject): Health {
  const status = tree(object['status']);
  if (isUnseen(object, status)) return progressing('SpecUnseen');
  if (text(tree(tree(object['spec'])['updateStrategy'])['type']) === 'OnDelete') return healthy;
  const desired = counted(status, 'desiredNumberScheduled');
  if (counted(status, 'updatedNumberScheduled') < desired) return progressing('RollingOut');
  return counted(status, 'numberAvailable') < desired ? progressing('BecomingAvailable') : healthy;
}

/** Health of a ReplicaSet. */
export function replicaSetHealth(object: KubeObject): Health {
  const status = tree(object['status']);
  if (isUnseen(object, status)) return progressing('SpecUnseen');
  const failure = conditionOf(status, 'ReplicaFailure');
  if (failure?.status === 'True') return degraded(failure.reason ?? 'ReplicaFailure');
  const desired = whole(tree(object['spec'])['replicas']) ?? 1;
  return counted(status, 'availableReplicas') < desired ? progressing('BecomingAvailable') : healthy;
}

/** Health of a Job; a condition that is not true says nothing. */
export function jobHealth(object: KubeObject): Health {
  const conditions = conditionsOf(tree(object['status'])['conditions']).filter(({ status }) => status === 'True');
  const isMet = (type: string): boolean => conditions.some((condition) => condition.type === type);
  const failed = conditions.find(({ type }) => type === 'Failed' || type === 'FailureTarget');
  if (failed !== undefined) return degraded(failed.reason ?? 'Failed');
  if (isMet('Complete')) return healthy;
  return isMet('Suspended') ? suspended('Suspended') : progressing('Running');
}

/** Health of a CronJob: degraded where the last job that was due did not succeed and none runs. */
export function cronJobHealth(object: KubeObject): Health {
  const { active, lastScheduleTime, lastSuccessfulTime } = tree(object['status']);
  if (tree(object['spec'])['suspend'] === true) return suspended('Suspended');
  if (Array.isArray(active) && active.length > 0) return healthy;
  const due = text(lastScheduleTime);
  const succeeded = text(lastSuccessfulTime);
  if (due === undefined || succeeded === undefined) return healthy;
  return Date.parse(succeeded) < Date.parse(due) ? degraded('LastJobFailed') : healthy;
}
