import type { RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import type { EntitySearch } from '../entity-search.ts';
import { workloadKey } from './chosen-cell.ts';

/** A pod, and why it is not well. */
export interface PodTrouble {
  readonly name: string;
  readonly reason?: string | undefined;
}

/** It is to be started again, or was: what it said before it ended stands in the log before the restart. */
const RESTARTED: ReadonlySet<string> = new Set(['CrashLoopBackOff', 'Restarting']);
/** No container ever ran: there is no log. */
const SILENT: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'ContainerCreating',
  'Unschedulable',
]);

/** Where the log of one pod stands, as the URL has it; undefined where it printed nothing. */
export function podLog(
  workload: RunningWorkload,
  { cluster }: Pick<RunningCell, 'cluster'>,
  { name, reason = '' }: PodTrouble,
): EntitySearch | undefined {
  if (SILENT.has(reason)) return undefined;
  return {
    view: 'running',
    workload: workloadKey(workload),
    cluster,
    pane: 'logs',
    pod: name,
    ...(RESTARTED.has(reason) && { previous: 'true' }),
  };
}

/** Where the log of the first pod that fails in a place stands; undefined where none does, or it printed nothing. */
export function failingLog(workload: RunningWorkload, cell: RunningCell): EntitySearch | undefined {
  const [first] = cell.failing.toSorted(
    (left, right) => Number(SILENT.has(left.reason)) - Number(SILENT.has(right.reason)),
  );
  return first && podLog(workload, cell, first);
}
