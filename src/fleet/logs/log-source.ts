import { LogCursor } from '../../api/log-cursor.ts';
import type { LogPod, LogProblem } from '../../api/logs.ts';
import type { Clock } from '../../base/clock.ts';
import { CallboardError, errorMessage } from '../../base/errors.ts';
import { type ApiStatus, readRefusal } from '../../kube/api-status.ts';
import type { Impersonation } from '../../kube/connection.ts';
import type { ActingStream, JobContext } from '../acting/acting.ts';
import { LogLines, plainText, type RawLine } from './log-lines.ts';
import type { LogEntry, LogMerge } from './log-merge.ts';
import { containersIn, logFields, logPath, type LogPlace, type LogQuestion } from './log-question.ts';
import type { LogSearch } from './log-search.ts';

/** Pause before a log is opened again: it grows with each failure, ms. */
const AGAIN_MS = { first: 500, most: 10_000 };
/** Attempts for a log that is not followed. */
const MOST_ATTEMPTS = 3;
/** A reader of what is printed now that takes nothing for so long misses lines, ms. */
const PATIENCE_MS = 3_000;
/** Searching goes on for so long at a time, ms; then others have the thread for twice as long. */
const SEARCH_MS = 10;
const REFUSAL_BYTES = 64 * 1024;

/** What one log needs of what reads them together. */
export interface LogSourceOptions {
  readonly context: JobContext;
  readonly clock: Clock;
  readonly question: LogQuestion;
  readonly search: LogSearch | undefined;
  readonly as: Impersonation | undefined;
  readonly merge: LogMerge<LogPlace>;
  /** Something is to be told of it, beside its lines. */
  readonly tell: (item: LogPod | LogProblem) => void;
  /** Lines came. */
  readonly wake: () => void;
}

/** How an attempt to read a log ended. */
type Outcome =
  | { readonly type: 'ended' }
  | { readonly type: 'refused'; readonly status: ApiStatus }
  | { readonly type: 'broken'; readonly code: string; readonly message: string };

/** Reads the log of one container, across lost connections and restarts of the container, until it is over. */
export class LogSource {
  readonly place: LogPlace;
  readonly #options: LogSourceOptions;
  readonly #cursor = new LogCursor();
  #isGone = false;
  #isNews = true;
  #isFirst = true;
  #told = '';
  #resume: (() => void) | undefined;

  constructor(place: LogPlace, options: LogSourceOptions) {
    this.place = place;
    this.#options = options;
  }

  /** The pod is no more: what it still tells is read, and then no more. */
  go(): void {
    this.#isGone = true;
    this.#resume?.();
  }

  /** Ends a pause, so that it can be seen what happened. */
  stir(): void {
    this.#resume?.();
  }

  /** Reads until the log is over. @returns the containers of which one must be named first, instead of reading */
  async run(): Promise<readonly string[] | undefined> {
    const { merge } = this.#options;
    try {
      for (let failures = 0; ; failures += 1) {
        this.#isNews = false;
        const outcome = await this.#attempt();
        merge.end(this.place);
        if (this.#isNews) failures = 0;
        const containers = outcome.type === 'refused' ? containersIn(outcome.status.message) : undefined;
        if (containers !== undefined && containers.length > 0) return containers;
        if (this.#isOver(outcome, failures)) return undefined;
        await this.#pause(Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** failures));
      }
    } finally {
      merge.end(this.place);
      this.#options.wake();
    }
  }

  /** Decides what an outcome means, and tells it. */
  #isOver(outcome: Outcome, failures: number): boolean {
    const { context, question } = this.#options;
    if (context.signal.aborted) return true;
    if (outcome.type === 'ended') {
      if (question.isFollowed && !this.#isGone) return false;
      this.#tellState(question.isFollowed ? 'gone' : 'ended');
      return true;
    }
    const wasRead = !this.#isFirst;
    if (this.#isGone || (outcome.type === 'refused' && outcome.status.code === 404 && wasRead)) {
      this.#tellState('gone');
      return true;
    }
    const { code, message, isFinal } = troubleOf(outcome, question);
    // One attempt that fails is no news where reading went on before: the next one is soon.
    if (failures > 0 || !wasRead || isFinal) this.#tellProblem(code, message);
    return isFinal || (!question.isFollowed && failures + 1 >= MOST_ATTEMPTS);
  }

  async #attempt(): Promise<Outcome> {
    const { context, question, as, clock, merge } = this.#options;
    const { cluster, container } = this.place;
    try {
      const query = logFields(question, container ?? question.container, this.#cursor.resume());
      merge.open(this.place, clock.monotonic(), this.#isFirst);
      const stream = await context.stream(cluster, {
        path: logPath(this.place),
        query,
        as,
        accept: '*/*',
        isLasting: true,
      });
      if (stream.status !== 200) return { type: 'refused', status: await refusalOf(stream) };
      this.#opened();
      await this.#read(stream.chunks);
      return { type: 'ended' };
    } catch (thrown) {
      const code = thrown instanceof CallboardError ? thrown.code : 'LogBroken';
      return { type: 'broken', code, message: errorMessage(thrown) };
    }
  }

  #opened(): void {
    this.#cursor.open(this.#options.context.now());
    if (this.#isFirst || this.#told !== '') this.#tellState('open');
    this.#isFirst = false;
    this.#told = '';
  }

  async #read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const lines = new LogLines();
    for await (const chunk of chunks) {
      await this.#take(lines.take(chunk));
      if (this.#options.context.signal.aborted) return;
    }
    await this.#take(lines.rest());
  }

  async #take(lines: readonly RawLine[]): Promise<void> {
    const entries = await this.#entriesOf(lines);
    if (entries.length === 0) return;
    const { merge, clock, wake } = this.#options;
    if (merge.isFull && !(await this.#room())) merge.drop(this.place, entries);
    else merge.push(this.place, entries, clock.monotonic());
    wake();
  }

  async #entriesOf(lines: readonly RawLine[]): Promise<readonly LogEntry[]> {
    const { clock, question, search } = this.#options;
    const entries: LogEntry[] = [];
    let began = clock.monotonic();
    for (const line of lines) {
      if (!this.#cursor.take(line)) continue;
      this.#isNews = true;
      const { at, moment, cut } = line;
      const text = question.isText ? line.text : plainText(line.text);
      const marks = search?.(text);
      if (search === undefined || marks !== undefined) entries.push({ at, moment, text, cut, marks, gap: 0 });
      const spent = clock.monotonic() - began;
      if (search === undefined || spent < SEARCH_MS) continue;
      await this.#pause(spent * 2);
      began = clock.monotonic();
    }
    return entries;
  }

  /** Waits until there is room for more lines. @returns false where who follows has missed too much to wait on */
  async #room(): Promise<boolean> {
    const { merge, clock, context, question } = this.#options;
    const until = question.isFollowed ? clock.monotonic() + PATIENCE_MS : Infinity;
    while (merge.isFull && !context.signal.aborted) {
      const leftMs = until - clock.monotonic();
      if (leftMs <= 0) return false;
      const forget = merge.onRoom(() => this.#resume?.());
      await this.#pause(Math.min(leftMs, PATIENCE_MS));
      forget();
    }
    return true;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#options.context.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(ms, resolve);
    this.#resume = resolve;
    await promise;
    timer.cancel();
    this.#resume = undefined;
  }

  #tellState(state: LogPod['state']): void {
    const { cluster, pod, container } = this.place;
    this.#options.tell({ type: 'pod', cluster, pod, ...(container !== undefined && { container }), state });
  }

  #tellProblem(code: string, message: string): void {
    if (this.#told === code) return;
    this.#told = code;
    const { cluster, pod, container } = this.place;
    this.#options.tell({ type: 'problem', cluster, pod, ...(container !== undefined && { container }), code, message });
  }
}

interface Trouble {
  readonly code: string;
  readonly message: string;
  /** Trying again would not help. */
  readonly isFinal: boolean;
}

function troubleOf(outcome: Exclude<Outcome, { readonly type: 'ended' }>, { isFollowed }: LogQuestion): Trouble {
  if (outcome.type === 'broken') return { ...outcome, isFinal: false };
  const { code, reason, message } = outcome.status;
  // A container that has not started yet is refused too; who follows waits for it.
  const isComing = isFollowed && code === 400 && message.includes('waiting to start');
  const isFinal = code < 500 && code !== 429 && !isComing;
  return { code: reason || `HTTP${code}`, message, isFinal };
}

async function refusalOf({ status, chunks }: ActingStream): Promise<ApiStatus> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= REFUSAL_BYTES) break;
  }
  return readRefusal(status, Buffer.concat(parts));
}
