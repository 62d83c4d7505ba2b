import type { TimelineKind, TimelinePiece } from '../../../src/api/timeline.ts';
import { PIECES, type TimelineWindow } from './use-timeline.ts';

/** A time so long has the same hour twice. */
export const DAY_MS = 86_400_000;

/** What happened in one piece of the time that is shown. */
export interface Bar {
  /** ms since 1970 */
  readonly from: number;
  readonly to: number;
  readonly total: number;
  /** Of them failures: restarts, health, clusters, incidents. */
  readonly bad: number;
  /** The most first. */
  readonly kinds: readonly (readonly [kind: TimelineKind, count: number])[];
}

const bad: ReadonlySet<string> = new Set(['restarts', 'health', 'cluster', 'incident']);

/** All pieces of a time, also those in which nothing happened. */
export function barsOf(pieces: readonly TimelinePiece[], { from, to }: TimelineWindow): readonly Bar[] {
  const pieceMs = Math.max(1, Math.ceil((to - from + 1) / PIECES));
  const byFrom = new Map(pieces.map((piece) => [Date.parse(piece.from), piece.counts]));
  const bars: Bar[] = [];
  for (let at = from; at <= to; at += pieceMs) {
    const counts = Object.entries(byFrom.get(at) ?? {}) as [TimelineKind, number][];
    const kinds = counts.toSorted(([, left], [, right]) => right - left);
    const sum = (some: readonly (readonly [string, number])[]): number => some.reduce((all, [, one]) => all + one, 0);
    const total = sum(kinds);
    bars.push({
      from: at,
      to: Math.min(to, at + pieceMs - 1),
      total,
      bad: sum(kinds.filter(([kind]) => bad.has(kind))),
      kinds,
    });
  }
  return bars;
}

/** From when to when, in the reader's own zone; with the day where the time shown has several. */
export function pieceText({ from, to }: Pick<Bar, 'from' | 'to'>, window: TimelineWindow): string {
  const isLong = window.to - window.from >= DAY_MS;
  const format = new Intl.DateTimeFormat(undefined, {
    ...(isLong && { weekday: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `${format.format(from)} to ${format.format(to + 1)}`;
}
