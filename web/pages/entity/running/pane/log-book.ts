import { LogCursor, momentOf } from '../../../../../src/api/log-cursor.ts';
import type { LogGap, LogItem, LogLine, LogPod, LogProblem } from '../../../../../src/api/logs.ts';

/** Lines that are kept: the oldest go. */
export const MOST_LINES = 50_000;
/** So many are let go of at once. */
const LEEWAY = 5_000;
/** A log that was silent for longer is not asked for from where it stopped, ms: what others said since would come again. */
const LONGEST_AWAY_MS = 10 * 60_000;

/** A line as it is shown, or a place where lines are missing. */
export type LogRow = (LogLine | LogGap) & {
  /** Counts up from the first line that was ever taken. */
  readonly number: number;
};

/** What was read of some logs: the lines in the order in which they came, and what is known of each pod. */
export class LogBook {
  #rows: LogRow[] = [];
  #first = 0;
  readonly #cursors = new Map<string, LogCursor>();
  readonly #pods = new Map<string, LogPod>();
  readonly #problems = new Map<string, LogProblem>();
  #found: { readonly key: string; readonly number: number } | undefined;

  /** Number of the first line that is kept. */
  get first(): number {
    return this.#first;
  }

  /** Number after the last line. */
  get end(): number {
    return this.#first + this.#rows.length;
  }

  row(number: number): LogRow | undefined {
    return this.#rows[number - this.#first];
  }

  rows(from: number, to: number): readonly LogRow[] {
    return this.#rows.slice(Math.max(0, from - this.#first), Math.max(0, to - this.#first));
  }

  /** Pods that are read now. */
  get open(): number {
    return [...this.#pods.values()].filter(({ state }) => state === 'open').length;
  }

  get problems(): readonly LogProblem[] {
    return [...this.#problems.values()];
  }

  /** Number of the line that a link means. @param at as the line has it */
  find(pod: string, at: string): number | undefined {
    const key = `${pod}@${at}`;
    // It is asked at each paint, and does not move.
    if (this.#found?.key !== key) {
      const number = this.#rows.find((row) => row.at === at && row.pod === pod)?.number;
      this.#found = number === undefined ? undefined : { key, number };
    }
    return this.#found?.number;
  }

  /** Takes what was told. Lines that were taken before a connection was lost are not taken again. */
  take(items: readonly LogItem[]): void {
    for (const item of items) {
      if (item.type === 'pod') this.#pods.set(placeOf(item), item);
      if (item.type === 'pod') this.#problems.delete(placeOf(item));
      if (item.type === 'problem') this.#problems.set(placeOf(item), item);
      if (item.type === 'line') this.#takeLine(item);
      if (item.type === 'gap') this.#rows.push({ ...item, number: this.end });
    }
    if (this.#rows.length < MOST_LINES + LEEWAY) return;
    this.#first += this.#rows.length - MOST_LINES;
    this.#rows = this.#rows.slice(-MOST_LINES);
  }

  /** From when on to ask after the connection was lost; undefined where nothing was read. */
  resume(): string | undefined {
    const froms = Array.from(this.#cursors.values(), (cursor) => cursor.resume()).filter((from) => from !== undefined);
    const newest = Math.max(...froms.map((from) => Date.parse(from)));
    const from = froms.filter((each) => newest - Date.parse(each) <= LONGEST_AWAY_MS).sort()[0];
    this.#pods.clear();
    return from;
  }

  #takeLine(line: LogLine): void {
    const place = placeOf(line);
    let cursor = this.#cursors.get(place);
    if (cursor === undefined) this.#cursors.set(place, (cursor = new LogCursor()));
    if (cursor.take({ at: line.at, moment: momentOf(line.at) ?? 0 })) this.#rows.push({ ...line, number: this.end });
  }
}

function placeOf({ cluster, pod, container }: LogLine | LogPod | LogProblem): string {
  return [cluster, pod, container].filter((part) => part !== undefined).join('/');
}
