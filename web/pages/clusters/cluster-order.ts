import type { Cluster } from '../../../src/api/fleet.ts';
import { minorOf } from './cluster-condition.ts';
import { worstFirst } from './cluster-groups.ts';
import { CLUSTER_SORTS, type ClusterSort } from './clusters-search.ts';

/** A column and its direction. */
export interface ClusterOrder {
  /** Absent: the worst first. */
  readonly column?: ClusterSort;
  readonly isDown: boolean;
}

/** Reads `pods` or `-pods`. */
export function orderOf(sort: string | undefined): ClusterOrder {
  const column = CLUSTER_SORTS.find((name) => name === sort?.replace(/^-/, ''));
  return column === undefined ? { isDown: false } : { column, isDown: sort?.startsWith('-') === true };
}

/** What a click on a column asks for: numbers begin with the largest, a second click turns it round, a third ends it. */
export function nextOrder(sort: string | undefined, column: ClusterSort): string | undefined {
  const first = column === 'pods' || column === 'nodes' ? `-${column}` : column;
  const second = first === column ? `-${column}` : column;
  return sort === first ? second : sort === second ? undefined : first;
}

/** Clusters in an order; where two are the same in it, and where none is asked for, the worst first, then by name. */
export function orderClusters(clusters: readonly Cluster[], sort: string | undefined): readonly Cluster[] {
  const { column, isDown } = orderOf(sort);
  const worst = worstFirst(clusters);
  const isWorst = new Set(worst);
  const byName = clusters
    .filter((cluster) => !isWorst.has(cluster))
    .toSorted((left, right) => compare(left.name, right.name));
  const usual = [...worst, ...byName];
  if (column === undefined) return usual;
  const turn = isDown ? -1 : 1;
  return usual.toSorted((left, right) => turn * compare(valueOf(left, column), valueOf(right, column)));
}

function valueOf(cluster: Cluster, column: ClusterSort): string | number {
  switch (column) {
    case 'name':
      return cluster.name;
    case 'environment':
    case 'region':
      return cluster.labels[column] ?? '';
    case 'version':
      return minorOf(cluster) ?? 0;
    case 'nodes':
      return cluster.nodes.total;
    case 'pods':
      return cluster.pods;
  }
}

function compare(left: string | number, right: string | number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
