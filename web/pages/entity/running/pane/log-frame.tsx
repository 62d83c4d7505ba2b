import { Link } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { EntityRefParts } from '../../../../../src/model/ref.ts';
import type { EntitySearch } from '../../entity-search.ts';
import { LineHeights } from './line-heights.ts';
import type { LogBook, LogRow } from './log-book.ts';

/** Height of a row, px; `styles/running-pane.css` has the same. */
const ROW = 20;
/** Rows that are drawn above and below what is in sight. */
const SPARE = 20;

/** What a frame of logs shows. */
export interface LogFrameProps {
  readonly book: LogBook;
  /** Number after the last line that is shown. */
  readonly end: number;
  readonly isWrapped: boolean;
  readonly showsClusters: boolean;
  /** Goes to the newest line as lines come. */
  readonly isPinned: boolean;
  readonly onPinned: (isPinned: boolean) => void;
  /** `pod@time` of the line that a link means. */
  readonly line: string | undefined;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}

/** Lines of logs, of which those in sight are drawn. */
export function LogFrame(props: LogFrameProps): ReactNode {
  const { book, end, isWrapped, isPinned, onPinned, line } = props;
  const frame = useRef<HTMLDivElement>(null);
  const ruler = useRef<HTMLSpanElement>(null);
  const columns = useColumns(ruler);
  const heights = useMemo(() => new LineHeights(isWrapped ? columns : undefined), [isWrapped, columns]);
  heights.measure(book, end);
  const { total } = heights;
  const [view, setView] = useState({ top: 0, height: 600 });
  const meant = meantLine(book, line);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null || !isPinned) return;
    element.scrollTop = element.scrollHeight;
  }, [isPinned, total]);
  useLayoutEffect(() => {
    if (frame.current !== null && meant !== undefined)
      frame.current.scrollTop = Math.max(0, heights.before(meant) * ROW - frame.current.clientHeight / 2);
    // Only when another line is meant: afterwards one scrolls as one likes.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [meant]);

  const onScroll = (): void => {
    const element = frame.current;
    if (element === null) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    setView({ top: scrollTop, height: clientHeight });
    onPinned(scrollHeight - scrollTop - clientHeight < ROW);
  };
  const from = heights.at(Math.max(0, Math.floor(view.top / ROW) - SPARE));
  const to = Math.min(end, heights.at(Math.ceil((view.top + view.height) / ROW) + SPARE) + 1);
  return (
    <div
      className={`logs-frame${isWrapped ? ' logs-wrapped' : ''}${props.showsClusters ? ' logs-clusters' : ''}`}
      ref={frame}
      role="log"
      aria-label="Lines of the logs"
      // What scrolls must be reachable by keyboard (WCAG 2.1.1).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={onScroll}
    >
      <div className="logs-row logs-ruler" aria-hidden="true">
        <span className="logs-time" />
        <span className="logs-pod" />
        <span className="logs-text" ref={ruler}>
          <span>{'0'.repeat(20)}</span>
        </span>
      </div>
      <div style={{ height: heights.before(from) * ROW }} />
      {book.rows(from, to).map((row) => (
        <Row key={row.number} {...props} row={row} isMeant={row.number === meant} />
      ))}
      <div style={{ height: Math.max(0, total - heights.before(to)) * ROW }} />
    </div>
  );
}

/** Letters that a row of text has room for. */
function useColumns(ruler: RefObject<HTMLSpanElement | null>): number {
  const [columns, setColumns] = useState(120);
  useEffect(() => {
    const element = ruler.current;
    const letters = element?.firstElementChild;
    if (!element || !letters) return undefined;
    const observer = new ResizeObserver(() => {
      const width = letters.getBoundingClientRect().width / 20;
      if (width > 0) setColumns(Math.max(10, Math.floor(element.clientWidth / width)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ruler]);
  return columns;
}

/** Number of the line that a link means, once it is there. */
function meantLine(book: LogBook, line: string | undefined): number | undefined {
  if (line === undefined) return undefined;
  const at = line.indexOf('@');
  return book.find(line.slice(0, at), line.slice(at + 1));
}

function Row({
  row,
  isMeant,
  showsClusters,
  parts,
  search,
}: LogFrameProps & { readonly row: LogRow; readonly isMeant: boolean }): ReactNode {
  const { at, cluster, pod, container } = row;
  const end = pod.slice(pod.lastIndexOf('-') + 1);
  const names = [showsClusters ? cluster : undefined, end, container].filter((name) => name !== undefined);
  return (
    <div className={isMeant ? 'logs-row is-meant' : 'logs-row'}>
      <Link
        to="/catalog/$kind/$namespace/$name"
        params={parts}
        search={{ ...search, line: `${pod}@${at}` }}
        className="logs-time"
        title={`${at}: a link to this line`}
        resetScroll={false}
        replace
      >
        {timeText(at)}
      </Link>
      <span className="logs-pod" title={`${cluster} ${pod}${container === undefined ? '' : ` ${container}`}`}>
        {names.join(' ')}
      </span>
      {row.type === 'gap' ? (
        <span className="logs-text logs-gap">
          {row.lines.toLocaleString()} lines left out: more came than could be shown
        </span>
      ) : (
        <span className="logs-text">
          <Marked text={row.text} marks={row.marks ?? []} />
          {row.cut !== undefined && <em className="faint"> … {row.cut.toLocaleString()} bytes more</em>}
        </span>
      )}
    </div>
  );
}

/** The text with what was searched for marked in it. */
function Marked({
  text,
  marks,
}: {
  readonly text: string;
  readonly marks: readonly (readonly [number, number])[];
}): ReactNode {
  if (marks.length === 0) return text;
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of marks) {
    parts.push(text.slice(from, start), <mark key={start}>{text.slice(start, end)}</mark>);
    from = end;
  }
  return [...parts, text.slice(from)];
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
});

/** Of today the time of day, of other days also the day. */
function timeText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '–';
  const time = clock.format(date);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? time : `${date.getMonth() + 1}/${date.getDate()} ${time.slice(0, 8)}`;
}
