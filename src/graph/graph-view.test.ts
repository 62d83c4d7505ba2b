import { afterEach, expect, test } from 'vitest';
import { compiled } from '../../test/support/expressions.ts';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Projection } from '../model/projection.ts';
import type { Write } from '../store/store.ts';
import type { Visibility } from './view.ts';

const principal = { ref: 'user:default/ada', claims: new Set(['user:default/ada', 'group:default/crew']) };
const everybody: Visibility = { kind: 'all', key: 'all', principal };
const nobody: Visibility = { kind: 'none', key: 'none', principal };

function seeing(...names: string[]): Visibility {
  const predicate: Predicate = { op: 'field', key: 'metadata.name', values: names };
  return { kind: 'filter', key: names.join(), predicate, principal };
}

const opened: ScriptedCatalog[] = [];
afterEach(async () => {
  for (const catalog of opened.splice(0)) await catalog.close();
});

async function open(
  writes: readonly Write[],
  ...args: ConstructorParameters<typeof ScriptedCatalog>
): Promise<ScriptedCatalog> {
  const catalog = await new ScriptedCatalog(...args).open();
  opened.push(catalog);
  await catalog.do({ do: 'commit', writes });
  return catalog;
}

function put(kind: string, name: string, spec: object = {}): Write {
  const body = { apiVersion: 'v1', kind, metadata: { name, namespace: 'default' }, spec };
  const ref = `${kind}:default/${name}`.toLowerCase();
  const entity = { ref, body: JSON.stringify(body), hash: JSON.stringify(body) };
  return { op: 'putEntity', entity: { ...entity, location: `file:/${name}`, source: 's', line: 1 } };
}

const stage: readonly Write[] = [
  put('Group', 'crew'),
  put('Component', 'lamp', { type: 'light', owner: 'crew', dependsOn: ['component:rope', 'component:ghost'] }),
  put('Component', 'rope', { type: 'rigging', owner: 'crew' }),
];

test('edges to hidden entities are nowhere; edges to what does not exist are', async () => {
  const catalog = await open(stage);
  const view = catalog.graph.view(seeing('lamp'));
  const lamp = view.find('component:default/lamp') ?? -1;
  const dangling = { type: 'dependsOn', targetRef: 'component:default/ghost', exists: false };
  expect(view.relations(lamp)).toEqual([dangling]);
  expect(view.missingTargets(lamp)).toEqual(['component:default/ghost']);
  expect(view.document(lamp).metadata.name).toBe('lamp');
  expect(view.subject(lamp).relations).toEqual({ dependsOn: ['component:default/ghost'] });
  expect(Buffer.from(view.bytes(lamp)).toString()).not.toMatch(/group:default\/crew|rope"}/);
  const paths = ['relations.ownedBy', 'relations.dependsOn'];
  expect([...view.facets(paths).values()]).toEqual([[], [{ value: 'component:default/ghost', count: 1 }]]);
  for (const source of [
    'has(relations.ownedBy)',
    '"group:default/crew" in relations.ownedBy',
    'owns(principal, entity)',
  ]) {
    expect(view.list({ where: compiled(source).predicate, limit: 9 }).total, source).toBe(0);
  }
  const all = catalog.graph.view(everybody);
  expect(all.list({ where: compiled('owns(principal, entity)').predicate, limit: 9 }).total).toBe(2);
  const etags = [view, all]
    .map((one) => one.bytes(lamp))
    .map((bytes) => JSON.parse(Buffer.from(bytes).toString()).metadata.etag);
  expect(etags[0]).not.toBe(etags[1]);
});

const kindOnly: Projection = { fields: 'kind', cut: ({ kind }) => ({ kind: kind ?? null }) };
const relationsOnly: Projection = { fields: 'relations', cut: ({ relations }) => ({ relations: relations ?? null }) };

test('cut bodies show the edges that the reader sees, and change with their entity', async () => {
  const catalog = await open(stage);
  const [part, all] = [catalog.graph.view(seeing('lamp', 'rope')), catalog.graph.view(everybody)];
  const lamp = all.find('component:default/lamp') ?? -1;
  const rope = all.find('component:default/rope') ?? -1;
  for (const view of [all, part, all]) {
    const { relations } = JSON.parse(Buffer.from(view.bytes(lamp)).toString());
    expect(view.cutBodies([rope, lamp], relationsOnly)[1]).toBe(JSON.stringify({ relations }));
    expect(view.cutBodies([lamp, rope], kindOnly)).toEqual(['{"kind":"Component"}', '{"kind":"Component"}']);
  }
  expect(part.cutBodies([lamp], relationsOnly)[0]).not.toMatch('group:default/crew');
  await catalog.do({ do: 'commit', writes: [put('Component', 'lamp', { owner: 'light-crew' })] });
  expect(all.cutBodies([lamp], relationsOnly)[0]).toMatch('group:default/light-crew');
});

test('a handle of a hidden entity is as good as none', async () => {
  const catalog = await open(stage);
  const rope = catalog.graph.view(everybody).find('component:default/rope') ?? -1;
  const view = catalog.graph.view(seeing('lamp'));
  const invalid = expect.objectContaining({ code: 'HANDLE_INVALID' });
  const reads: readonly ((id: number) => unknown)[] = [
    (id) => view.refOf(id),
    (id) => view.bytes(id),
    (id) => view.bodies([id]),
    (id) => view.cutBodies([id], kindOnly),
    (id) => view.subject(id),
    (id) => view.relations(id),
    (id) => view.facts(id),
  ];
  for (const read of reads) {
    expect(() => read(rope)).toThrow(invalid);
    expect(() => read(99)).toThrow(invalid);
  }
  expect(view.findByUid(catalog.storedEntity('component:default/rope').uid)).toBeUndefined();
});

test('sources show as far as the entities do that come from them', async () => {
  const lease = (source: string): Write => ({
    op: 'putLease',
    lease: { collector: 'c', source, lastSuccessAt: 1, expiresAt: 2 },
  });
  const fact = (name: string): Write => ({
    op: 'putFact',
    fact: { entityRef: `component:default/${name}`, collector: 'c', path: 'p', value: 1, source: name, observedAt: 1 },
  });
  const location = (name: string): Write => ({
    op: 'putLocation',
    location: { ref: `file:/${name}`, source: 's', fingerprint: 'f', entities: 1, changedAt: 1 },
  });
  const problem = (id: string, entityRef?: string): Write => ({
    op: 'putProblem',
    problem: {
      id,
      source: 's',
      location: 'file:/lamp',
      code: 'c',
      severity: 'error',
      message: 'm',
      entityRef,
      since: 1,
    },
  });
  const catalog = await open([
    ...stage,
    ...['lamp', 'rope'].flatMap((name) => [
      lease(name),
      fact(name),
      location(name),
      problem(name, `component:default/${name}`),
    ]),
    problem('file'),
    problem('ghost', 'component:default/ghost'),
  ]);
  const counts = (visibility: Visibility): number[] => {
    const view = catalog.graph.view(visibility);
    return [view.leases().length, view.locations().length, view.problems().length];
  };
  expect(counts(everybody)).toEqual([2, 2, 4]);
  expect(counts(seeing('lamp'))).toEqual([1, 1, 1]);
  expect(counts(nobody)).toEqual([0, 0, 0]);
  const volatile = { entityRef: 'component:default/rope', path: 'ready', value: 1 };
  catalog.graph.setVolatileFacts('live', 'one', { expiresAt: 2_000_000 }, [volatile]);
  expect([everybody, seeing('lamp'), seeing('rope')].map((who) => counts(who)[0])).toEqual([3, 1, 2]);
  const live = { collector: 'live', source: 'one', expiresAt: 2_000_000, lastSuccessAt: catalog.clock.now() };
  expect(catalog.graph.view(everybody).leases()).toContainEqual(live);
  expect(catalog.graph.view(seeing('rope')).problems()[0]?.entityRef).toBe('component:default/rope');
});

test('what is seen follows who asks: the same key with other claims is another set', async () => {
  const catalog = await open(stage);
  const { predicate } = compiled('owns(principal, entity)');
  const owned = (claim: string): number => {
    const context = { ref: 'user:default/ada', claims: new Set([claim]) };
    return catalog.graph.view({ kind: 'filter', key: 'own', predicate, principal: context }).list({ limit: 9 }).total;
  };
  expect([owned('group:default/crew'), owned('group:default/cast'), owned('group:default/crew')]).toEqual([2, 0, 2]);
});

test('a condition that changes under the same key shows what the new one shows', async () => {
  const catalog = await open(stage);
  const seen = (name: string): number => {
    const predicate: Predicate = { op: 'field', key: 'metadata.name', values: [name] };
    const view = catalog.graph.view({ kind: 'filter', key: 'all', predicate, principal });
    return view.find('component:default/lamp') === undefined ? 0 : 1;
  };
  expect([seen('lamp'), seen('rope'), seen('lamp')]).toEqual([1, 0, 1]);
});

test('explain tells how each part was answered, in the order it was', async () => {
  const catalog = await open(stage);
  const { predicate } = compiled('size(metadata.name) > 2 && spec.type == "light"');
  const plan = catalog.graph.view(everybody).explain(predicate);
  expect(plan).toMatchObject({ step: 'and', access: 'mixed', true: 1, unknown: 1, evaluated: 0 });
  expect(plan.children).toMatchObject([
    { step: 'lookup spec.type == "light"', access: 'index', true: 1, unknown: 1, evaluated: 0 },
    { step: 'scan size(metadata.name) > 2', access: 'scan', true: 2, evaluated: 2 },
  ]);
});

test('a query that evaluates too much one by one is stopped', async () => {
  const scan: Predicate = { op: 'scan', source: 'slow', evaluate: () => true };
  const bySize = await open(stage, { scan: { maxEntities: 2, maxMs: 1_000 } });
  const stopped = expect.objectContaining({ code: 'QUERY_TOO_EXPENSIVE', status: 422 });
  expect(() => bySize.graph.view(everybody).list({ where: scan, limit: 1 })).toThrow(stopped);
  const narrowed: Predicate = { op: 'and', args: [scan, { op: 'field', key: 'kind', values: ['group'] }] };
  expect(bySize.graph.view(everybody).list({ where: narrowed, limit: 1 }).total).toBe(1);
  const many = Array.from({ length: 600 }, (_, index) => put('Component', `c-${index}`));
  const byTime = await open(many, { scan: { maxEntities: 10_000, maxMs: 0 } });
  expect(() => byTime.graph.view(everybody).list({ where: scan, limit: 1 })).toThrow(stopped);
  const { predicate } = compiled('metadata.name.matches("c-.*")');
  expect(() => byTime.graph.view(everybody).list({ where: predicate, limit: 1 })).toThrow(stopped);
});

test('facts turn unknown when their lease ends, for whoever asks first', async () => {
  const catalog = await open([
    ...stage,
    { op: 'putLease', lease: { collector: 'c', source: 's', lastSuccessAt: 1, expiresAt: 1_000_100 } },
    {
      op: 'putFact',
      fact: {
        entityRef: 'component:default/lamp',
        collector: 'c',
        path: 'parts.lens',
        value: true,
        source: 's',
        observedAt: 1,
      },
    },
    {
      op: 'putFact',
      fact: {
        entityRef: 'component:default/lamp',
        collector: 'c',
        path: 'score',
        value: 7,
        source: 's',
        observedAt: 1,
      },
    },
  ]);
  const view = catalog.graph.view(everybody);
  const good = compiled('facts.c.score > 5').predicate;
  expect(view.list({ where: good, limit: 9 })).toMatchObject({ total: 1, unknown: 2 });
  expect(view.facets(['facts.c.score']).get('facts.c.score')).toEqual([{ value: '7', count: 1 }]);
  const hasLens = compiled('"lens" in facts.c.parts').predicate;
  expect(view.list({ where: hasLens, limit: 9 })).toMatchObject({ total: 1, unknown: 2 });
  catalog.clock.drift(100);
  expect(view.list({ where: hasLens, limit: 9 })).toMatchObject({ total: 0, unknown: 3 });
  expect(view.list({ where: good, limit: 9 })).toMatchObject({ total: 0, unknown: 3 });
  expect(view.facets(['facts.c.score']).get('facts.c.score')).toEqual([]);
  const renewed: Write = {
    op: 'putLease',
    lease: { collector: 'c', source: 's', lastSuccessAt: 1, expiresAt: 2_000_000 },
  };
  await catalog.do({ do: 'commit', writes: [renewed] });
  expect(view.list({ where: good, limit: 9 })).toMatchObject({ total: 1, unknown: 2 });
});

test('an entity keeps the etag of its file, and has one of its content and relations otherwise', async () => {
  const catalog = await open(stage);
  const view = catalog.graph.view(everybody);
  const etag = (): string => {
    const rendered = JSON.parse(Buffer.from(view.bytes(view.find('component:default/rope') ?? -1)).toString());
    return rendered.metadata.etag;
  };
  const first = etag();
  expect(first).toMatch(/^[0-9a-f]{40}$/);
  await catalog.do({ do: 'commit', writes: [put('Component', 'hook')] });
  expect(etag()).toBe(first);
  await catalog.do({ do: 'commit', writes: [put('Component', 'hook', { dependsOn: ['component:rope'] })] });
  expect(etag()).not.toBe(first);
});
