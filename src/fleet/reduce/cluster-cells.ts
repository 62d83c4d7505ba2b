import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { conditionsCell } from './conditions.ts';
import { lines, list, text, tree, truth, type Tree, whole } from './json-read.ts';
import { quantity } from './quantity.ts';

/** Cells of a Namespace. */
export function namespaceCells(object: KubeObject): Cell[] {
  return [text(tree(object['status'])['phase'])];
}

/** Cells of a PersistentVolumeClaim. */
export function volumeClaimCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  return [
    text(status['phase']),
    text(spec['storageClassName']),
    quantity(tree(status['capacity'])['storage']),
    text(spec['volumeName']),
    conditionsCell(status['conditions']),
  ];
}

function quantityLines(values: unknown): string | undefined {
  const pairs = Object.entries(tree(values)).map(([key, value]) => `${key}=${String(value)}`);
  return lines(pairs.sort());
}

/** Cells of a ResourceQuota. */
export function quotaCells(object: KubeObject): Cell[] {
  const status = tree(object['status']);
  return [quantityLines(status['hard'] ?? tree(object['spec'])['hard']), quantityLines(status['used'])];
}

function taintLine(item: unknown): string {
  const { key, value, effect } = tree(item);
  const named = text(value) === undefined ? text(key) : `${text(key)}=${text(value)}`;
  return `${named ?? ''}:${text(effect) ?? ''}`;
}

const readyWord: Readonly<Record<string, number>> = { True: 1, False: 0 };

/** Conditions other than Ready that are true are all bad news of a node. */
function nodePressure(conditions: readonly Tree[]): string | undefined {
  return lines(
    conditions.filter(({ type, status }) => type !== 'Ready' && status === 'True').map(({ type }) => text(type)),
  );
}

/** Cells of a Node. */
export function nodeCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const status = tree(object['status']);
  const conditions = list(status['conditions']).map(tree);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const allocatable = tree(status['allocatable']);
  const labels = tree(object.metadata['labels']);
  const cpu = quantity(allocatable['cpu']);
  return [
    readyWord[text(ready?.['status']) ?? ''],
    truth(spec['unschedulable']),
    text(tree(status['nodeInfo'])['kubeletVersion']),
    nodePressure(conditions),
    cpu === undefined ? undefined : Math.round(cpu * 1000),
    quantity(allocatable['memory']),
    whole(quantity(allocatable['pods'])),
    lines(list(spec['taints']).map(taintLine)),
    text(labels['topology.kubernetes.io/zone']),
    text(labels['node.kubernetes.io/instance-type']),
    // Heartbeats come by the minute: they are the news of nobody.
    conditionsCell(conditions, ({ type, status: met }) => (type === 'Ready') !== (met === 'True')),
  ];
}
