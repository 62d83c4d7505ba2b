import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type {
  AccessCommit,
  AccessRecord,
  AccessRecordType,
  AccessStore,
  AccessWrite,
  AuditEntry,
  GoneAccessRecord,
} from '../store/access-records.ts';
import { tidyAuditEntry } from './audit-entry.ts';

/** Records read at once. */
const PAGE = 1_000;
/** The longest that a change of another server stays unseen here, ms; hints make it sooner. */
const USUAL_POLL_MS = 500;
/** Time between two readings for credentials that are not known here, ms: a flood of wrong ones costs ten a second. */
const MISS_MS = 100;
/** Time between two looks for records that have run out, ms. */
const SWEEP_MS = 3_600_000;

/** What the state stands on. */
export interface AccessStateOptions {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** How often to look without a hint, ms. Default 500; where no other process can write, seldom will do. */
  readonly pollMs?: number | undefined;
}

/** A record as it is now, or that it is gone. */
export type AccessChange = AccessRecord | GoneAccessRecord;

/** Reads all records and follows them until `close`. @throws STORE_* where they cannot be read */
export async function openAccessState(options: AccessStateOptions): Promise<AccessState> {
  const state = new AccessState(options);
  try {
    await state.start();
  } catch (error) {
    await state.close();
    throw error;
  }
  return state;
}

/**
 * All records of the permission layer in memory, as the store has them: every server holds them all, so that who asks
 * and what may be done is known without waiting. Changes of other servers arrive by a hint of the store, at the latest with
 * the next poll. While the store cannot be read, what was known stays in force.
 */
export class AccessState {
  readonly #options: AccessStateOptions;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(changes: readonly AccessChange[]) => void>();
  #records = new Map<AccessRecordType, Map<string, AccessRecord>>();
  #sequence = 0;
  #reading: Promise<void> | undefined;
  /** Begins after the one under way. */
  #nextReading: Promise<void> | undefined;
  #missReading: Promise<void> | undefined;
  #lastMissAt = -Infinity;
  #lastSweepAt: number;
  #hasFailed = false;
  #poll: Timer | undefined;
  #unsubscribe: (() => void) | undefined;

  /** See `openAccessState`. */
  constructor(options: AccessStateOptions) {
    this.#options = options;
    this.#lastSweepAt = options.clock.now();
  }

  /** Fills the memory and begins to follow. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#options.store.onHint(() => void this.#follow());
    await this.#read();
    this.#schedule();
  }

  /** From memory; a record that has run out is as gone. */
  get(type: AccessRecordType, key: string): AccessRecord | undefined {
    const record = this.#records.get(type)?.get(key);
    return record === undefined || this.#isExpired(record) ? undefined : record;
  }

  /** Every record of a type, in no order. Do not hold the iteration over an await. */
  *all(type: AccessRecordType): Generator<AccessRecord> {
    for (const record of this.#records.get(type)?.values() ?? []) if (!this.#isExpired(record)) yield record;
  }

  /** Calls `listener` after changes were taken in, own ones too; not when a record runs out. Returns the way to stop. */
  onChange(listener: (changes: readonly AccessChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Writes all of it, with its audit entries, in one transaction. Resolves when it is durable and taken in here.
   * @throws STORE_*: it may or may not have happened
   */
  async commit(writes: readonly AccessWrite[], audit: readonly AuditEntry[]): Promise<AccessCommit> {
    const result = await this.#options.store.commit(writes, audit.map(tidyAuditEntry));
    // After a conflict the caller wants to see what it collided with.
    if (result.status === 'conflict' || this.#sequence < result.sequence) await this.#read();
    return result;
  }

  /**
   * Takes in everything committed before the call, by any server: for a credential that is not known here. Calls share
   * readings, ten a second at the most.
   * @throws STORE_* where the store cannot be read: then nobody knows whether the credential is good
   */
  catchUp(): Promise<void> {
    this.#missReading ??= this.#readMiss();
    return this.#missReading;
  }

  /** Stops following; what is in memory stays readable. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('closed'));
    this.#unsubscribe?.();
    this.#poll?.cancel();
    await Promise.allSettled([this.#reading, this.#nextReading, this.#missReading]);
  }

  async #readMiss(): Promise<void> {
    const { clock } = this.#options;
    const waitMs = this.#lastMissAt + MISS_MS - clock.monotonic();
    // Also without a wait the reading must begin after `#missReading` was set.
    await (waitMs > 0 ? clock.sleep(waitMs, this.#stop.signal) : Promise.resolve());
    this.#missReading = undefined;
    this.#lastMissAt = clock.monotonic();
    await this.#read();
  }

  /** A reading that begins after the call. There is never more than one at a time: an older one must not come last. */
  #read(): Promise<void> {
    if (this.#nextReading !== undefined) return this.#nextReading;
    if (this.#reading === undefined) return this.#begin();
    const begin = (): Promise<void> => this.#begin();
    this.#nextReading = this.#reading.then(begin, begin);
    return this.#nextReading;
  }

  #begin(): Promise<void> {
    this.#nextReading = undefined;
    this.#reading = this.#readOn().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    const newer = this.#sequence === 0 ? undefined : await this.#readFrom(this.#sequence);
    if (newer !== undefined) {
      this.#take(newer.changes, newer.sequence);
      return;
    }
    const all = await this.#readFrom(0);
    if (all !== undefined) this.#take(this.#replace(all.changes), all.sequence);
  }

  /** Undefined: what went since `after` is not known any more. */
  async #readFrom(after: number): Promise<{ readonly changes: AccessChange[]; readonly sequence: number } | undefined> {
    const changes: AccessChange[] = [];
    let sequence = after;
    for (let complete = false; !complete;) {
      const page = await this.#options.store.changes(sequence, PAGE);
      // What goes while a reading from the start goes on is known for days yet.
      if (page.expired && after > 0) return undefined;
      changes.push(...page.changes);
      ({ sequence, complete } = page);
    }
    return { changes, sequence };
  }

  /** Forgets everything; returns the changes from what was known to what is. */
  #replace(read: readonly AccessChange[]): AccessChange[] {
    const before = this.#records;
    this.#records = new Map();
    const names = new Set(read.filter((change) => !('gone' in change)).map(({ type, key }) => `${type} ${key}`));
    const gone: AccessChange[] = [];
    for (const records of before.values()) {
      for (const { type, key, sequence } of records.values()) {
        if (!names.has(`${type} ${key}`)) gone.push({ type, key, sequence, gone: true });
      }
    }
    return [...gone, ...read];
  }

  #take(changes: readonly AccessChange[], sequence: number): void {
    this.#sequence = sequence;
    this.#noteSuccess();
    if (changes.length === 0) return;
    for (const change of changes) {
      let records = this.#records.get(change.type);
      if (records === undefined) this.#records.set(change.type, (records = new Map()));
      if ('gone' in change) records.delete(change.key);
      else records.set(change.key, change);
    }
    for (const listener of this.#listeners) {
      try {
        listener(changes);
      } catch (error) {
        this.#options.log.error({ error: errorMessage(error) }, 'a change of access records was not taken in');
      }
    }
  }

  /** Reads, whatever comes of it: the next poll tries again. */
  async #follow(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    try {
      await this.#read();
    } catch (error) {
      if (this.#hasFailed || this.#stop.signal.aborted) return;
      this.#hasFailed = true;
      this.#options.log.error({ error: errorMessage(error) }, 'access records cannot be read');
    }
  }

  #noteSuccess(): void {
    if (this.#hasFailed) this.#options.log.info('access records can be read again');
    this.#hasFailed = false;
  }

  #schedule(): void {
    if (this.#stop.signal.aborted) return;
    this.#poll = this.#options.clock.after(this.#options.pollMs ?? USUAL_POLL_MS, () => {
      this.#dropExpired();
      void this.#follow().then(() => this.#schedule());
    });
  }

  #dropExpired(): void {
    const now = this.#options.clock.now();
    if (now - this.#lastSweepAt < SWEEP_MS) return;
    this.#lastSweepAt = now;
    for (const records of this.#records.values()) {
      for (const record of records.values()) if (this.#isExpired(record)) records.delete(record.key);
    }
  }

  #isExpired({ expiresAt }: AccessRecord): boolean {
    return expiresAt !== undefined && expiresAt <= this.#options.clock.now();
  }
}
