import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { AccessRecord, AccessRecordType } from '../store/access-records.ts';
import type { AccessState } from './access-state.ts';

/** A use is written down this long after it, with others of the moment, ms. */
const BATCH_MS = 1000;

/** A record's last use is written this often at most, ms. */
export const USE_EVERY_MS = 60_000;

/** What one use changes of a record. */
type Used = Pick<AccessRecord, 'value' | 'expiresAt'>;

/** What uses of records are written with. */
export interface LastUseOptions {
  readonly state: AccessState;
  readonly type: AccessRecordType;
  readonly clock: Clock;
  readonly log: Logger;
  /** The record after a use at a moment from an address. */
  used(record: AccessRecord, at: number, from: string | undefined): Used;
}

/**
 * Writes down when records were last used, in batches. It never brings back a record that was ended meanwhile, and what
 * cannot be written is let go: the next use is noted again.
 */
export class LastUse {
  readonly #options: LastUseOptions;
  readonly #pending = new Map<string, { readonly at: number; readonly from: string | undefined }>();
  #timer: Timer | undefined;

  constructor(options: LastUseOptions) {
    this.#options = options;
  }

  /** Notes a use of now. @param lastAt ms since the epoch of the last one that is written down */
  note(key: string, lastAt: number, from: string | undefined): void {
    const { clock } = this.#options;
    const at = clock.now();
    if (at - lastAt < USE_EVERY_MS || this.#pending.has(key)) return;
    this.#pending.set(key, { at, from });
    this.#timer ??= clock.after(BATCH_MS, () => void this.flush());
  }

  /** Writes what is noted. Never rejects. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const pending = [...this.#pending];
    this.#pending.clear();
    await Promise.all(pending.map(([key, use]) => this.#write(key, use.at, use.from)));
  }

  async #write(key: string, at: number, from: string | undefined): Promise<void> {
    const { state, type, log, used } = this.#options;
    const record = state.get(type, key);
    if (record === undefined) return;
    try {
      // `expect`: a record that was ended or changed meanwhile stays as it is.
      await state.commit([{ op: 'put', type, key, ...used(record, at, from), expect: record.sequence }], []);
    } catch (error) {
      log.warn({ type, error: errorMessage(error) }, 'last use not written');
    }
  }
}
