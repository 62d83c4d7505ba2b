import { sameJson } from '../../base/canonical-json.ts';
import { Pacer } from '../../graph/pacer.ts';
import type { VolatileFact } from '../../graph/view.ts';
import { refsWhere, wholeView } from '../../graph/whole-view.ts';
import type { FactsTold, ToldEntity, ToldFact } from '../../live/facts.ts';
import type { DomainContext } from '../../manifest/manifest.ts';
import type { Write } from '../../store/store.ts';
import { factSchemas, storedPaths } from './fact-schemas.ts';

/** The collector that facts of clusters belong to. */
export const COLLECTOR = 'kubernetes';
/** What it looks at: facts that are stored, and others, stand under a lease of their own. */
const STORED = 'clusters';
const VOLATILE = 'fleet';
/** How long facts hold that nobody confirms, ms. The stored lease is written, so it is renewed more seldom. */
const LEASE_MS = { stored: 300_000, volatile: 90_000 };
/** Entities whose facts are set at once, about a millisecond; and writes of one commit. */
const BATCH = { entities: 10, writes: 500 };

/** Writes what the fleet tells of facts: what is to last to the store, all else into memory. */
export class FactKeeper {
  readonly #context: DomainContext;
  /** What is still to be taken in. Deltas of an entity follow one another, so their number has the bound of the facts themselves. */
  #waiting: ToldEntity[] = [];
  #woken = Promise.withResolvers<void>();
  /** Entities that were told of since the beginning, until all were. */
  #told: Set<string> | undefined = new Set();
  #isWhole = false;
  #storedUntil = 0;

  constructor(context: DomainContext) {
    this.#context = context;
  }

  /** Takes note of what is told. */
  take(told: FactsTold): void {
    if (told.type === 'begin') {
      this.#waiting = [];
      this.#told = new Set();
      this.#isWhole = false;
      return;
    }
    this.#waiting.push(...told.entities);
    for (const { ref } of told.entities) this.#told?.add(ref);
    this.#isWhole = told.isWhole;
    this.#woken.resolve();
  }

  /** Writes what is told until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#woken.resolve(), { once: true });
    while (!signal.aborted) {
      await this.#woken.promise;
      this.#woken = Promise.withResolvers();
      await this.#takeWaiting(signal);
      if (!this.#isWhole || signal.aborted) continue;
      if (this.#told !== undefined) await this.#dropOthers(this.#told, signal);
      this.#told = undefined;
      await this.#renew();
    }
  }

  async #takeWaiting(signal: AbortSignal): Promise<void> {
    const pacer = new Pacer(this.#context.clock);
    let writes: Write[] = [];
    while (this.#waiting.length > 0 && !signal.aborted) {
      const entities = this.#waiting.splice(0, BATCH.entities);
      this.#setVolatile(entities.flatMap((entity) => volatileFacts(entity)));
      writes.push(...entities.flatMap((entity) => this.#writesOf(entity)));
      if (writes.length >= BATCH.writes) {
        await this.#context.write(writes);
        writes = [];
      }
      if (pacer.isDue()) await pacer.pause();
    }
    if (writes.length > 0) await this.#context.write(writes);
  }

  /** Writes for what differs from what is stored. What nobody knows now is stored as it was. */
  #writesOf({ ref, isFull, facts }: ToldEntity): readonly Write[] {
    const view = wholeView(this.#context.graph);
    const id = view.find(ref);
    // With an entity its facts go; those of one that is not there yet are told when it comes.
    if (id === undefined) return [];
    const present = new Map(
      view.facts(id).flatMap((fact) => (fact.collector === COLLECTOR ? [[fact.path, fact] as const] : [])),
    );
    const changed = facts.filter(({ path, error }) => storedPaths.has(path) && error === undefined);
    return [...changed, ...(isFull ? unnamed(facts, storedPaths) : [])].flatMap(({ path, value }): readonly Write[] => {
      const known = present.get(path);
      if (value === undefined)
        return known === undefined ? [] : [{ op: 'deleteFact', entityRef: ref, collector: COLLECTOR, path }];
      if (known?.source === STORED && sameJson(known.value, value)) return [];
      const observedAt = this.#context.clock.now();
      return [
        { op: 'putFact', fact: { entityRef: ref, collector: COLLECTOR, path, value, source: STORED, observedAt } },
      ];
    });
  }

  /** Takes the facts of entities away that the fleet says nothing of. */
  async #dropOthers(told: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const pacer = new Pacer(this.#context.clock);
    const view = wholeView(this.#context.graph);
    const others: string[] = [];
    for (const refs of refsWhere(this.#context.graph, undefined)) {
      for (const ref of refs) {
        const id = told.has(ref) ? undefined : view.find(ref);
        if (id !== undefined && view.facts(id).some(({ collector }) => collector === COLLECTOR)) others.push(ref);
      }
    }
    for (let from = 0; from < others.length && !signal.aborted; from += BATCH.entities) {
      const gone = others.slice(from, from + BATCH.entities).map((ref) => ({ ref, isFull: true, facts: [] }));
      this.#setVolatile(gone.flatMap((entity) => volatileFacts(entity)));
      const writes = gone.flatMap((entity) => this.#writesOf(entity));
      if (writes.length > 0) await this.#context.write(writes);
      if (pacer.isDue()) await pacer.pause();
    }
  }

  /** Says that what was told holds for another while. */
  async #renew(): Promise<void> {
    const now = this.#context.clock.now();
    this.#setVolatile([]);
    if (Math.abs(this.#storedUntil - now - LEASE_MS.stored) < LEASE_MS.stored / 2) return;
    this.#storedUntil = now + LEASE_MS.stored;
    const lease = { collector: COLLECTOR, source: STORED, lastSuccessAt: now, expiresAt: this.#storedUntil };
    await this.#context.write([{ op: 'putLease', lease }]);
  }

  #setVolatile(facts: readonly VolatileFact[]): void {
    const { graph, clock } = this.#context;
    const expiresAt = this.#isWhole ? clock.now() + LEASE_MS.volatile : 0;
    graph.setVolatileFacts(COLLECTOR, VOLATILE, { expiresAt }, facts);
  }
}

/** What is kept in memory: what is not stored, and over what is stored that nobody knows now whether it still is so. */
function volatileFacts({ ref, isFull, facts }: ToldEntity): readonly VolatileFact[] {
  const all = [...facts, ...(isFull ? unnamed(facts, allPaths) : [])];
  return all.map(({ path, value, error }): VolatileFact => {
    const isKept = !storedPaths.has(path) || error !== undefined;
    return { entityRef: ref, path, value: isKept ? value : undefined, ...(error !== undefined && { error }) };
  });
}

const allPaths: ReadonlySet<string> = new Set(factSchemas.map(({ path }) => path));

/** Paths that are not among some facts, as facts that are no more. */
function unnamed(facts: readonly ToldFact[], paths: ReadonlySet<string>): readonly ToldFact[] {
  const named = new Set(facts.map(({ path }) => path));
  return [...paths].filter((path) => !named.has(path)).map((path) => ({ path }));
}
