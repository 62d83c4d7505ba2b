import type { Clock, Timer } from '../../base/clock.ts';
import type { FactsTold } from '../../live/facts.ts';
import type { FactRounds } from './fact-rounds.ts';

/** How long a step of a round may hold the thread, and how long questions have it before the next, ms. */
const STEP_MS = 2;
const PAUSE_MS = 8;
/** Something is told this often even if nothing changed, ms: who is told nothing takes facts for unknown. */
const BEAT_MS = 20_000;

/** What a reporter stands on. */
export interface FactReporterOptions {
  readonly rounds: FactRounds;
  readonly clock: Clock;
  readonly tell: (told: FactsTold) => void;
}

/** Tells facts on as rounds find them, from when somebody wants to know. */
export class FactReporter {
  readonly #options: FactReporterOptions;
  #timer: Timer | undefined;
  #toldAt: number | undefined;

  constructor(options: FactReporterOptions) {
    this.#options = options;
  }

  /** Tells everything, from the beginning. */
  start(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#options.rounds.restart();
    this.#toldAt = this.#options.clock.monotonic();
    this.#options.tell({ type: 'begin' });
  }

  /** Begins a round where one is due. To be called every second or so. */
  tick(): void {
    const { rounds, clock } = this.#options;
    if (this.#toldAt === undefined || this.#timer !== undefined) return;
    if (rounds.begin()) this.#step();
    else if (clock.monotonic() - this.#toldAt >= BEAT_MS) this.#tell([]);
  }

  close(): void {
    this.#timer?.cancel();
    this.#toldAt = undefined;
  }

  #step(): void {
    const { rounds, clock } = this.#options;
    const end = clock.monotonic() + STEP_MS;
    const entities = rounds.step(() => clock.monotonic() >= end);
    const goesOn = rounds.begin();
    if (entities.length > 0 || !goesOn) this.#tell(entities);
    this.#timer = goesOn
      ? clock.after(PAUSE_MS, () => {
          this.#timer = undefined;
          this.#step();
        })
      : undefined;
  }

  #tell(entities: Extract<FactsTold, { readonly type: 'facts' }>['entities']): void {
    const { rounds, clock, tell } = this.#options;
    this.#toldAt = clock.monotonic();
    tell({ type: 'facts', entities, isWhole: rounds.isWhole });
  }
}
