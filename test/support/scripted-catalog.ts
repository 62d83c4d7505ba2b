import { builtinKinds } from '../../src/model/builtin-kinds.ts';
import type { StoredEntity } from '../../src/model/change.ts';
import type { Fact } from '../../src/model/fact.ts';
import type { Predicate } from '../../src/model/predicate.ts';
import { createKindTable } from '../../src/model/relations.ts';
import type { SnapshotPage } from '../../src/store/store.ts';
import { type Graph, type GraphOptions, openGraph } from '../../src/graph/graph.ts';
import type { Visibility } from '../../src/graph/view.ts';
import type { ScriptStep } from './catalog-script.ts';
import { SCRIPT_START } from './catalog-script.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryStore } from './memory-store.ts';
import { PlainCatalog } from './plain-catalog.ts';

/** The kinds of the tests. */
export const kinds = createKindTable(builtinKinds);

/** A log that keeps what is said. */
export class QuietLog {
  readonly lines: string[] = [];
  readonly info = (_fields: object, message: string): void => void this.lines.push(`info ${message}`);
  readonly warn = (_fields: object, message: string): void => void this.lines.push(`warn ${message}`);
  readonly error = (_fields: object, message: string): void => void this.lines.push(`error ${message}`);
}

/** A graph over a store in memory, and the means to know what it should answer. */
export class ScriptedCatalog {
  readonly store = new MemoryStore();
  readonly clock = new ManualClock(SCRIPT_START);
  readonly log = new QuietLog();
  readonly #volatile = new Map<string, { fact: Fact; source: string }>();
  readonly #volatileLeases = new Map<string, number>();
  readonly #options: Partial<GraphOptions>;
  #graph: Graph | undefined;

  constructor(options: Partial<GraphOptions> = {}) {
    this.#options = options;
  }

  get graph(): Graph {
    if (!this.#graph) throw new Error('the graph is not open');
    return this.#graph;
  }

  async open(): Promise<this> {
    this.#graph = await this.openAnother();
    return this;
  }

  /** A second graph over the same store, freshly loaded. */
  openAnother(options: Partial<GraphOptions> = this.#options): Promise<Graph> {
    return openGraph({ store: this.store, kinds, clock: this.clock, log: this.log, checkMs: 0, ...options });
  }

  /** Ends the graph and opens it again, as a server does that starts anew: volatile facts are gone. */
  async restart(): Promise<void> {
    await this.graph.close();
    this.#volatile.clear();
    this.#volatileLeases.clear();
    this.#graph = await this.openAnother();
  }

  /** Does a step and waits until the graph has it. */
  async do(step: ScriptStep): Promise<void> {
    if (step.do === 'wait') this.clock.advance(step.ms);
    else if (step.do === 'commit') {
      const { revision } = await this.store.commit(step.writes);
      await this.settled(revision);
    } else this.setVolatile(this.graph, step);
  }

  /** Waits in turns of the event loop, since the clock of the tests stands still. */
  async settled(revision: number): Promise<void> {
    for (let turn = 0; this.graph.revision < revision; turn += 1) {
      if (turn > 10_000) throw new Error(`revision ${revision} does not arrive`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  setVolatile(graph: Graph, step: Extract<ScriptStep, { do: 'volatile' }>): void {
    const { collector, source, lastsMs, facts } = step;
    const expiresAt = this.clock.now() + lastsMs;
    this.#volatileLeases.set(`${collector}|${source}`, expiresAt);
    for (const { entityRef, path, value } of facts) {
      const key = `${entityRef}|${collector}|${path}`;
      if (value === undefined) this.#volatile.delete(key);
      else
        this.#volatile.set(key, {
          source,
          fact: { entityRef, collector, path, value, source, observedAt: this.clock.now() },
        });
    }
    graph.setVolatileFacts(collector, source, { expiresAt }, facts);
  }

  /** The same content without indexes. */
  async plain(): Promise<PlainCatalog> {
    const pages: SnapshotPage[] = [];
    for await (const page of this.store.snapshot()) pages.push(page);
    const volatile = [...this.#volatile.values()].map(({ fact, source }) => {
      return { fact, expiresAt: this.#volatileLeases.get(`${fact.collector}|${source}`) ?? 0 };
    });
    const entities = pages.flatMap((page) => page.entities);
    const facts = pages.flatMap((page) => page.facts);
    const leases = pages.flatMap((page) => page.leases);
    return new PlainCatalog({ entities, facts, leases, volatile, now: this.clock.now() }, kinds);
  }

  /** The record of an entity in the store. */
  storedEntity(ref: string): StoredEntity {
    const stored = this.store.entity(ref);
    if (!stored) throw new Error(`no entity ${ref}`);
    return stored;
  }

  /** Plays a whole script. */
  async play(steps: readonly ScriptStep[]): Promise<void> {
    for (const step of steps) await this.do(step);
  }

  async close(): Promise<void> {
    await this.#graph?.close();
    await this.store.close();
  }
}

/** Opens a catalog, plays a script, and closes it after use. */
export async function withCatalog(
  steps: readonly ScriptStep[],
  use: (catalog: ScriptedCatalog, plain: PlainCatalog) => void | Promise<void>,
): Promise<void> {
  const catalog = await new ScriptedCatalog().open();
  try {
    await catalog.play(steps);
    await use(catalog, await catalog.plain());
  } finally {
    await catalog.close();
  }
}

/** Who looks at a catalog: everybody's view, nobody's, or one by a condition. */
export type Who = 'all' | 'none' | Predicate;

/** The visibility of somebody, who is user ada. */
export function visibilityOf(who: Who, plain: PlainCatalog): Visibility {
  const principal = plain.principal('user:default/ada');
  if (who === 'all') return { kind: 'all', key: 'all', principal };
  if (who === 'none') return { kind: 'none', key: 'none', principal };
  return { kind: 'filter', key: 'test', predicate: who, principal };
}
