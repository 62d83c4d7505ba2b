import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { conditionsCell } from './conditions.ts';
import { cutText, text, tree, truth, whole, type Tree } from './json-read.ts';
import { imagesCell, templateCell } from './pod-template.ts';
import { selectorText } from './selector-text.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** What a field without a value means: the API leaves out counts that are zero. */
const counted = (value: unknown): number => whole(value) ?? 0;

const annotation = ({ metadata }: KubeObject, key: string): unknown => tree(metadata['annotations'])[key];
const strategyType = (strategy: unknown): string | undefined => text(tree(strategy)['type']);

function templateCells(spec: Tree): Cell[] {
  const podSpec = tree(tree(spec['template'])['spec']);
  return [imagesCell(podSpec), selectorText(spec['selector']), templateCell(spec['template'])];
}

/** Replicas that are wanted, and those that there are. */
function replicaCells(spec: Tree, status: Tree): Cell[] {
  return [
    whole(spec['replicas']) ?? 1,
    counted(status['replicas']),
    counted(status['updatedReplicas']),
    counted(status['readyReplicas']),
    counted(status['availableReplicas']),
  ];
}

/** Cells of a Deployment. */
export function deploymentCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  return [
    ...replicaCells(spec, status),
    whole(status['observedGeneration']),
    truth(spec['paused']),
    text(annotation(object, REVISION)),
    whole(spec['progressDeadlineSeconds']),
    strategyType(spec['strategy']),
    ...templateCells(spec),
    conditionsCell(status['conditions']),
  ];
}

/** Cells of a StatefulSet. */
export function statefulSetCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  const strategy = tree(spec['updateStrategy']);
  return [
    ...replicaCells(spec, status),
    whole(status['observedGeneration']),
    text(status['currentRevision']),
    text(status['updateRevision']),
    strategyType(strategy),
    whole(tree(strategy['rollingUpdate'])['partition']),
    ...templateCells(spec),
    conditionsCell(status['conditions']),
  ];
}

/** Cells of a DaemonSet. */
export function daemonSetCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  return [
    // Without a status nobody knows how many nodes there are for it.
    whole(status['desiredNumberScheduled']),
    counted(status['currentNumberScheduled']),
    counted(status['updatedNumberScheduled']),
    counted(status['numberReady']),
    counted(status['numberAvailable']),
    counted(status['numberMisscheduled']),
    whole(status['observedGeneration']),
    strategyType(spec['updateStrategy']),
    ...templateCells(spec),
    conditionsCell(status['conditions']),
  ];
}

/** Cells of a ReplicaSet: old ones are many, so only what tells a revision is kept. */
export function replicaSetCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  return [
    whole(spec['replicas']) ?? 1,
    counted(status['replicas']),
    counted(status['readyReplicas']),
    counted(status['availableReplicas']),
    whole(status['observedGeneration']),
    text(annotation(object, REVISION)),
    cutText(annotation(object, CHANGE_CAUSE), 200),
    imagesCell(tree(tree(spec['template'])['spec'])),
    conditionsCell(status['conditions'], ({ status: met }) => met === 'True'),
  ];
}
