import type { Running, RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import type { EntitySearch } from '../entity-search.ts';

/** One workload in one cluster. */
export interface Chosen {
  readonly workload: RunningWorkload;
  readonly cell: RunningCell;
}

/** What parts of the page are given that show something of the chosen workload. */
export interface PaneProps extends Chosen {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}

/** A workload as the URL names it: `Kind/namespace/name`, `_` where it stands in no namespace. */
export function workloadKey({
  kind,
  namespace = '_',
  name,
}: Pick<RunningWorkload, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** What the URL names, of what is shown; else the worst of it. */
export function chosenCell({ workloads }: Pick<Running, 'workloads'>, search: EntitySearch): Chosen | undefined {
  const all = workloads.flatMap((workload) => workload.cells.map((cell) => ({ workload, cell })));
  const isNamed = ({ workload }: Chosen): boolean => workloadKey(workload) === search.workload;
  const isThere = ({ cell }: Chosen): boolean => cell.cluster === search.cluster;
  const isWorst = ({ workload, cell }: Chosen): boolean => cell.status === workload.status;
  const own = search.workload === undefined ? all : all.filter(isNamed);
  const there = search.cluster === undefined ? own : own.filter(isThere);
  return there.find(isWorst) ?? there[0] ?? own.find(isWorst) ?? all.find(isWorst);
}
