import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { AccessStore, AccessWrite, AuditEntry } from '../store/access-records.ts';
import { tidyAuditEntry } from './audit-entry.ts';

/** Entries that wait before whoever has one more must wait too. */
const MAX_WAITING = 5_000;
/** Entries of one transaction. */
const BATCH = 500;
/** Waits while the store fails: doubling from the first to the longest, ms. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** How long closing tries to store what is left, ms. */
const CLOSE_MS = 5_000;

/** What the audit log writes to. */
export interface AuditLogOptions {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Waiting {
  readonly entry: AuditEntry;
  /** What is written in the same transaction. */
  readonly writes: readonly AccessWrite[];
  /** Lets go whoever waits for it. */
  readonly letGo: () => void;
}

/**
 * Takes entries and stores them in order, many at a time. While the store fails they wait here, and whoever has more
 * than fits waits with them; what cannot be stored at last is written to the log. Changes that are stored together
 * with their entry go by `AccessState.commit` instead.
 */
export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #waiting: Waiting[] = [];
  readonly #stop = new AbortController();
  #draining: Promise<void> | undefined;
  #failures = 0;
  #hasFailed = false;
  #lost = 0;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /** Entries that are not stored yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Failed tries to store entries, since the start. */
  get failures(): number {
    return this.#failures;
  }

  /** Entries that could not be stored and stand in the log of the process only, since the start. */
  get lost(): number {
    return this.#lost;
  }

  /**
   * Takes an entry. Resolves when it is durable; while the store fails as soon as it waits here, or, where too many
   * wait, when there is room again. Never rejects.
   * @param intent that ends with it; see `AuditIntents`
   */
  record(entry: AuditEntry, intent?: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const writes: readonly AccessWrite[] = intent === undefined ? [] : [{ op: 'delete', type: 'intent', key: intent }];
    const waiting = { entry: tidyAuditEntry(entry), writes, letGo: resolve };
    if (this.#stop.signal.aborted) {
      this.#lose([waiting], 'the audit log is closed');
      return promise;
    }
    this.#waiting.push(waiting);
    this.#draining ??= this.#drain();
    if (this.#hasFailed) this.#letGo();
    return promise;
  }

  /** Stores what waits, for at most 5 s; the rest goes to the log. */
  async close(): Promise<void> {
    const deadline = this.#options.clock.after(CLOSE_MS, () => this.#stop.abort(new Error('closed')));
    await this.#draining;
    deadline.cancel();
    this.#stop.abort(new Error('closed'));
    this.#lose(this.#waiting.splice(0), 'the store failed until the end');
  }

  async #drain(): Promise<void> {
    let tries = 0;
    // Lets those in that come at the same moment.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      const batch = this.#waiting.slice(0, BATCH);
      try {
        await this.#options.store.commit(
          batch.flatMap(({ writes }) => writes),
          batch.map(({ entry }) => entry),
        );
        tries = 0;
        this.#noteSuccess();
      } catch (error) {
        this.#noteFailure(error);
        if (!(error instanceof CallboardError && error.code === 'WRITE_INVALID')) {
          await this.#pause(tries);
          tries += 1;
          continue;
        }
        this.#lose(batch, errorMessage(error));
      }
      this.#waiting.splice(0, batch.length);
      for (const { letGo } of batch) letGo();
      if (this.#hasFailed) this.#letGo();
    }
    this.#draining = undefined;
  }

  async #pause(tries: number): Promise<void> {
    const { clock } = this.#options;
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 10), LONGEST_RETRY_MS);
    // The end of the wait is seen by the loop.
    await clock.sleep(delayMs * (0.5 + clock.random() / 2), this.#stop.signal).catch(() => undefined);
  }

  /** Nobody waits for a store that fails while there is room. */
  #letGo(): void {
    for (const { letGo } of this.#waiting.slice(0, MAX_WAITING)) letGo();
  }

  #noteFailure(error: unknown): void {
    this.#failures += 1;
    this.#letGo();
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#options.log.error({ error: errorMessage(error), waiting: this.waiting }, 'audit records cannot be stored');
  }

  #noteSuccess(): void {
    if (this.#hasFailed) this.#options.log.info('audit records are stored again');
    this.#hasFailed = false;
  }

  #lose(waiting: readonly Waiting[], reason: string): void {
    this.#lost += waiting.length;
    for (const { entry: audit, letGo } of waiting) {
      this.#options.log.error({ audit, reason }, 'audit record was not stored');
      letGo();
    }
  }
}
