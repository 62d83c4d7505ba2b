import type { Clock, Timer } from '../base/clock.ts';
import type { Driver, Sql } from './driver.ts';
import { assertEmpty, loadRows } from './dump.ts';
import { storeError } from './errors.ts';
import type { DumpRow } from './store.ts';

type Step = { readonly rows: readonly DumpRow[] } | 'end' | Error;

/**
 * Filling an empty store in one transaction that stays open while its rows arrive page by page. Other writes wait. A
 * load that stands still is rolled back.
 */
export class LoadSession {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #transaction: Promise<void>;
  #step = Promise.withResolvers<Step>();
  #answer = Promise.withResolvers<void>();
  #timer: Timer;

  constructor(driver: Driver, clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#timer = this.#idleTimer();
    const fill = async (sql: Sql): Promise<void> => {
      await assertEmpty(sql);
      for (;;) {
        this.#answer.resolve();
        const step = await this.#step.promise;
        this.#step = Promise.withResolvers();
        if (step === 'end') return;
        if (step instanceof Error) throw step;
        await loadRows(sql, step.rows);
      }
    };
    this.#transaction = driver.write(fill, { idleMs });
    // Whoever waits for the next answer learns of the failure, also when it comes between two calls.
    this.#transaction.catch((error: unknown) => this.#answer.reject(error));
  }

  /** Resolves when the store is known to be empty and is ready for rows. @throws STORE_NOT_EMPTY */
  async begin(): Promise<void> {
    await this.#answer.promise;
  }

  /** Resolves when the rows are written, not yet committed. */
  async page(rows: readonly DumpRow[]): Promise<void> {
    this.#next({ rows });
    await this.#answer.promise;
  }

  /** Resolves when everything is committed. */
  async end(): Promise<void> {
    this.#next('end');
    this.#timer.cancel();
    await this.#transaction;
  }

  /** Rolls back; resolves when that is done. */
  async abort(): Promise<void> {
    this.#step.resolve(storeError('STORE_FAILED', { reason: 'the load was given up' }));
    this.#timer.cancel();
    await this.#transaction.catch(() => undefined);
  }

  #next(step: Step): void {
    this.#timer.cancel();
    this.#timer = this.#idleTimer();
    this.#answer = Promise.withResolvers();
    this.#answer.promise.catch(() => undefined);
    // A transaction that has failed by now answers at once.
    this.#transaction.catch((error: unknown) => this.#answer.reject(error));
    this.#step.resolve(step);
  }

  #idleTimer(): Timer {
    return this.#clock.after(this.#idleMs, () => {
      this.#step.resolve(storeError('STORE_FAILED', { reason: 'the load stood still for too long' }));
    });
  }
}
