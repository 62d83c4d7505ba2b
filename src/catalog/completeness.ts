import { sameJson } from '../base/canonical-json.ts';
import type { Collector, DomainContext } from '../manifest/manifest.ts';
import { Pacer } from '../graph/pacer.ts';
import type { WatchChange } from '../graph/view.ts';
import type { Entity } from '../model/entity.ts';
import type { JsonValue } from '../model/json.ts';
import type { Write } from '../store/store.ts';
import { LEASE_MS, renewedLease } from './freshness.ts';
import { followGraph } from './graph-follower.ts';
import { refsWhere, wholeView } from './whole-view.ts';

const COLLECTOR = 'completeness';
/** What it looks at: the graph itself. */
const SOURCE = 'catalog';
const BATCH_WRITES = 600;

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

/** Says of every entity how complete its descriptor is: `facts.completeness.score`, `.missing` and `.present.<aspect>`. */
export const completenessCollector: Collector = {
  id: COLLECTOR,
  description: 'How complete the descriptor of an entity is.',
  facts: [
    { path: 'score', type: 'number', description: 'Share of what a complete descriptor says, 0 to 100.' },
    { path: 'missing', type: 'list', description: 'What the descriptor does not say, e.g. owner, tags.' },
    {
      path: 'present',
      type: 'map',
      description: 'By aspect (description, owner, ...), whether the descriptor says it.',
    },
  ],
  run: async (context, signal) => {
    const follower = {
      everything: async () => {
        for (const refs of refsWhere(context.graph, undefined)) await update(context, refs, signal);
        await renewLease(context);
      },
      changed: (changes: readonly WatchChange[]) => update(context, refsOf(changes), signal),
    };
    await Promise.all([followGraph(context, follower, signal), keepLease(context, signal)]);
  },
};

/** Entities whose descriptor changed. Facts of an entity that goes are removed with it. */
function refsOf(changes: readonly WatchChange[]): readonly string[] {
  return changes.flatMap((change) => (change.type === 'put' && change.parts.includes('entity') ? change.ref : []));
}

async function keepLease(context: DomainContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // An aborted wait ends the loop by its condition.
    await context.clock.sleep(LEASE_MS / 3, signal).catch(() => undefined);
    if (!signal.aborted) await renewLease(context);
  }
}

async function renewLease(context: DomainContext): Promise<void> {
  const present = wholeView(context.graph)
    .leases()
    .find((lease) => lease.collector === COLLECTOR && lease.source === SOURCE);
  const lease = renewedLease({ collector: COLLECTOR, source: SOURCE }, present, context.clock.now());
  if (lease !== undefined) await context.write([{ op: 'putLease', lease }]);
}

async function update(context: DomainContext, refs: readonly string[], signal: AbortSignal): Promise<void> {
  let writes: Write[] = [];
  const pacer = new Pacer(context.clock);
  for (const ref of refs) {
    signal.throwIfAborted();
    if (pacer.isDue()) await pacer.pause();
    writes.push(...factWrites(context, ref));
    if (writes.length < BATCH_WRITES) continue;
    await context.write(writes);
    writes = [];
  }
  if (writes.length > 0) await context.write(writes);
}

function factWrites(context: DomainContext, ref: string): readonly Write[] {
  const view = wholeView(context.graph);
  const id = view.find(ref);
  if (id === undefined) return [];
  const wanted = new Map<string, JsonValue>(Object.entries(measureCompleteness(view.subject(id).entity) ?? {}));
  const writes: Write[] = [];
  for (const fact of view.facts(id)) {
    if (fact.collector !== COLLECTOR) continue;
    const value = wanted.get(fact.path);
    if (value === undefined) writes.push({ op: 'deleteFact', entityRef: ref, collector: COLLECTOR, path: fact.path });
    else if (sameJson(value, fact.value)) wanted.delete(fact.path);
  }
  const observedAt = context.clock.now();
  for (const [path, value] of wanted) {
    writes.push({
      op: 'putFact',
      fact: { entityRef: ref, collector: COLLECTOR, path, value, source: SOURCE, observedAt },
    });
  }
  return writes;
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
