import { setFlagsFromString } from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import type { ClusterConnection } from '../kube/connection.ts';
import type { ReaderNumbers } from './fleet-numbers.ts';
import type { ReaderOrder, ReaderReport, ThreadSettings } from './messages.ts';
import { ThreadLink } from './thread-link.ts';

/** How long clusters may take to be let go of, ms. */
const CLOSE_MS = 2_000;
/** How long the thread may take to say what it did, ms. */
const NUMBERS_MS = 1_000;
/** Most memory, MiB. Pages are parsed and forgotten: a wide young generation spares them the way to the old one. */
const MEMORY = { young: 64, old: 1_024 };

/**
 * Old generation that the thread's heap begins with, MiB. A page's text is a large object of the old generation, and with the
 * small one that V8 begins with there was a whole collection for each: 53,000 objects cost 12.5 s of processor time, and so 8 s.
 */
const OLD_SPACE_MB = 128;

/** What a link needs. */
export interface ReaderLinkOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The thread runs and knows nothing yet. */
  readonly onStart: (link: ReaderLink) => void;
}

/** The server thread's end of a reader thread. */
export class ReaderLink {
  /** Clusters that it reads, by name. */
  readonly clusters = new Set<string>();
  readonly #clock: Clock;
  readonly #thread: ThreadLink<ReaderOrder, ReaderReport>;
  readonly #waiting = new Map<number, { readonly resolve: (numbers: ReaderNumbers) => void; readonly limit: Timer }>();
  #numbers: ReaderNumbers = { clusters: [], underWay: 0 };
  #lastId = 0;

  constructor({ name, clock, log, onStart }: ReaderLinkOptions) {
    this.#clock = clock;
    this.#thread = new ThreadLink({
      entry: 'reader-worker',
      name,
      memory: MEMORY,
      clock,
      log,
      onStart: () => onStart(this),
      onReport: (report) => {
        if (report.type === 'numbers') this.#onNumbers(report.id, report.numbers);
      },
    });
  }

  get runs(): boolean {
    return this.#thread.runs;
  }

  start(): void {
    setFlagsFromString(`--initial-old-space-size=${OLD_SPACE_MB}`);
    this.#thread.start();
  }

  /** Gives it its way to the fleet's thread; clusters that it read before end. */
  attach(settings: ThreadSettings, fleet: MessagePort): void {
    this.#thread.tell({ type: 'start', settings, fleet }, [fleet]);
  }

  connect(connection: ClusterConnection, generation: number): void {
    this.#thread.tell({ type: 'connect', connection, generation });
  }

  disconnect(cluster: string): void {
    this.#thread.tell({ type: 'disconnect', cluster });
  }

  /** What it did so far; from a thread that does not answer: what was known last. */
  numbers(): Promise<ReaderNumbers> {
    if (!this.#thread.runs) return Promise.resolve(this.#numbers);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const limit = this.#clock.after(NUMBERS_MS, () => this.#onNumbers(id, this.#numbers));
      this.#waiting.set(id, { resolve, limit });
      this.#thread.tell({ type: 'numbers', id });
    });
  }

  /** Lets go of its clusters and ends it. */
  close(): Promise<void> {
    return this.#thread.close({ type: 'close' }, CLOSE_MS);
  }

  #onNumbers(id: number, numbers: ReaderNumbers): void {
    this.#numbers = numbers;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.limit.cancel();
    waiting?.resolve(numbers);
  }
}
