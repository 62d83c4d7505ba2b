import type { Collector, DomainContext } from '../manifest/manifest.ts';
import { Pacer } from '../graph/pacer.ts';
import type { View, VolatileFact, WatchChange } from '../graph/view.ts';
import type { Entity } from '../model/entity.ts';
import type { JsonValue } from '../model/json.ts';
import { LEASE_MS } from './freshness.ts';
import { followGraph } from '../manifest/graph-follower.ts';
import { refsWhere, wholeView } from '../graph/whole-view.ts';

const COLLECTOR = 'completeness';
/** What it looks at: the graph itself. */
const SOURCE = 'catalog';
/** Entities whose facts are set at once, well under a millisecond. */
const BATCH = 50;
const PATHS = ['score', 'missing', 'present'] as const;

/** What a complete descriptor says, and how it is seen. */
const ASPECTS = {
  description: (entity: Entity) => isText(entity.metadata.description),
  owner: (entity: Entity) => isText(entity.spec?.['owner']),
  lifecycle: (entity: Entity) => isText(entity.spec?.['lifecycle']),
  system: (entity: Entity) => isText(entity.spec?.['system']),
  tags: (entity: Entity) => (entity.metadata.tags?.length ?? 0) > 0,
  links: (entity: Entity) => (entity.metadata.links?.length ?? 0) > 0,
} as const satisfies Record<string, (entity: Entity) => boolean>;

type Aspect = keyof typeof ASPECTS;

/** Which aspects are asked of which kind; other kinds have no facts. */
const ASPECTS_BY_KIND: Readonly<Record<string, readonly Aspect[]>> = {
  Component: ['description', 'owner', 'lifecycle', 'system', 'tags', 'links'],
  API: ['description', 'owner', 'lifecycle', 'system', 'tags', 'links'],
  Resource: ['description', 'owner', 'system', 'tags'],
  System: ['description', 'owner', 'tags', 'links'],
  Domain: ['description', 'owner'],
  Template: ['description', 'owner', 'tags'],
  AiResource: ['description', 'owner', 'lifecycle', 'links'],
};

/** How complete one descriptor is. */
export interface Completeness {
  /** By aspect, whether it is there. */
  readonly present: Readonly<Record<string, boolean>>;
  readonly missing: readonly string[];
  /** Share of the aspects that are there, 0 to 100, rounded. */
  readonly score: number;
}

/** Measures a descriptor; `undefined` for a kind of which nothing is asked. */
export function measureCompleteness(entity: Entity): Completeness | undefined {
  const aspects = ASPECTS_BY_KIND[entity.kind];
  if (aspects === undefined) return undefined;
  const present = Object.fromEntries(aspects.map((aspect) => [aspect, ASPECTS[aspect](entity)]));
  const missing = aspects.filter((aspect) => !present[aspect]);
  return { present, missing, score: Math.round((100 * (aspects.length - missing.length)) / aspects.length) };
}

/**
 * Says of every entity how complete its descriptor is: `facts.completeness.score`, `.missing` and `.present`. What
 * follows from the descriptor alone is not stored: it would be three rows an entity, and two thirds of every load.
 */
export const completenessCollector: Collector = {
  id: COLLECTOR,
  description: 'How complete the descriptor of an entity is.',
  facts: [
    {
      path: 'score',
      type: 'number',
      description: 'Share of what a complete descriptor says, 0 to 100.',
      volatile: true,
    },
    {
      path: 'missing',
      type: 'list',
      description: 'What the descriptor does not say, e.g. owner, tags.',
      volatile: true,
    },
    {
      path: 'present',
      type: 'map',
      description: 'By aspect (description, owner, ...), whether the descriptor says it.',
      volatile: true,
    },
  ],
  run: async (context, signal) => {
    const measures = new Measures(context);
    const follower = {
      everything: () => measures.takeAll(signal),
      changed: (changes: readonly WatchChange[]) => measures.take(refsOf(changes), signal),
    };
    await Promise.all([followGraph(context, follower, signal), keepLease(measures, context, signal)]);
  },
};

/** Entities that came, went, or whose descriptor changed. */
function refsOf(changes: readonly WatchChange[]): readonly string[] {
  return changes.flatMap((change) => (change.type === 'delete' || change.parts.includes('entity') ? change.ref : []));
}

async function keepLease(measures: Measures, { clock }: DomainContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // An aborted wait ends the loop by its condition.
    await clock.sleep(LEASE_MS / 3, signal).catch(() => undefined);
    if (!signal.aborted) measures.renewLease();
  }
}

/** What was measured, as facts of the graph. */
class Measures {
  readonly #context: DomainContext;
  /** Measured entities, with what was found of each. */
  readonly #measured = new Map<string, Completeness>();
  /** One object for each of the few findings. */
  readonly #shared = new Map<string, Completeness>();
  /** Until everything was measured once, the facts are not known to be all: they stand under no lease. */
  #isWhole = false;

  constructor(context: DomainContext) {
    this.#context = context;
  }

  /** Measures every entity, as the graph is now. */
  async takeAll(signal: AbortSignal): Promise<void> {
    const gone = new Set(this.#measured.keys());
    for (const refs of refsWhere(this.#context.graph, undefined)) {
      for (const ref of refs) gone.delete(ref);
      await this.take(refs, signal);
    }
    await this.take([...gone], signal);
    this.#isWhole = true;
    this.renewLease();
  }

  /** Measures entities anew. */
  async take(refs: readonly string[], signal: AbortSignal): Promise<void> {
    const pacer = new Pacer(this.#context.clock);
    for (let from = 0; from < refs.length; from += BATCH) {
      signal.throwIfAborted();
      const view = wholeView(this.#context.graph);
      this.#set(refs.slice(from, from + BATCH).flatMap((ref) => this.#factsOf(view, ref)));
      if (pacer.isDue()) await pacer.pause();
    }
  }

  /** Says that what was measured holds for another while. */
  renewLease(): void {
    if (this.#isWhole) this.#set([]);
  }

  #set(facts: readonly VolatileFact[]): void {
    const { graph, clock } = this.#context;
    graph.setVolatileFacts(COLLECTOR, SOURCE, { expiresAt: this.#isWhole ? clock.now() + LEASE_MS : 0 }, facts);
  }

  /** What changes of the facts of an entity. */
  #factsOf(view: View, entityRef: string): readonly VolatileFact[] {
    const id = view.find(entityRef);
    const before = this.#measured.get(entityRef);
    const now = id === undefined ? undefined : this.#share(measureCompleteness(view.document(id)));
    if (now === before) return [];
    if (now === undefined) this.#measured.delete(entityRef);
    else this.#measured.set(entityRef, now);
    return PATHS.map((path) => ({ entityRef, path, value: now?.[path] }));
  }

  #share(measured: Completeness | undefined): Completeness | undefined {
    if (measured === undefined) return undefined;
    const { present, missing } = measured;
    // What is asked and what is missing of it determine the rest.
    const text = `${Object.keys(present).join()} ${missing.join()}`;
    const same = this.#shared.get(text) ?? measured;
    this.#shared.set(text, same);
    return same;
  }
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
