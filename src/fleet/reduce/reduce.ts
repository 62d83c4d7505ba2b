import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell, LiveRecord } from '../../live/column.ts';
import type { LiveKind } from '../../live/live-kind.ts';
import { assessHealth } from '../health/assess-health.ts';
import { cronJobCells, jobCells } from './batch-cells.ts';
import { namespaceCells, nodeCells, quotaCells, volumeClaimCells } from './cluster-cells.ts';
import { commonCells } from './common-cells.ts';
import { customCells } from './custom-cells.ts';
import { eventCells } from './event-cells.ts';
import { httpRouteCells, ingressCells, serviceCells } from './network-cells.ts';
import { podCells } from './pod-cells.ts';
import { autoscalerCells, disruptionBudgetCells } from './scaling-cells.ts';
import { daemonSetCells, deploymentCells, replicaSetCells, statefulSetCells } from './workload-cells.ts';

/** The cells of each kind beside the common ones, in the order of its columns. */
const cellsOf: Readonly<Record<string, (object: KubeObject) => Cell[]>> = {
  Namespace: namespaceCells,
  Deployment: deploymentCells,
  StatefulSet: statefulSetCells,
  DaemonSet: daemonSetCells,
  ReplicaSet: replicaSetCells,
  Pod: podCells,
  Job: jobCells,
  CronJob: cronJobCells,
  HorizontalPodAutoscaler: autoscalerCells,
  PodDisruptionBudget: disruptionBudgetCells,
  Service: serviceCells,
  Ingress: ingressCells,
  HTTPRoute: httpRouteCells,
  PersistentVolumeClaim: volumeClaimCells,
  ResourceQuota: quotaCells,
  Node: nodeCells,
  Event: eventCells,
};

/** As a number, which it is in every API server there is; elsewhere nothing is known of it. */
function versionOf({ metadata }: KubeObject): Cell {
  const version = Number(metadata.resourceVersion);
  return Number.isFinite(version) ? version : undefined;
}

/**
 * Reduces an object to the cells that are kept of it.
 * @param kind what it was read as; its columns are those of the record
 * @throws OBJECT_UNREADABLE where nobody could tell which object it is
 */
export function reduceObject(kind: LiveKind, object: KubeObject): LiveRecord {
  const cells = commonCells(object);
  if (kind.reading === 'metadata') return [...cells, versionOf(object)];
  for (const cell of (cellsOf[kind.id] ?? customCells)(object)) cells.push(cell);
  if (kind.hasHealth === true) {
    const health = assessHealth(kind.group, kind.kind, object);
    cells.push(health?.status, health?.reason);
  }
  return cells;
}
