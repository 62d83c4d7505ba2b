import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../src/access/principal.ts';
import { visibilityOf } from '../src/access/visibility.ts';
import type { View, Visibility } from '../src/graph/view.ts';
import { EVERYTHING, type Predicate } from '../src/model/predicate.ts';
import { compiled } from './support/expressions.ts';
import type { PlainCatalog } from './support/plain-catalog.ts';
import { PlainPolicy } from './support/plain-policy.ts';
import { openTestPolicy, type TestPolicy } from './support/policy.ts';
import { anyBeginning, anyChanges, conditions, principals, type PolicyStep } from './support/policy-script.ts';
import { settle, WatchClient } from './support/watch-client.ts';

// Random catalogs, policies and changes of both: everything that can be read is held against what the plain policy permits.

const READ = 'catalog.entity.read';
const lease = { collector: 'probe', source: 'test', lastSuccessAt: 1, expiresAt: 4e12 };

/** A policy and its plain twin, kept alike. */
class Twins {
  readonly plain = new PlainPolicy();
  readonly policy: TestPolicy;

  constructor(policy: TestPolicy) {
    this.policy = policy;
  }

  async do(step: PolicyStep): Promise<void> {
    const { policy, plain } = this;
    switch (step.do) {
      case 'put':
        return policy.put(step.entity);
      case 'remove':
        return policy.put(step.ref);
      case 'fact': {
        const fact = { entityRef: step.ref, collector: 'probe', path: 'saw', source: 'test', observedAt: 1 };
        return policy.catalog.do({ do: 'commit', writes: [{ op: 'putFact', fact: { ...fact, value: step.value } }] });
      }
      case 'role':
        if (step.body === null) plain.roles.delete(step.name);
        else plain.roles.set(step.name, step.body);
        return policy.role(step.name, step.body);
      case 'binding':
        if (step.body === null) plain.bindings.delete(step.name);
        else plain.bindings.set(step.name, step.body);
        return policy.bind(step.name, step.body);
    }
  }

  visibility(principal: Principal): Visibility {
    const { engine, catalog } = this.policy;
    const context = catalog.graph.principalContext(principal.ref, principal.groups);
    return visibilityOf(engine.decide(principal, READ), context);
  }
}

/** Plays a beginning, then changes; looks after each of those, and before them. */
async function withTwins(
  [beginning, changes]: readonly [readonly PolicyStep[], readonly PolicyStep[]],
  look: (twins: Twins) => Promise<void>,
): Promise<void> {
  const twins = new Twins(await openTestPolicy());
  try {
    await twins.policy.catalog.do({ do: 'commit', writes: [{ op: 'putLease', lease }] });
    for (const step of beginning) await twins.do(step);
    await look(twins);
    for (const step of changes) {
      await twins.do(step);
      await look(twins);
    }
  } finally {
    await twins.policy.close();
  }
}

const questions: readonly Predicate[] = [
  EVERYTHING,
  ...conditions.slice(0, 6).map((source) => compiled(source).predicate),
  compiled('"component:default/c0" in relations.dependencyOf').predicate,
  compiled('has(relations.ownerOf)').predicate,
  { op: 'fieldText', keys: ['metadata.name'], term: '1' },
];
const facetPaths = [
  'kind',
  'metadata.name',
  'spec.owner',
  'relations.ownerOf',
  'relations.dependencyOf',
  'facts.probe.saw',
];

function walk(view: View, where: Predicate): string[] {
  const refs: string[] = [];
  let cursor: string | undefined;
  do {
    const page = view.list({ where, limit: 3, cursor });
    for (const id of page.ids) refs.push(view.refOf(id));
    cursor = page.next;
  } while (cursor !== undefined);
  return refs;
}

/** Everything that a view tells, held against a set of permitted refs. */
function compareView(view: View, plain: PlainCatalog, permitted: ReadonlySet<string>): void {
  const { principal } = view.visibility;
  const predicate: Predicate = { op: 'scan', source: 'permitted', evaluate: ({ ref }) => permitted.has(ref) };
  const expected: Visibility = { kind: 'filter', key: 'permitted', predicate, principal };
  for (const where of questions) {
    const outcomes = [...plain.outcomes(expected, where).values()];
    const list = view.list({ where, limit: 2 });
    expect(walk(view, where)).toEqual(plain.list(expected, where));
    expect(list.total).toBe(outcomes.filter((outcome) => outcome === true).length);
    expect(list.unknown).toBe(outcomes.filter((outcome) => outcome === 'unknown').length);
    expect(view.explain(where)).toMatchObject({ true: list.total, unknown: list.unknown });
  }
  for (const [path, values] of view.facets(facetPaths)) expect(values).toEqual(plain.facet(expected, EVERYTHING, path));
  for (const ref of plain.subjects.keys()) {
    const id = view.find(ref);
    expect(id !== undefined, ref).toBe(permitted.has(ref));
    if (id !== undefined) compareEntity(view, id, plain, permitted);
  }
  const owners = (refs: readonly (string | undefined)[]): boolean => refs.every((ref) => ref && permitted.has(ref));
  if (permitted.size < plain.subjects.size)
    expect(owners(view.problems().map(({ entityRef }) => entityRef))).toBe(true);
  const facts = [...permitted].some((ref) => plain.subject(ref).facts['probe'] !== undefined);
  expect(view.leases().length).toBe(facts || view.visibility.kind === 'all' ? 1 : 0);
  const declared = view.locations().reduce((sum, { entities }) => sum + entities, 0);
  if (view.visibility.kind !== 'all') expect(declared).toBe(0);
}

function compareEntity(view: View, id: number, plain: PlainCatalog, permitted: ReadonlySet<string>): void {
  const seen = plain.seen(view.refOf(id), permitted);
  expect(view.subject(id)).toMatchObject({ ref: seen.ref, relations: seen.relations });
  expect(Object.keys(view.subject(id).relations)).toHaveLength(Object.keys(seen.relations).length);
  const edges = Object.entries(seen.relations).flatMap(([type, refs]) => refs.map((ref) => `${type} ${ref}`));
  const told = view.relations(id).map(({ type, targetRef }) => `${type} ${targetRef}`);
  expect(told.toSorted()).toEqual(edges.toSorted());
  const { relations } = JSON.parse(Buffer.from(view.bytes(id)).toString()) as {
    relations: { type: string; targetRef: string }[];
  };
  expect(relations.map(({ type, targetRef }) => `${type} ${targetRef}`).toSorted()).toEqual(edges.toSorted());
  expect(view.facts(id).length).toBe(Object.keys(seen.facts['probe'] ?? {}).length);
}

const anyScript = fc.tuple(anyBeginning, anyChanges);

describe('whatever the catalog, the policy and their changes', () => {
  test('a view shows and counts exactly what the policy permits', async () => {
    const check = fc.asyncProperty(anyScript, (script) =>
      withTwins(script, async (twins) => {
        const plain = await twins.policy.catalog.plain();
        for (const who of principals) {
          const view = twins.policy.catalog.graph.view(twins.visibility(who));
          expect(view.visibility.principal.claims).toEqual(twins.plain.context(who, plain).claims);
          compareView(view, plain, twins.plain.permitted(who, READ, plain));
        }
      }),
    );
    await fc.assert(check, { numRuns: 60 });
  });

  test('a decision on what is no entity is that of some rule without a condition', async () => {
    const check = fc.asyncProperty(anyScript, (script) =>
      withTwins(script, async ({ plain, policy }) => {
        const catalog = await policy.catalog.plain();
        for (const who of principals) {
          const permits = plain.conditions(who, 'catalog.source.read', catalog).includes(undefined);
          expect(policy.engine.decide(who, 'catalog.source.read').result).toBe(permits ? 'allow' : 'deny');
        }
      }),
    );
    await fc.assert(check, { numRuns: 60 });
  });

  test('a watch tells what a fresh list says, and nothing else is ever told', async () => {
    const check = fc.asyncProperty(anyScript, async (script) => {
      const clients = new Map<Principal, { key: string; client: WatchClient; view: View }>();
      await withTwins(script, async (twins) => {
        const { catalog } = twins.policy;
        await settle();
        for (const who of principals) {
          const visibility = twins.visibility(who);
          const known = clients.get(who);
          // As the event stream does: another key, and the reader lists again.
          if (known?.key === visibility.key) {
            expect(known.client.entities).toEqual(known.client.expected());
            const permitted = twins.plain.permitted(who, READ, await catalog.plain());
            expect([...known.client.entities.keys()].toSorted()).toEqual([...permitted].toSorted());
            continue;
          }
          await known?.client.pause();
          const view = catalog.graph.view(visibility);
          const client = new WatchClient(view, EVERYTHING);
          client.start();
          clients.set(who, { key: visibility.key, client, view });
        }
      });
      for (const { client } of clients.values()) {
        expect(client.strangeDeletes).toEqual([]);
        await client.pause();
      }
    });
    await fc.assert(check, { numRuns: 60 });
  });
});
