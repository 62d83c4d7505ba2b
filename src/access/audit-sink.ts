import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { AuditSinkConfig } from '../config/audit-config.ts';
import type { SecretText } from '../config/secret-text.ts';
import type { AccessStore, AuditRecord } from '../store/access-records.ts';
import type { AccessState } from './access-state.ts';
import { sinkBody } from './audit-sink-body.ts';

/** Records of one delivery. */
const BATCH = 200;
/** Time between two looks for new records, ms. */
const LOOK_MS = 1_000;
/** The longest that a receiver may take, ms. */
const TIMEOUT_MS = 10_000;
/** How long a server that delivers keeps others from it, ms: longer than a delivery may take. */
const CLAIM_MS = 30_000;
/** Waits while a sink fails: doubling from the first to the longest, ms. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** What the record of type `cursor` of a sink holds: the last record it took, and which server delivers until when. */
const Position = Type.Object({ sequence: Type.Integer(), owner: Type.String(), until: Type.Integer() });
type Position = Static<typeof Position>;

/** What a sink stands on. */
export interface AuditSinkOptions {
  readonly sink: AuditSinkConfig;
  readonly store: AccessStore;
  readonly state: AccessState;
  readonly secrets: { value(name: string): string };
  /** URL of this Callboard. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How deliveries to a sink go. */
export interface AuditSinkState {
  /** Origin of its URL. */
  readonly target: string;
  /** Sequence of the last record that it took. */
  readonly delivered: number;
  /** Failed deliveries in a row. */
  readonly failures: number;
  /** Why the last one failed; undefined while it works. */
  readonly error: string | undefined;
}

/**
 * Sends every audit record to one receiver, in order and at least once: what it has taken is kept in the store, so that a
 * restart goes on from there. Of several servers one delivers; another takes over when it has not done so for half a
 * minute. A sink that is new begins with the oldest record that is kept.
 */
export class AuditSink {
  readonly #options: AuditSinkOptions;
  readonly #key: string;
  readonly #owner: string;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #failures = 0;
  #error: string | undefined;

  constructor(options: AuditSinkOptions) {
    const { sink, clock, log } = options;
    this.#options = options;
    // The URL may be changed to another receiver, which then gets everything; it may hold what is nobody's business.
    this.#key = `audit-sink ${hash('sha256', sink.url, 'hex').slice(0, 32)}`;
    this.#owner = clock.token(8);
    this.#log = log.child({ sink: new URL(sink.url).origin });
  }

  get state(): AuditSinkState {
    return {
      target: new URL(this.#options.sink.url).origin,
      delivered: this.#position().sequence,
      failures: this.#failures,
      error: this.#error,
    };
  }

  /** Begins to deliver. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends a delivery under way; the records that were not taken stay for the next start. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('closed'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const waitMs = await this.#step();
      // The end of the wait is seen by the loop.
      await this.#options.clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** Delivers what there is. @returns how long to wait, ms */
  async #step(): Promise<number> {
    try {
      while (!this.#stop.signal.aborted && (await this.#deliverNext()));
      return LOOK_MS;
    } catch (error) {
      if (this.#stop.signal.aborted) return 0;
      this.#noteFailure(error);
      const longestMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 10));
      return longestMs * (0.5 + this.#options.clock.random() / 2);
    }
  }

  /** @returns true when there may be more */
  async #deliverNext(): Promise<boolean> {
    const { sequence } = this.#position();
    if (this.#isElsewhere()) return false;
    const records = await this.#options.store.audit({}, { limit: BATCH, after: sequence });
    const last = records.at(-1);
    if (last === undefined || !(await this.#claim(sequence))) return false;
    await this.#send(records);
    this.#noteSuccess();
    // Another server that took over meanwhile has delivered these too: then they came twice.
    return (await this.#keep(last.sequence)) && records.length === BATCH;
  }

  #position(): Position {
    const value = this.#options.state.get('cursor', this.#key)?.value;
    return Check(Position, value) ? value : { sequence: 0, owner: '', until: 0 };
  }

  #isElsewhere(): boolean {
    const { owner, until } = this.#position();
    const now = this.#options.clock.now();
    // A moment far away is that of a clock that was wrong.
    return owner !== this.#owner && owner !== '' && until > now && until <= now + CLAIM_MS;
  }

  /** @returns false when another server was faster */
  #claim(sequence: number): boolean | Promise<boolean> {
    const { owner, until } = this.#position();
    const isOurs = owner === this.#owner && until > this.#options.clock.now() + 2 * TIMEOUT_MS;
    return isOurs || this.#keep(sequence);
  }

  /** Keeps the position, and others from delivering for a while. @returns false when another server was faster */
  async #keep(sequence: number): Promise<boolean> {
    const { state, clock } = this.#options;
    const value: Position = { sequence, owner: this.#owner, until: clock.now() + CLAIM_MS };
    const expect = state.get('cursor', this.#key)?.sequence ?? 0;
    const result = await state.commit([{ op: 'put', type: 'cursor', key: this.#key, value, expect }], []);
    return result.status === 'written';
  }

  async #send(records: readonly AuditRecord[]): Promise<void> {
    const { sink, baseUrl, clock } = this.#options;
    const { contentType, text } = sinkBody(records, sink.format, baseUrl);
    // One controller a delivery: AbortSignal.any keeps what it made for as long as the long-lived signal is there.
    const over = new AbortController();
    const stop = (): void => over.abort(this.#stop.signal.reason);
    this.#stop.signal.addEventListener('abort', stop);
    const late = clock.after(TIMEOUT_MS, () => over.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    try {
      const response = await fetch(sink.url, {
        method: 'POST',
        headers: { ...this.#headers(), 'content-type': contentType },
        body: text,
        // Somewhere else is somewhere that nobody configured.
        redirect: 'error',
        signal: over.signal,
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
    } finally {
      late.cancel();
      this.#stop.signal.removeEventListener('abort', stop);
    }
  }

  #headers(): Record<string, string> {
    const textOf = (text: SecretText): string =>
      typeof text === 'string' ? text : this.#options.secrets.value(text.secret);
    return Object.fromEntries(Object.entries(this.#options.sink.headers).map(([name, text]) => [name, textOf(text)]));
  }

  #noteSuccess(): void {
    if (this.#failures > 0) this.#log.info('audit records are delivered again');
    this.#failures = 0;
    this.#error = undefined;
  }

  #noteFailure(error: unknown): void {
    this.#failures += 1;
    this.#error = faultOf(error);
    if (this.#failures === 1) this.#log.error({ error: this.#error }, 'audit records cannot be delivered');
  }
}

/** What `fetch` throws says nothing; its cause does. */
function faultOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error
    ? `${error.message}: ${error.cause.message}`
    : errorMessage(error);
}
