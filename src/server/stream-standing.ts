import type { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { RevisionSignal } from './revision-signal.ts';

/** What the standing of a watch is judged by. */
export interface StandingOptions {
  readonly access: Access;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly revisions: Pick<RevisionSignal, 'onRevision'>;
}

/**
 * Whether a watch may go on: its principal is who it was, and sees what it saw. Looked at with each batch, whenever
 * something about access or the catalog changed, and with the heartbeat, since sessions also run out; `signal` ends the
 * watch at once.
 */
export class StreamStanding {
  /** Aborts when the reader is gone or the watch may not go on. */
  readonly signal: AbortSignal;
  readonly #principal: Principal;
  readonly #key: string;
  readonly #options: StandingOptions;
  readonly #over = new AbortController();
  readonly #ends: readonly (() => void)[];
  #timer: Timer;

  /** @param key of the visibility that the watch filters by */
  constructor(principal: Principal, key: string, reader: AbortSignal, options: StandingOptions) {
    this.#principal = principal;
    this.#key = key;
    this.#options = options;
    this.signal = AbortSignal.any([reader, this.#over.signal]);
    const look = (): void => void this.#look();
    this.#ends = [options.access.onChange(look), options.revisions.onRevision(look)];
    this.#timer = this.#lookLater();
  }

  /** True while nothing changed for the principal. */
  isSame(): boolean {
    const { access } = this.#options;
    const principal = this.#principal;
    return access.currentOf(principal) === principal && access.visibilityOf(principal).key === this.#key;
  }

  /** Stops looking. */
  close(): void {
    for (const end of this.#ends) end();
    this.#timer.cancel();
  }

  async #look(): Promise<void> {
    try {
      await this.#options.access.prepare(this.#principal);
      if (this.isSame()) return;
    } catch (error) {
      // Where nobody can say what the reader may see, it sees nothing more.
      this.#over.abort(error);
      return;
    }
    this.#over.abort(new Error('What the reader may see is another thing now'));
  }

  #lookLater(): Timer {
    const { clock, heartbeatMs } = this.#options;
    return clock.after(heartbeatMs, () => {
      void this.#look();
      this.#timer = this.#lookLater();
    });
  }
}
