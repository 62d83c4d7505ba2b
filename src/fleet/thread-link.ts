import { setFlagsFromString } from 'node:v8';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import { workerEntry } from '../base/worker-entry.ts';
import type { LogLine } from './thread-log.ts';

/** A thread that has run this long has earned a quick restart, ms. */
const STEADY_MS = 60_000;
const RESTART_MS = { first: 100, most: 30_000 };

/** What a link to a thread needs. */
export interface ThreadLinkOptions<Report> {
  /** Module beside this one, without its extension. */
  readonly entry: 'fleet-worker' | 'reader-worker' | 'acting-worker';
  readonly name: string;
  /** Most memory of its young and its old generation, MiB: a thread that needs more ends, and the server lives. */
  readonly memory: { readonly young: number; readonly old: number };
  readonly clock: Clock;
  readonly log: Logger;
  /** A thread runs, the first or another one: it knows nothing yet. */
  readonly onStart: () => void;
  readonly onReport: (report: Report) => void;
  /** The thread ended by a fault; another one starts after a while. */
  readonly onDeath?: ((reason: string) => void) | undefined;
}

/**
 * The server thread's end of a thread of the fleet. One that dies is started again after a while that grows with each
 * death, without end: the clusters are of no less interest on another day.
 */
export class ThreadLink<Order extends { readonly type: string }, Report extends { readonly type: string }> {
  readonly #options: ThreadLinkOptions<Exclude<Report, LogLine>>;
  #worker: Worker | undefined;
  #startedAt = 0;
  #deaths = 0;
  #restart: Timer | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ThreadLinkOptions<Exclude<Report, LogLine>>) {
    this.#options = options;
  }

  /** False while there is no thread: what is told to it then is lost. */
  get runs(): boolean {
    return this.#worker !== undefined;
  }

  /** Starts the thread. */
  start(): void {
    const { entry, name, memory, clock, onReport, onStart } = this.#options;
    // What the command line limits for the server's own heap would hold for those of threads too, whatever they ask for.
    setFlagsFromString('--max-semi-space-size=0');
    const worker = new Worker(workerEntry(import.meta.url, entry), {
      name,
      resourceLimits: { maxYoungGenerationSizeMb: memory.young, maxOldGenerationSizeMb: memory.old },
    });
    worker.unref();
    this.#worker = worker;
    this.#startedAt = clock.monotonic();
    let fault = 'it ended';
    worker.on('message', (report: Report) => {
      if (isLogLine(report)) this.#options.log[report.level](report.fields, report.message);
      else onReport(report as Exclude<Report, LogLine>);
    });
    worker.on('error', (error) => (fault = errorMessage(error)));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#onDeath(fault);
    });
    onStart();
  }

  /** Tells the thread something; without a thread: nothing happens. */
  tell(order: Order, transfer: readonly MessagePort[] = []): void {
    this.#worker?.postMessage(order, transfer);
  }

  /** Asks the thread to end, and ends it where it does not within the time. */
  close(order: Order, withinMs: number): Promise<void> {
    this.#closing ??= this.#close(order, withinMs);
    return this.#closing;
  }

  async #close(order: Order, withinMs: number): Promise<void> {
    this.#restart?.cancel();
    const worker = this.#worker;
    if (worker === undefined) return;
    // Whoever waits for the end keeps the process alive until then.
    worker.ref();
    const ended = Promise.withResolvers<void>();
    worker.on('exit', () => ended.resolve());
    const deadline = this.#options.clock.after(withinMs, () => void worker.terminate());
    worker.postMessage(order);
    await ended.promise;
    deadline.cancel();
  }

  #onDeath(reason: string): void {
    this.#worker = undefined;
    if (this.#closing !== undefined) return;
    const { clock, log, name, onDeath } = this.#options;
    if (clock.monotonic() - this.#startedAt > STEADY_MS) this.#deaths = 0;
    const delayMs = Math.min(RESTART_MS.most, RESTART_MS.first * 2 ** this.#deaths);
    this.#deaths += 1;
    log.error({ thread: name, reason, delayMs }, 'A thread of the fleet stopped');
    onDeath?.(reason);
    this.#restart = clock.after(delayMs, () => this.start());
  }
}

function isLogLine(report: { readonly type: string }): report is LogLine {
  return report.type === 'log';
}
