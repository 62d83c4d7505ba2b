import type { LogItem } from '../../api/logs.ts';
import { MOST_LOG_PODS } from '../../api/logs.ts';
import type { Clock } from '../../base/clock.ts';
import type { JobContext } from '../acting/acting.ts';
import { LogMerge } from './log-merge.ts';
import type { LogArgs, LogPlace } from './log-question.ts';
import { logSearch, type LogSearch } from './log-search.ts';
import { MOST_OF_CLUSTER, MOST_OF_READER, type ReaderSeats, type SeatRefusal } from './log-seats.ts';
import { LogSource } from './log-source.ts';
import { jsonWriter, textWriter, type LogWriter } from './log-text.ts';

/** Containers that are read together. */
const MOST_SOURCES = 200;
/** Size of what is given at once, in UTF-16 units, about. */
const BATCH = 64 * 1024;
/** Bytes a second that are given, and for how long they may be saved up, ms. */
const BYTES_PER_SECOND = 4 * 1024 * 1024;
const BURST_MS = 1_000;
/** Where nothing happens for so long it is said that the stream lives, ms. */
const ALIVE_MS = 15_000;

/** What a session needs beside its question. */
export interface LogSessionOptions {
  readonly context: JobContext;
  readonly clock: Clock;
  readonly seats: ReaderSeats;
}

/** The logs of some pods, read for one reader and merged. */
export class LogSession {
  readonly #args: LogArgs;
  readonly #options: LogSessionOptions;
  readonly #search: LogSearch | undefined;
  readonly #writer: LogWriter;
  readonly #merge = new LogMerge<LogPlace>();
  /** By pod, then the containers of it that are read; a pod that is at its end stays while it is there. */
  readonly #pods = new Map<string, Set<LogSource>>();
  readonly #items: LogItem[] = [];
  #users: LogArgs['users'] = {};
  #sources = 0;
  #paidUntil = -Infinity;
  #wake: (() => void) | undefined;

  constructor(args: LogArgs, options: LogSessionOptions) {
    const { question, problems } = args;
    this.#args = args;
    this.#options = options;
    this.#search = question.q === undefined ? undefined : logSearch(question.q);
    this.#writer = question.isText ? textWriter : jsonWriter;
    for (const problem of problems) this.#items.push({ type: 'problem', ...problem });
    this.setPods(args.pods, args.users);
  }

  /** The pods that there are now, and as whom their clusters are asked: logs of new ones are read, those that are gone come to their end. */
  setPods(pods: readonly LogPlace[], users: LogArgs['users']): void {
    this.#users = users;
    const now = new Set(pods.map(keyOf));
    for (const [key, sources] of this.#pods) {
      if (now.has(key)) continue;
      this.#pods.delete(key);
      for (const source of sources) source.go();
    }
    const added = pods.filter((pod) => !this.#pods.has(keyOf(pod)));
    const room = Math.max(0, MOST_LOG_PODS - this.#pods.size);
    for (const pod of added.slice(0, room)) {
      this.#pods.set(keyOf(pod), new Set());
      this.#start(pod);
    }
    if (added.length > room) {
      const message = `Logs of ${MOST_LOG_PODS} pods are read together; ${added.length - room} were left out. Name fewer clusters or pods.`;
      this.#tell({ type: 'problem', code: 'TooManyPods', message });
    }
  }

  /** What there is to tell, as bytes, until everything was told; with `isFollowed` until the signal of the job. */
  async *bytes(): AsyncGenerator<Uint8Array, void> {
    const { context, clock } = this.#options;
    context.signal.addEventListener('abort', () => this.#stop(), { once: true });
    let aliveAt = clock.monotonic() + ALIVE_MS;
    while (!context.signal.aborted) {
      let text = this.#next();
      if (text === '' && this.#isWhole()) break;
      if (text === '' && clock.monotonic() >= aliveAt) text = this.#writer.item({ type: 'alive' });
      if (text === '') {
        const waitMs = this.#merge.waitMs(clock.monotonic()) ?? Infinity;
        await this.#pause(Math.min(waitMs, aliveAt - clock.monotonic()));
        continue;
      }
      const bytes = Buffer.from(text);
      yield new Uint8Array(bytes);
      aliveAt = clock.monotonic() + ALIVE_MS;
      await this.#pace(bytes.length);
    }
    const end = this.#writer.item({ type: 'end', reason: 'whole' });
    if (end !== '' && !context.signal.aborted) yield new Uint8Array(Buffer.from(end));
  }

  #next(): string {
    const items = this.#items.splice(0).map((item) => this.#writer.item(item));
    const entries = this.#merge.take(this.#options.clock.monotonic(), BATCH);
    return items.join('') + entries.map(([place, entry]) => this.#writer.entry(place, entry)).join('');
  }

  #isWhole(): boolean {
    return !this.#args.question.isFollowed && this.#sources === 0 && this.#items.length === 0 && this.#merge.isEmpty;
  }

  /** Waits where more was given than may be in this time. */
  async #pace(bytes: number): Promise<void> {
    const now = this.#options.clock.monotonic();
    this.#paidUntil = Math.max(this.#paidUntil, now - BURST_MS) + (bytes / BYTES_PER_SECOND) * 1000;
    while (this.#paidUntil > this.#options.clock.monotonic() && !this.#options.context.signal.aborted)
      await this.#pause(this.#paidUntil - this.#options.clock.monotonic());
  }

  #start(place: LogPlace): void {
    const { context, clock, seats } = this.#options;
    const leave = this.#sources < MOST_SOURCES ? seats.take(place.cluster) : 'session';
    if (typeof leave === 'string') {
      this.#tell({ type: 'problem', ...nameOf(place), code: 'TooManyLogs', message: tooMany[leave] });
      return;
    }
    const source = new LogSource(place, {
      context,
      clock,
      question: this.#args.question,
      search: this.#search,
      as: this.#users[place.cluster],
      merge: this.#merge,
      tell: (item) => this.#tell(item),
      wake: () => this.#wake?.(),
    });
    const key = keyOf(place);
    this.#pods.get(key)?.add(source);
    this.#sources += 1;
    void source.run().then((containers = []) => {
      leave();
      this.#sources -= 1;
      const isThere = this.#pods.get(key)?.delete(source) ?? false;
      if (isThere) for (const container of containers) this.#start({ ...place, container });
      this.#wake?.();
    });
  }

  #tell(item: LogItem): void {
    this.#items.push(item);
    this.#wake?.();
  }

  #stop(): void {
    for (const sources of this.#pods.values()) for (const source of sources) source.stir();
    this.#wake?.();
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(Math.max(0, ms), resolve);
    this.#wake = resolve;
    await promise;
    timer.cancel();
    this.#wake = undefined;
  }
}

/** What is said of a log for which there is no room. */
const tooMany: Readonly<Record<SeatRefusal | 'session', string>> = {
  session: `${MOST_SOURCES} containers are read together at most; name fewer pods or a container.`,
  reader: `${MOST_OF_READER} logs of one cluster are read together at most; name fewer pods or a container.`,
  cluster: `${MOST_OF_CLUSTER} logs of this cluster are read at once, by everybody together: no more are. Try again later.`,
};

function keyOf({ cluster, namespace, pod }: LogPlace): string {
  return `${cluster}/${namespace}/${pod}`;
}

function nameOf({ cluster, pod, container }: LogPlace): {
  readonly cluster: string;
  readonly pod: string;
  readonly container?: string;
} {
  return { cluster, pod, ...(container !== undefined && { container }) };
}
