import type { Clock } from '../base/clock.ts';
import type { AuditEntry } from '../store/access-records.ts';

/** Records of refused sign-ins that are kept at once, and how long until one more is, ms. */
const BURST = 60;
const EVERY_MS = 1_000;

/** Where records go. */
export interface RecordSink {
  record(entry: AuditEntry): void | Promise<void>;
}

/**
 * Writes down refused sign-ins, but no more than a flood of them by nobody in particular may fill the log with: the next
 * record says how many were left out.
 */
export class Refusals {
  readonly #sink: RecordSink;
  readonly #clock: Clock;
  #credit = BURST;
  #creditAt: number;
  #leftOut = 0;

  constructor(sink: RecordSink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
    this.#creditAt = clock.now();
  }

  /** Writes one down, or counts it. */
  async record(entry: AuditEntry): Promise<void> {
    const now = this.#clock.now();
    this.#credit = Math.min(BURST, this.#credit + Math.max(0, now - this.#creditAt) / EVERY_MS);
    this.#creditAt = now;
    if (this.#credit < 1) {
      this.#leftOut += 1;
      return;
    }
    this.#credit -= 1;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    await this.#sink.record(leftOut === 0 ? entry : { ...entry, data: { ...entry.data, leftOut } });
  }
}
