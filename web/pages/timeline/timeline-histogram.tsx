import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { TimelinePiece } from '../../../src/api/timeline.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useShortcut } from '../../ui/shortcuts.ts';
import { type Bar, barsOf, DAY_MS, pieceText } from './timeline-bars.ts';
import { kindWord, type TimelineSearch } from './timeline-search.ts';
import type { TimelineWindow } from './use-timeline.ts';

const HEIGHT = 44;

/** How much happened when, in bars or in a table. Each bar leads to its time. */
export function TimelineHistogram({
  pieces,
  window,
  search,
}: {
  readonly pieces: readonly TimelinePiece[];
  readonly window: TimelineWindow;
  readonly search: TimelineSearch;
}): ReactNode {
  const navigate = useNavigate({ from: '/fleet/timeline' });
  useShortcut('twin.toggle', () => {
    const next = (now: TimelineSearch): TimelineSearch => ({
      ...now,
      twin: now.twin === 'table' ? undefined : 'table',
    });
    void navigate({ search: next, resetScroll: false });
  });
  const bars = barsOf(pieces, window);
  return (
    <section className="timeline-counts" aria-label="How much happened when">
      <nav className="segments timeline-twin" aria-label="Shown as">
        {([undefined, 'table'] as const).map((twin) => (
          <ChoiceLink
            key={twin ?? 'bars'}
            from="/fleet/timeline"
            to="/fleet/timeline"
            search={(now: TimelineSearch) => ({ ...now, twin })}
            className="segment"
            isOn={search.twin === twin}
            resetScroll={false}
          >
            {twin === undefined ? 'Bars' : 'Table'}
          </ChoiceLink>
        ))}
      </nav>
      {search.twin === 'table' ? <BarTable bars={bars} /> : <Bars bars={bars} window={window} />}
    </section>
  );
}

function Bars({ bars, window }: { readonly bars: readonly Bar[]; readonly window: TimelineWindow }): ReactNode {
  const board = useRef<HTMLOListElement>(null);
  const [current, setCurrent] = useState(bars.length - 1);
  const inOrder = Math.min(Math.max(0, current), bars.length - 1);
  const most = Math.max(1, ...bars.map(({ total }) => total));
  const walk = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      Home: -bars.length,
      End: bars.length,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const next = Math.min(Math.max(0, inOrder + step), bars.length - 1);
    board.current?.querySelectorAll<HTMLElement>('a')[next]?.focus();
  };
  return (
    <>
      {/* The keys move the focus among links, which say what they are. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol ref={board} className="plain timeline-bars" onKeyDown={walk}>
        {bars.map((bar, index) => (
          <li key={bar.from}>
            <ChoiceLink
              from="/fleet/timeline"
              to="/fleet/timeline"
              search={(now: TimelineSearch) => ({
                ...now,
                from: new Date(bar.from).toISOString(),
                to: new Date(bar.to).toISOString(),
                at: undefined,
                before: undefined,
              })}
              className="timeline-bar"
              isOn={false}
              tabIndex={index === inOrder ? 0 : -1}
              onFocus={() => setCurrent(index)}
              aria-label={`${pieceText(bar, window)}: ${bar.total === 1 ? '1 entry' : `${bar.total} entries`}`}
              title={`${pieceText(bar, window)}: ${bar.total}`}
              resetScroll={false}
            >
              <svg viewBox={`0 0 10 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
                <rect className="timeline-bar-all" x="0" width="10" {...spot(bar.total, most)} />
                <rect className="timeline-bar-bad" x="0" width="10" {...spot(bar.bad, most)} />
              </svg>
            </ChoiceLink>
          </li>
        ))}
      </ol>
      <p className="timeline-axis" aria-hidden="true">
        <span>{edgeText(window.from, window)}</span>
        <span>{edgeText(window.to, window)}</span>
      </p>
    </>
  );
}

function spot(count: number, most: number): { readonly y: number; readonly height: number } {
  const height = count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT);
  return { y: HEIGHT - height, height };
}

function edgeText(at: number, { from, to }: TimelineWindow): string {
  const isLong = to - from >= DAY_MS;
  const day = { weekday: 'short', day: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(undefined, { ...(isLong && day), ...clock }).format(at);
}

function BarTable({ bars }: { readonly bars: readonly Bar[] }): ReactNode {
  const filled = bars.filter(({ total }) => total > 0);
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="visually-hidden">How much happened when</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" className="col-number">
              Entries
            </th>
            <th scope="col">Of which</th>
          </tr>
        </thead>
        <tbody>
          {filled.map((bar) => (
            <tr key={bar.from}>
              <th scope="row">
                <time dateTime={new Date(bar.from).toISOString()}>{new Date(bar.from).toLocaleString()}</time>
              </th>
              <td className="col-number">{bar.total.toLocaleString()}</td>
              <td>{bar.kinds.map(([kind, count]) => `${kindWord(kind)} ${count}`).join(', ')}</td>
            </tr>
          ))}
          {filled.length === 0 && (
            <tr>
              <td colSpan={3}>Nothing happened in this time.</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
