import { useNavigate } from '@tanstack/react-router';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { LogProblem, LogQuery } from '../../../../../src/api/logs.ts';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { Mark } from '../../../../ui/mark.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { countText } from '../../count-text.ts';
import type { EntitySearch } from '../../entity-search.ts';
import type { PaneProps } from '../chosen-cell.ts';
import { LogBar } from './log-bar.tsx';
import type { LogBook } from './log-book.ts';
import { LogFrame } from './log-frame.tsx';
import { PaneFailure } from './pane-failure.tsx';
import { useLogs, type LogView } from './use-logs.ts';

/** Seconds of the spans of the URL. */
const spans = { '5m': 300, '1h': 3_600, '24h': 86_400 } as const;
/** How much is shown before a line that a link means, ms. */
const BEFORE_MS = 60_000;
/** Problems that are told; the rest is counted. */
const MOST_PROBLEMS = 3;

/** Logs of a workload: of one of its pods, of all in the cluster, or in all its clusters, followed. */
export function LogsPane(props: PaneProps): ReactNode {
  const { workload, cell, parts, search } = props;
  // A line that is chosen later is in what is shown already.
  const [line] = useState(search.line);
  const query = queryOf(props, line);
  const view = useLogs(query);
  const { book, phase, failure } = view;
  const [stoppedAt, setStoppedAt] = useState<number>();
  const [isPinned, setIsPinned] = useState(line === undefined);
  const [isWrapped, setIsWrapped] = useState(() => window.innerWidth < 768);
  const frame = useRef<HTMLDivElement>(null);
  const isOpen = phase !== 'opening';
  useLayoutEffect(() => {
    // Who asked for the log of a pod wants to read it, wherever they come from.
    if (isOpen && search.pod !== undefined) frame.current?.scrollIntoView({ block: 'start' });
  }, [isOpen, search.pod]);
  const navigate = useNavigate();
  const change = (parted: Partial<EntitySearch>): void =>
    void navigate({
      to: '/catalog/$kind/$namespace/$name',
      params: parts,
      search: { ...search, line: undefined, ...parted },
      replace: true,
      resetScroll: false,
    });
  const end = Math.max(book.first, Math.min(stoppedAt ?? book.end, book.end));
  return (
    <div className="logs" ref={frame}>
      <LogBar
        search={search}
        clusters={workload.cells.length}
        cluster={cell.cluster}
        download={downloadUrl(query)}
        isWrapped={isWrapped}
        onWrapped={setIsWrapped}
        isPaused={stoppedAt !== undefined}
        onPaused={(isPaused) => setStoppedAt(isPaused ? book.end : undefined)}
        change={change}
      />
      {failure ? (
        <PaneFailure failure={failure} cluster={cell.cluster} />
      ) : (
        <>
          <Problems problems={book.problems} />
          {phase === 'opening' ? (
            <Skeleton rows={8} label="Opening the logs" />
          ) : (
            <LogFrame
              book={book}
              end={end}
              isWrapped={isWrapped}
              showsClusters={search.logs === 'all'}
              isPinned={isPinned}
              onPinned={setIsPinned}
              line={search.line}
              parts={parts}
              search={search}
            />
          )}
          <p className="logs-foot">
            <span aria-live="polite">{stateText(view, query, end)}</span>
            {!isPinned && (
              <button type="button" className="button button-small" onClick={() => setIsPinned(true)}>
                Go to the newest
              </button>
            )}
            {search.line !== undefined && <CopyButton text={location.href} label="Copy a link to the line" />}
          </p>
        </>
      )}
    </div>
  );
}

function queryOf({ workload, cell, search }: PaneProps, line: string | undefined): LogQuery {
  const { logs, pod, previous, since, q } = search;
  const at = line === undefined ? Number.NaN : Date.parse(line.slice(line.indexOf('@') + 1));
  const isMeant = !Number.isNaN(at);
  return {
    ...((logs !== 'all' || pod !== undefined) && { cluster: [cell.cluster] }),
    namespace: workload.namespace ?? '_',
    ...(pod === undefined ? { kind: workload.kind, name: workload.name } : { pod: [pod] }),
    ...(previous === 'true' ? { previous: true } : { follow: true }),
    ...(isMeant && { sinceTime: new Date(at - BEFORE_MS).toISOString() }),
    ...(!isMeant && since !== undefined && { since: spans[since] }),
    ...(q !== undefined && q !== '' && { q }),
  };
}

function downloadUrl({ follow: _followed, cluster = [], pod = [], ...query }: LogQuery): string {
  const fields = new URLSearchParams();
  for (const name of cluster) fields.append('cluster', name);
  for (const name of pod) fields.append('pod', name);
  for (const [key, value] of Object.entries(query)) fields.append(key, String(value));
  fields.append('download', 'true');
  return `/api/v1/fleet/logs?${fields.toString()}`;
}

function stateText({ book, phase }: LogView, { q }: LogQuery, end: number): string {
  const count = end - book.first;
  const lines = `${count === 1 ? '1 line' : `${count.toLocaleString()} lines`}${q === undefined ? '' : ` with ${q}`}`;
  const waiting = book.end - end;
  if (waiting > 0) return `Paused at ${lines}; ${waiting.toLocaleString()} more came`;
  if (phase === 'lost') return `${lines}; the connection was lost and is tried again`;
  if (phase === 'whole') return `${lines}, to the end`;
  if (book.open === 0) return `${lines}; no pod is read now`;
  return `${lines}, following ${countText(book.open, 'container')}`;
}

function Problems({ problems }: { readonly problems: LogBook['problems'] }): ReactNode {
  if (problems.length === 0) return null;
  const more = problems.length - MOST_PROBLEMS;
  return (
    <ul className="plain logs-problems">
      {problems.slice(0, MOST_PROBLEMS).map((problem) => (
        <li key={`${problem.cluster} ${problem.pod} ${problem.container} ${problem.code}`}>
          <Mark state={problem.code === 'Forbidden' || problem.code === 'ACTING_OFF' ? 'denied' : 'warning'}>
            {problemWords(problem)}
          </Mark>
        </li>
      ))}
      {more > 0 && <li className="faint">and {countText(more, 'more problem')}</li>}
    </ul>
  );
}

function problemWords({ cluster, pod, container, message }: LogProblem): string {
  const place = [cluster, pod, container].filter((part) => part !== undefined).join(' ');
  return place === '' ? message : `${place}: ${message}`;
}
