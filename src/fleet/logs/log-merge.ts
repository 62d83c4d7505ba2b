import type { LogMark } from './log-search.ts';

/** What is known of one line, or of lines that were left out. */
export interface LogEntry {
  /** As the cluster told it. */
  readonly at: string;
  /** Ms since 1970, to order by. */
  readonly moment: number;
  readonly text: string;
  readonly cut: number;
  readonly marks: readonly LogMark[] | undefined;
  /** So many lines were left out here; the text is empty then. */
  readonly gap: number;
}

/** A log that is first heard of may take this long before others go on without it, ms. */
const FIRST_HOLD_MS = 1_000;
/** One that was heard of this long ago has nothing to say now, ms. */
const HOLD_MS = 250;
/** UTF-16 units and a fixed part for each line that wait, over all logs. */
const MOST_WAITING = 4 * 1024 * 1024;
const LINE_COST = 100;

interface Queue<Source> {
  readonly source: Source;
  entries: LogEntry[];
  /** Index of the first entry that was not taken. */
  head: number;
  size: number;
  /** Others wait for it until then, ms of the clock. */
  holdUntil: number;
  isEnded: boolean;
}

/**
 * Puts the lines of many logs in order of time, as far as they came: the oldest line is given once every other log has one too, is
 * at its end, or was silent for a quarter of a second. What waits is bounded; who brings lines asks `isFull` and waits for
 * `onRoom`, or leaves lines out.
 */
export class LogMerge<Source> {
  readonly #queues = new Map<Source, Queue<Source>>();
  readonly #onRoom = new Set<() => void>();
  #waiting = 0;

  /** True where no more should be brought now. */
  get isFull(): boolean {
    return this.#waiting >= MOST_WAITING;
  }

  /** True where nothing waits. */
  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  /**
   * A log begins, or goes on after it ended.
   *
   * @param now ms of a monotonic clock
   * @param isFirst true where it may have much to tell: others wait a second for it
   */
  open(source: Source, now: number, isFirst: boolean): void {
    const known = this.#queues.get(source);
    const holdUntil = now + (isFirst ? FIRST_HOLD_MS : HOLD_MS);
    if (known === undefined)
      this.#queues.set(source, { source, entries: [], head: 0, size: 0, holdUntil, isEnded: false });
    else known.isEnded = false;
  }

  /** Lines of a log, in their order. */
  push(source: Source, entries: readonly LogEntry[], now: number): void {
    const queue = this.#queues.get(source);
    if (queue === undefined) return;
    queue.holdUntil = now + HOLD_MS;
    for (const entry of entries) {
      queue.entries.push(entry);
      this.#count(queue, sizeOf(entry));
    }
  }

  /** A log is at its end, or is not heard of for a while: nobody waits for it. */
  end(source: Source): void {
    const queue = this.#queues.get(source);
    if (queue === undefined) return;
    queue.isEnded = true;
    if (queue.head === queue.entries.length) this.#queues.delete(source);
  }

  /** Leaves out what waits of a log, with lines that just came; a gap says how many. */
  drop(source: Source, entries: readonly LogEntry[]): void {
    const queue = this.#queues.get(source);
    if (queue === undefined) return;
    const left = [...queue.entries.slice(queue.head), ...entries];
    const [first] = left;
    if (first === undefined) return;
    const gap = left.reduce((sum, entry) => sum + (entry.gap || 1), 0);
    queue.entries = [{ ...first, text: '', cut: 0, marks: undefined, gap }];
    queue.head = 0;
    this.#count(queue, LINE_COST - queue.size);
  }

  /** The next lines in order. @param most how large they are together, about, in UTF-16 units */
  take(now: number, most: number): (readonly [Source, LogEntry])[] {
    const taken: (readonly [Source, LogEntry])[] = [];
    let size = 0;
    while (size < most) {
      const next = this.#next(now);
      if (next === undefined) break;
      const { queue, until } = next;
      for (let entry = headOf(queue); entry !== undefined && size < most; entry = headOf(queue)) {
        if (entry.moment > until) break;
        taken.push([queue.source, entry]);
        queue.head += 1;
        size += sizeOf(entry);
        this.#count(queue, -sizeOf(entry));
      }
      this.#tidy(queue);
    }
    if (taken.length > 0 && !this.isFull) this.#tellRoom();
    return taken;
  }

  /** In how many ms there may be more to take though nothing comes; undefined: not before something comes. */
  waitMs(now: number): number | undefined {
    const queues = [...this.#queues.values()];
    if (!queues.some((queue) => headOf(queue) !== undefined)) return undefined;
    const holding = queues.filter((queue) => isHolding(queue, now)).map(({ holdUntil }) => holdUntil);
    return holding.length === 0 ? 0 : Math.max(...holding) - now;
  }

  /** Calls once there is room again, or something ends the waiting. */
  onRoom(listener: () => void): () => void {
    this.#onRoom.add(listener);
    return () => this.#onRoom.delete(listener);
  }

  /** The log whose first line is the oldest, and up to which moment no other has one; none while others may bring older ones. */
  #next(now: number): { readonly queue: Queue<Source>; readonly until: number } | undefined {
    let oldest: Queue<Source> | undefined;
    let first = Infinity;
    let until = Infinity;
    for (const queue of this.#queues.values()) {
      const entry = headOf(queue);
      if (entry === undefined) {
        if (isHolding(queue, now)) return undefined;
      } else if (entry.moment < first) {
        until = first;
        first = entry.moment;
        oldest = queue;
      } else until = Math.min(until, entry.moment);
    }
    return oldest && { queue: oldest, until };
  }

  #tidy(queue: Queue<Source>): void {
    if (queue.head < queue.entries.length) {
      if (queue.head < 1_000) return;
      queue.entries = queue.entries.slice(queue.head);
    } else {
      queue.entries = [];
      if (queue.isEnded) this.#queues.delete(queue.source);
    }
    queue.head = 0;
  }

  #count(queue: Queue<Source>, size: number): void {
    queue.size += size;
    this.#waiting += size;
  }

  #tellRoom(): void {
    const listeners = [...this.#onRoom];
    this.#onRoom.clear();
    for (const listener of listeners) listener();
  }
}

function headOf<Source>(queue: Queue<Source>): LogEntry | undefined {
  return queue.entries[queue.head];
}

function isHolding<Source>(queue: Queue<Source>, now: number): boolean {
  return !queue.isEnded && headOf(queue) === undefined && queue.holdUntil > now;
}

function sizeOf({ text }: LogEntry): number {
  return text.length + LINE_COST;
}
