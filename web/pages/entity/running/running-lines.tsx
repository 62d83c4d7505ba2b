import type { ReactNode } from 'react';
import type { Running, RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { Age } from '../../../ui/age.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { FailingLogLink } from './log-link.tsx';
import { healthMarks, troubleText, verdictWords } from './running-words.ts';

/** Places that are told in the verdict; the rest stands under Running. */
const MOST_PLACES = 3;

/** Whether there is anything to say of where it runs: what was only looked for by its name, and not found, is no news. */
export function isTold({ workloads, looked }: Running, isClaimed: boolean): boolean {
  return workloads.length > 0 || (isClaimed && looked > 0);
}

/** How it runs, as the first lines of the verdict: how, in how many clusters, since when, where it is worst, and the logs of that. */
export function RunningLines({
  running,
  parts,
}: {
  readonly running: Running;
  readonly parts: EntityRefParts;
}): ReactNode {
  const { verdict } = running;
  const troubles = troublesOf(running);
  return (
    <>
      <p className="verdict-words">
        <Mark state={healthMarks[verdict.status]}>{verdictWords(running)}</Mark>
        {verdict.since !== undefined && (
          <span>
            {' '}
            since <Age at={Date.parse(verdict.since)} suffix=" ago" />
          </span>
        )}
      </p>
      {verdict.clusters === 0 && verdict.message !== undefined && <p className="verdict-problem">{verdict.message}</p>}
      {troubles.slice(0, MOST_PLACES).map(({ workload, cell }) => (
        <p key={`${cell.cluster} ${workload.kind} ${workload.name}`} className="verdict-problem">
          <strong>{cell.cluster}</strong> {troubleText(workload, cell)}{' '}
          <FailingLogLink workload={workload} cell={cell} parts={parts} />
        </p>
      ))}
      {troubles.length > MOST_PLACES && <p>and {troubles.length - MOST_PLACES} more places.</p>}
    </>
  );
}

interface Trouble {
  readonly workload: RunningWorkload;
  readonly cell: RunningCell;
}

/** The places that are as the verdict says, where that is not good. */
function troublesOf({ verdict, workloads }: Running): readonly Trouble[] {
  if (verdict.status === 'Healthy') return [];
  return workloads.flatMap((workload) =>
    workload.cells.filter(({ status }) => status === verdict.status).map((cell) => ({ workload, cell })),
  );
}
