import { systemClock } from '../../src/base/clock.ts';
import { PULSE, pulseKinds, type Pulses } from './fleet-fault-pulse.ts';
import { decoded, type LiveAnswers, type ShownCluster, type ShownObject } from './fleet-truth.ts';

const LOOK_MS = 150;
const kindNames = pulseKinds.map(([kind]) => kind);

interface ObjectsAnswer {
  readonly items: readonly ShownObject[];
  readonly incomplete: readonly { readonly cluster: string; readonly kind?: string; readonly state: string }[];
  readonly position: { readonly epoch: string; readonly sequence: number };
}

/** How a fleet is asked, in process or over HTTP. Rejects while it cannot answer. */
export interface Answers {
  clusters(): Promise<Uint8Array>;
  /** The pulse objects of all clusters. */
  pulses(): Promise<Uint8Array>;
}

/** Asks with everybody's eyes. */
export function answersOf(live: LiveAnswers): Answers {
  return {
    clusters: () => live.clusters('all'),
    pulses: () => live.objects({ kinds: kindNames, name: PULSE, limit: 1_000 }, 'all'),
  };
}

/**
 * Looks at a fleet all the time while things go wrong, and notes whatever is shown as good and is not: an object that is
 * older than allowed, or missing, in an answer that does not say that it may not be whole; a cluster that is ok with a kind
 * that is not; a position that goes back.
 */
export class Witness {
  readonly #answers: Answers;
  readonly #pulses: Pulses;
  readonly #names: readonly string[];
  readonly #wrong = new Set<string>();
  readonly #oldest = new Map<string, number>();
  #boundMs = 5_000;
  #position: ObjectsAnswer['position'] | undefined;
  #looks = 0;
  #isEnded = false;
  #done: Promise<void> = Promise.resolve();

  /** @param names clusters that are to be shown */
  constructor(answers: Answers, pulses: Pulses, names: readonly string[]) {
    this.#answers = answers;
    this.#pulses = pulses;
    this.#names = names;
  }

  start(): void {
    this.#done = this.#run();
  }

  /** From now on what is shown as good may be so old, ms. */
  allow(boundMs: number): void {
    this.#boundMs = boundMs;
  }

  /** The oldest that was shown as good of each cluster since this was last asked, ms. */
  takeOldest(): ReadonlyMap<string, number> {
    const oldest = new Map(this.#oldest);
    this.#oldest.clear();
    return oldest;
  }

  /** Ends it. @returns what was wrong */
  async stop(): Promise<readonly string[]> {
    this.#isEnded = true;
    await this.#done;
    if (this.#looks === 0) this.#wrong.add('nothing was ever answered');
    return [...this.#wrong];
  }

  async #run(): Promise<void> {
    while (!this.#isEnded) {
      // Who cannot answer shows nothing that could be wrong.
      const askedAt = systemClock.monotonic();
      const answers = await Promise.all([this.#answers.clusters(), this.#answers.pulses()]).catch(() => undefined);
      if (answers) {
        this.#looks += 1;
        this.#judgeClusters(decoded<{ items: readonly ShownCluster[] }>(answers[0]).items);
        this.#judgePulses(decoded<ObjectsAnswer>(answers[1]), askedAt);
      }
      await systemClock.sleep(LOOK_MS);
    }
  }

  #judgeClusters(items: readonly ShownCluster[]): void {
    for (const { name, state, behind } of items) {
      const bad = behind.find((kind) => kind.state !== 'denied');
      if (state === 'ok' && bad) this.#wrong.add(`${name} is ok, and ${bad.kind} is ${bad.state}`);
    }
  }

  #judgePulses({ items, incomplete, position }: ObjectsAnswer, askedAt: number): void {
    const before = this.#position;
    this.#position = position;
    if (before?.epoch === position.epoch && position.sequence < before.sequence) {
      this.#wrong.add(`the position went back from ${before.sequence} to ${position.sequence}`);
    }
    for (const name of this.#names) {
      for (const kind of kindNames) {
        const isSaid = incomplete.some(
          (each) => each.cluster === name && (each.kind === undefined || each.kind === kind),
        );
        if (isSaid) continue;
        const found = items.filter((each) => each.cluster === name && each.kind === kind);
        this.#judgePulse(name, kind, found, askedAt);
      }
    }
  }

  #judgePulse(name: string, kind: string, found: readonly ShownObject[], askedAt: number): void {
    const [pulse] = found;
    if (pulse === undefined || found.length > 1) {
      this.#wrong.add(`${name} ${kind}: ${found.length} pulses are shown as all there are`);
      return;
    }
    // The first beat comes a moment after the objects.
    const beat = Number(pulse.labels['beat'] ?? -1);
    const age = this.#pulses.staleness(name, beat, askedAt);
    this.#oldest.set(name, Math.max(age, this.#oldest.get(name) ?? 0));
    if (age > this.#boundMs) {
      this.#wrong.add(`${name} ${kind}: shown as good though older than ${this.#boundMs} ms`);
    }
  }
}
