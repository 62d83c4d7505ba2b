import type { Logger } from 'pino';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { AccessRecord, AuditEntry } from '../store/access-records.ts';
import type { AccessState } from './access-state.ts';
import { tidyAuditEntry } from './audit-entry.ts';

/** What another server began may take so long before nobody is thought to be at it any more, ms: no request takes as long. */
const GIVEN_UP_MS = 60_000;
/** Time between two looks for what was given up, ms. */
const LOOK_MS = 30_000;

/** What the record of type `intent` holds: who is at it, and the entry that says so. */
const Intent = Type.Object({
  owner: Type.String(),
  entry: Type.Object({
    at: Type.Integer(),
    actor: Type.String(),
    action: Type.String(),
    target: Type.Optional(Type.String()),
    outcome: Type.Literal('pending'),
    requestId: Type.Optional(Type.String()),
    data: Type.Optional(Type.Record(Type.String(), Type.Any())),
  }),
});

/** What intents stand on. */
export interface AuditIntentsOptions {
  readonly state: Pick<AccessState, 'all' | 'commit'>;
  /** True where no other server writes to the store: what is there at the start was left by one that ended. */
  readonly isAlone: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * What is about to be done elsewhere, in the audit log before it is: `pending`. Its end is a record of its own, stored by
 * `AuditLog.record` together with taking the intent away. Where the server ended in between, the next one, or another, records
 * that nobody knows what came of it: `unknown`.
 */
export class AuditIntents {
  readonly #options: AuditIntentsOptions;
  readonly #owner: string;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: AuditIntentsOptions) {
    this.#options = options;
    this.#owner = options.clock.token(8);
  }

  /**
   * Stores that something is about to be done. Resolves when that is durable, not before it may be done.
   * @returns key of the intent
   * @throws STORE_*: nobody knows of it, and it must not be done
   */
  async begin(entry: AuditEntry): Promise<string> {
    const { state, clock } = this.#options;
    const key = clock.token(16);
    const pending = tidyAuditEntry({ ...entry, outcome: 'pending' });
    const value = { owner: this.#owner, entry: JSON.parse(JSON.stringify(pending)) };
    await state.commit([{ op: 'put', type: 'intent', key, value }], [pending]);
    return key;
  }

  /** Begins to look for what was given up. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends looking. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('closed'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const records = Array.from(this.#options.state.all('intent'));
        for (const record of records) await this.#settle(record);
      } catch (error) {
        this.#options.log.error({ error: errorMessage(error) }, 'what was begun and not ended cannot be recorded');
      }
      // The end of the wait is seen by the loop.
      await this.#options.clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  async #settle({ key, value, sequence }: AccessRecord): Promise<void> {
    const { state, clock, isAlone } = this.#options;
    if (!Check(Intent, value) || value.owner === this.#owner) return;
    const { at, data, ...entry } = value.entry;
    if (!isAlone && clock.now() - at < GIVEN_UP_MS) return;
    const unknown: AuditEntry = {
      ...entry,
      at: clock.now(),
      outcome: 'unknown',
      data: { ...data, began: new Date(at).toISOString(), reason: 'SERVER_ENDED' },
    };
    // A conflict: it ended after all, or another server was faster.
    await state.commit([{ op: 'delete', type: 'intent', key, expect: sequence }], [unknown]);
  }
}
