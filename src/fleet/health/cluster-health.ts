import type { KubeObject } from '../../kube/reflection.ts';
import { list, text, tree } from '../reduce/json-read.ts';
import { conditionOf, conditionsOf } from './condition-list.ts';
import { degraded, healthy, progressing, suspended, type Health } from './health.ts';

/** Conditions of an autoscaler that say that it cannot do its work, by type. */
const brokenScaling: Readonly<Record<string, readonly string[]>> = {
  AbleToScale: ['FailedGetScale', 'FailedUpdateScale'],
  ScalingActive: [
    'FailedGetResourceMetric',
    'FailedGetContainerResourceMetric',
    'FailedGetPodsMetric',
    'FailedGetObjectMetric',
    'FailedGetExternalMetric',
    'InvalidSelector',
    'InvalidMetricSourceType',
  ],
};

/** Health of a HorizontalPodAutoscaler. */
export function autoscalerHealth(object: KubeObject): Health {
  const conditions = conditionsOf(tree(object['status'])['conditions']);
  const broken = conditions.find(
    ({ type, status, reason = '' }) => status === 'False' && brokenScaling[type]?.includes(reason),
  );
  if (broken !== undefined) return degraded(broken.reason);
  const isScaling = conditions.some(
    ({ type, status }) => status === 'True' && (type === 'AbleToScale' || type === 'ScalingLimited'),
  );
  return isScaling ? healthy : progressing('WaitingForMetrics');
}

/** Health of a PodDisruptionBudget: that no disruption is allowed is no fault of the budget. */
export function disruptionBudgetHealth(object: KubeObject): Health {
  const allowed = conditionOf(tree(object['status']), 'DisruptionAllowed');
  if (allowed === undefined) return progressing('NotCounted');
  return allowed.status === 'False' && allowed.reason !== 'InsufficientPods' ? degraded(allowed.reason) : healthy;
}

/** Health of an Ingress, or of a Service of type LoadBalancer: whether it was given an address. */
export function balancerHealth(object: KubeObject): Health {
  const given = list(tree(tree(object['status'])['loadBalancer'])['ingress']);
  return given.length > 0 ? healthy : progressing('NoAddress');
}

/** Health of a Service. */
export function serviceHealth(object: KubeObject): Health {
  return tree(object['spec'])['type'] === 'LoadBalancer' ? balancerHealth(object) : healthy;
}

const claimPhases: Readonly<Record<string, Health>> = {
  Bound: healthy,
  Pending: progressing('Pending'),
  Lost: degraded('Lost'),
};

/** Health of a PersistentVolumeClaim. */
export function volumeClaimHealth(object: KubeObject): Health {
  const phase = text(tree(object['status'])['phase']);
  return claimPhases[phase ?? ''] ?? { status: 'Unknown', reason: phase };
}

/** Health of a Node; one that does not answer is unknown. */
export function nodeHealth(object: KubeObject): Health {
  const status = tree(object['status']);
  const ready = conditionOf(status, 'Ready');
  if (ready === undefined || ready.status === 'Unknown')
    return { status: 'Unknown', reason: ready?.reason ?? 'NotReported' };
  if (ready.status !== 'True') return degraded(ready.reason ?? 'NotReady');
  const pressure = conditionsOf(status['conditions']).find((each) => each.type !== 'Ready' && each.status === 'True');
  if (pressure !== undefined) return degraded(pressure.type);
  return tree(object['spec'])['unschedulable'] === true ? suspended('Cordoned') : healthy;
}

/** Health of a Namespace. */
export function namespaceHealth(object: KubeObject): Health {
  return text(tree(object['status'])['phase']) === 'Terminating' ? progressing('Terminating') : healthy;
}
