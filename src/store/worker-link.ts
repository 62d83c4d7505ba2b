import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import { storeError } from './errors.ts';
import type { CallName, HintOf, StoreCalls, WireError, WorkerMessage, WorkerSettings } from './messages.ts';
import type { StoreHealth } from './store.ts';
import { startStoreThread } from './store-thread.ts';

const OK: StoreHealth = { status: 'ok', reason: '' };
const MAX_RESTARTS = 5;
/** A worker that has run this long has earned new restarts. */
const STEADY_MS = 60_000;
const FIRST_DELAY_MS = 100;
const CLOSE_DEADLINE_MS = 20_000;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a link needs. */
export interface LinkOptions {
  readonly settings: WorkerSettings;
  readonly clock: Clock;
  readonly log: Logger | undefined;
  /** A thread that was started already and is told nothing yet. */
  readonly thread?: Worker | undefined;
  readonly onHint: (of: HintOf) => void;
}

/**
 * The main thread's end of a store worker. When the worker dies, calls under way fail with STORE_FAILED and the worker
 * is started anew, up to five times in a row with growing delays; until it is ready calls fail with STORE_UNAVAILABLE.
 * After that the link is failed for good.
 */
export class WorkerLink {
  readonly #options: LinkOptions;
  readonly #pending = new Map<number, Pending>();
  #thread: Worker | undefined;
  #worker: Worker | undefined;
  /** A worker that is not ready yet. */
  #starting: Worker | undefined;
  #health: StoreHealth = { status: 'unavailable', reason: 'the store is opening' };
  #lastId = 0;
  #restarts = 0;
  #readyAt = 0;
  #restart: Timer | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#thread = options.thread;
  }

  get health(): StoreHealth {
    return this.#health;
  }

  /** Starts the worker; resolves when it is ready. @throws what kept the database from opening */
  start(): Promise<void> {
    const opened = Promise.withResolvers<void>();
    const worker = this.#thread ?? startStoreThread();
    this.#thread = undefined;
    this.#starting = worker;
    worker.ref();
    worker.postMessage(this.#options.settings);
    let fault = 'its worker stopped';
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'ready') {
        this.#onReady(worker);
        opened.resolve();
      } else if (message.type === 'refused') {
        opened.reject(fromWire(message.error));
      } else this.#onMessage(message);
    });
    worker.on('error', (error) => (fault = errorMessage(error)));
    worker.on('exit', () => {
      if (this.#starting === worker) this.#starting = undefined;
      opened.reject(storeError('STORE_FAILED', { reason: fault }));
      if (this.#worker === worker) this.#onDeath(fault);
    });
    return opened.promise;
  }

  /** @throws STORE_CLOSED, STORE_FAILED, STORE_UNAVAILABLE, and what the call itself throws */
  async call<N extends CallName>(call: N, ...args: Parameters<StoreCalls[N]>): Promise<ReturnType<StoreCalls[N]>> {
    if (this.#closing !== undefined) throw storeError('STORE_CLOSED');
    return (await this.#send(call, args)) as ReturnType<StoreCalls[N]>;
  }

  /** Lets calls under way finish, at most 20 s, and ends the worker. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#restart?.cancel();
    await this.#starting?.terminate();
    const worker = this.#worker;
    if (worker === undefined) return;
    const deadline = this.#options.clock.after(CLOSE_DEADLINE_MS, () => void worker.terminate());
    try {
      await this.#send('close', []);
    } catch (error) {
      this.#options.log?.warn({ error: errorMessage(error) }, 'Store did not close cleanly');
    }
    deadline.cancel();
    this.#worker = undefined;
    await worker.terminate();
    this.#failPending(storeError('STORE_CLOSED'));
  }

  #send(call: CallName, args: readonly unknown[]): Promise<unknown> {
    const worker = this.#worker;
    if (worker === undefined) {
      const code = this.#health.status === 'failed' ? 'STORE_FAILED' : 'STORE_UNAVAILABLE';
      return Promise.reject(storeError(code, { reason: this.#health.reason }));
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      try {
        worker.postMessage({ id, call, args });
      } catch (error) {
        this.#pending.delete(id);
        reject(storeError('WRITE_INVALID', { reason: errorMessage(error) }, error));
      }
    });
  }

  #onReady(worker: Worker): void {
    this.#starting = undefined;
    this.#worker = worker;
    this.#readyAt = this.#options.clock.monotonic();
    this.#health = OK;
  }

  #onMessage(message: Exclude<WorkerMessage, { type: 'ready' | 'refused' }>): void {
    switch (message.type) {
      case 'result':
        this.#take(message.id)?.resolve(message.result);
        return;
      case 'error':
        this.#take(message.id)?.reject(fromWire(message.error));
        return;
      case 'hint':
        this.#options.onHint(message.of);
        return;
      case 'health':
        this.#health = message.health;
        this.#options.log?.warn(
          { status: message.health.status, reason: message.health.reason },
          'Store health changed',
        );
        return;
      case 'log':
        this.#options.log?.[message.level](message.fields, message.message);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #onDeath(reason: string): void {
    this.#worker = undefined;
    this.#failPending(storeError('STORE_FAILED', { reason }));
    if (this.#closing !== undefined) return;
    this.#options.log?.error({ reason }, 'Store worker stopped');
    if (this.#options.clock.monotonic() - this.#readyAt > STEADY_MS) this.#restarts = 0;
    this.#scheduleRestart(reason);
  }

  #scheduleRestart(reason: string): void {
    if (this.#restarts === MAX_RESTARTS) {
      this.#health = { status: 'failed', reason };
      return;
    }
    this.#health = { status: 'unavailable', reason: 'the store is starting anew' };
    const delayMs = FIRST_DELAY_MS * 2 ** this.#restarts;
    this.#restarts += 1;
    this.#restart = this.#options.clock.after(delayMs, () => {
      this.start().catch((error: unknown) => {
        this.#options.log?.error({ error: errorMessage(error) }, 'Store worker did not start');
        if (this.#closing === undefined) this.#scheduleRestart(errorMessage(error));
      });
    });
  }

  #failPending(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

function fromWire({ code, details }: WireError): Error {
  return storeError(code, details);
}
