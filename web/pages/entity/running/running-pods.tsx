import type { ReactNode } from 'react';
import type { LiveObjectItem } from '../../../../src/api/fleet.ts';
import { resources } from '../../../data/session.ts';
import { Age } from '../../../ui/age.tsx';
import { Mark } from '../../../ui/mark.tsx';
import { FailureNotice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import type { PaneProps } from './chosen-cell.ts';
import { PodLogLink } from './log-link.tsx';
import { healthMarks } from './running-words.ts';
import { usePods } from './use-running.ts';

/** The pods of a workload in a cluster, the worst first; of Jobs those that run or failed. */
export function RunningPods({ workload, cell, parts }: PaneProps): ReactNode {
  const pods = usePods(workload, cell);
  const { data, failure } = pods;
  if (data === undefined || pods.isPrevious) {
    if (failure) return <FailureNotice failure={failure} onRetry={() => resources.repeat(pods.key)} />;
    return <Skeleton rows={3} label="Loading pods" />;
  }
  if (data.items.length === 0)
    return <p className="panel-empty">{isJob(workload) ? NO_PODS_OF_JOB : 'It has no pods there.'}</p>;
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">Pods</caption>
        <thead>
          <tr>
            <th scope="col">Pod</th>
            <th scope="col">State</th>
            <th scope="col" className="col-number">
              Ready
            </th>
            <th scope="col" className="col-number">
              Restarts
            </th>
            <th scope="col">Node</th>
            <th scope="col">Age</th>
            <th scope="col">Log</th>
          </tr>
        </thead>
        <tbody>
          {data.items.toSorted(worstFirst).map((pod) => (
            <PodRow key={pod.uid} pod={pod} workload={workload} cell={cell} parts={parts} />
          ))}
        </tbody>
      </table>
      {isJob(workload) && <p className="panel-foot">Pods that completed are not kept.</p>}
      {data.total > data.items.length && (
        <p className="panel-foot">
          {data.items.length} of {data.total.toLocaleString()} pods: those that restarted most.
        </p>
      )}
    </div>
  );
}

const NO_PODS_OF_JOB =
  'None of its pods runs or failed there. Pods that completed are not kept: its Job says how it ended.';

/** What is over is not held: a Job that did its work has no pods here. */
function isJob({ kind }: PaneProps['workload']): boolean {
  return kind === 'CronJob' || kind === 'Job';
}

function worstFirst(left: LiveObjectItem, right: LiveObjectItem): number {
  const isBad = ({ fields }: LiveObjectItem): number => Number(fields['health'] !== 'Healthy');
  return isBad(right) - isBad(left);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '–';

function PodRow({
  pod,
  ...place
}: Pick<PaneProps, 'workload' | 'cell' | 'parts'> & { readonly pod: LiveObjectItem }): ReactNode {
  const trouble = { name: pod.name, reason: textOf(pod.fields['healthReason']) ?? textOf(pod.fields['reason']) };
  const { health, reason, ready, containers, restarts, node, lastExit } = pod.fields;
  const status = health === 'Healthy' || health === 'Degraded' || health === 'Progressing' ? health : 'Unknown';
  return (
    <tr>
      <th scope="row">
        <code>{pod.name}</code>
      </th>
      <td>
        <Mark state={healthMarks[status]}>{shown(reason)}</Mark>
        {typeof lastExit === 'string' && <span className="faint running-exit"> last ended: {lastExit}</span>}
      </td>
      <td className="col-number" data-label="Ready">
        {shown(ready)}/{shown(containers)}
      </td>
      <td className="col-number" data-label="Restarts">
        {shown(restarts)}
      </td>
      <td data-label="Node">{shown(node)}</td>
      <td data-label="Age">
        <Age at={Date.parse(pod.createdAt)} />
      </td>
      <td data-label="Log">
        <PodLogLink {...place} pod={trouble} />
      </td>
    </tr>
  );
}
