import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { isAble, useUi } from '../../../data/use-ui.ts';
import { failingLog, type PodTrouble, podLog } from './log-search.ts';

/** The way to the log of the pod that fails in a place; nothing where no container printed anything, or one may not read it. */
export function FailingLogLink({
  workload,
  cell,
  parts,
}: {
  readonly workload: RunningWorkload;
  readonly cell: RunningCell;
  readonly parts: EntityRefParts;
}): ReactNode {
  return <LogLink search={failingLog(workload, cell)} parts={parts} of={`${workload.name} in ${cell.cluster}`} />;
}

/** The way to the log of one pod. */
export function PodLogLink({
  workload,
  cell,
  parts,
  pod,
}: {
  readonly workload: RunningWorkload;
  readonly cell: RunningCell;
  readonly parts: EntityRefParts;
  readonly pod: PodTrouble;
}): ReactNode {
  return <LogLink search={podLog(workload, cell, pod)} parts={parts} of={pod.name} />;
}

function LogLink({
  search,
  parts,
  of,
}: {
  readonly search: ReturnType<typeof podLog>;
  readonly parts: EntityRefParts;
  readonly of: string;
}): ReactNode {
  const isSeen = isAble(useUi().data, 'fleet.log.read');
  if (search === undefined || !isSeen) return null;
  return (
    <Link
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={search}
      className="accent log-link"
      aria-label={`Log of ${of}`}
      resetScroll={false}
    >
      Log
    </Link>
  );
}
