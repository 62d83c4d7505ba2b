import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { conditionsCell } from './conditions.ts';
import { seconds, text, tree, whole } from './json-read.ts';
import { selectorText } from './selector-text.ts';

/** Cells of a HorizontalPodAutoscaler. */
export function autoscalerCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  const target = tree(spec['scaleTargetRef']);
  return [
    text(target['kind']),
    text(target['name']),
    whole(spec['minReplicas']) ?? 1,
    whole(spec['maxReplicas']),
    whole(status['currentReplicas']),
    whole(status['desiredReplicas']),
    seconds(status['lastScaleTime']),
    conditionsCell(status['conditions']),
  ];
}

/** Cells of a PodDisruptionBudget. */
export function disruptionBudgetCells(object: KubeObject): Cell[] {
  const status = tree(object['status']);
  return [
    selectorText(tree(object['spec'])['selector']),
    whole(status['disruptionsAllowed']),
    whole(status['currentHealthy']),
    whole(status['desiredHealthy']),
    whole(status['expectedPods']),
    whole(status['observedGeneration']),
    conditionsCell(status['conditions']),
  ];
}
