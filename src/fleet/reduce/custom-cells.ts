import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { conditionsCell } from './conditions.ts';
import { text, tree, whole } from './json-read.ts';

/** A generation that some controllers (Argo Rollouts) write as a text. */
function generation(value: unknown): number | undefined {
  return whole(typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value);
}

/** Cells of a custom resource: what many of them say in the same way. */
export function customCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  const { phase } = status;
  return [
    text(phase) ?? text(tree(status['health'])['status']) ?? text(status['status']),
    whole(spec['replicas']),
    whole(status['replicas']),
    whole(status['updatedReplicas']),
    whole(status['readyReplicas']),
    whole(status['availableReplicas']),
    generation(status['observedGeneration']),
    spec['suspend'] === true || spec['paused'] === true ? 1 : 0,
    conditionsCell(status['conditions']),
  ];
}
