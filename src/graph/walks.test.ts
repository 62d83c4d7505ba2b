import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Write } from '../store/store.ts';
import type { EdgeSide, Edges } from './edges.ts';
import { FOLD_ABOVE, neighbourhoodOf, type Neighbourhood, type NeighbourhoodRequest } from './neighbourhood.ts';
import { IMPACT, reachOf } from './reach.ts';
import { shortestPaths, SOCIAL } from './shortest-path.ts';
import type { View, Visibility } from './view.ts';

// Neighbourhoods, reach and paths, against plain searches over the edges that entities show one by one.

const principal = { ref: 'user:default/ada', claims: new Set(['user:default/ada']) };
const everybody: Visibility = { kind: 'all', key: 'all', principal };

function without(...names: string[]): Visibility {
  const hidden: Predicate = { op: 'field', key: 'metadata.name', values: names };
  return { kind: 'filter', key: `not ${names.join()}`, predicate: { op: 'not', arg: hidden }, principal };
}

const opened: ScriptedCatalog[] = [];
afterEach(async () => {
  for (const catalog of opened.splice(0)) await catalog.close();
});

async function viewOf(writes: readonly Write[], visibility = everybody): Promise<View> {
  const catalog = await new ScriptedCatalog().open();
  opened.push(catalog);
  await catalog.do({ do: 'commit', writes });
  return catalog.graph.view(visibility);
}

function put(kind: string, name: string, spec: object = {}): Write {
  const body = { apiVersion: 'v1', kind, metadata: { name, namespace: 'default' }, spec };
  const ref = `${kind}:default/${name}`.toLowerCase();
  const entity = { ref, body: JSON.stringify(body), hash: JSON.stringify(body) };
  return { op: 'putEntity', entity: { ...entity, location: `file:/${name}`, source: 's', line: 1 } };
}

const ref = (name: string): string => `component:default/${name}`;

function around(view: View, root: string, request: Partial<NeighbourhoodRequest> = {}): Neighbourhood {
  const edges = view.edges();
  return neighbourhoodOf(edges, {
    root: edges.find(root) ?? -1,
    depth: 1,
    direction: 'both',
    fold: 'none',
    opened: new Set(),
    pinned: [],
    limit: 60,
    ...request,
  });
}

const ids = ({ places }: Neighbourhood): string[] => places.map(({ id }) => id.replace(/^component:default\//, ''));
const edgeTexts = ({ edges }: Neighbourhood): string[] =>
  edges.map(({ from, to, type, count }) => `${from.split('/')[1]} ${type} ${to.split('/')[1]} ${count}`);
const hiddenSum = ({ hidden }: Neighbourhood): number =>
  [...hidden.values()].flat().reduce((sum, { count }) => sum + count, 0);

const desk: readonly Write[] = [
  put('Group', 'stage'),
  put('System', 'tickets', { owner: 'stage' }),
  put('Component', 'desk', { owner: 'stage', system: 'tickets', dependsOn: [ref('seats'), ref('ghost')] }),
  put('Component', 'seats', { owner: 'stage', system: 'tickets', dependsOn: [ref('store')] }),
  put('Component', 'store', { owner: 'stage' }),
  put('Component', 'till', { dependsOn: [ref('desk')] }),
];

describe('a neighbourhood', () => {
  test('shows direct neighbours, edges among them, and counts what it does not show', async () => {
    const found = around(await viewOf(desk), ref('desk'));
    expect(ids(found)).toEqual(['desk', 'ghost', 'till', 'system:default/tickets', 'group:default/stage', 'seats']);
    expect(edgeTexts(found)).toEqual([
      'desk dependsOn ghost 1',
      'desk dependsOn seats 1',
      'desk ownedBy stage 1',
      'desk partOf tickets 1',
      'seats ownedBy stage 1',
      'seats partOf tickets 1',
      'till dependsOn desk 1',
      'tickets ownedBy stage 1',
    ]);
    expect(Object.fromEntries(found.hidden)).toMatchObject({
      [ref('seats')]: [{ type: 'dependsOn', side: 'out', count: 1 }],
      'group:default/stage': [{ type: 'ownedBy', side: 'in', count: 1 }],
    });
  });

  test('opens one node beyond the depth, and keeps what is pinned', async () => {
    const view = await viewOf(desk);
    const types = new Set(['dependsOn']);
    expect(ids(around(view, ref('till'), { types }))).toEqual(['till', 'desk']);
    const open = new Set([ref('desk')]);
    expect(ids(around(view, ref('till'), { types, opened: open }))).toEqual(['till', 'desk', 'ghost', 'seats']);
    const pinned = [view.find(ref('store')) ?? -1];
    const found = around(view, ref('till'), { types, pinned });
    expect(found.places.map(({ id, distance }) => [id, distance])).toEqual([
      [ref('till'), 0],
      [ref('store'), undefined],
      [ref('desk'), 1],
    ]);
  });

  test('follows one direction alone where that is asked', async () => {
    const view = await viewOf(desk);
    expect(ids(around(view, ref('desk'), { direction: 'in' }))).toEqual(['desk', 'till']);
    expect(ids(around(view, ref('desk'), { direction: 'out', types: new Set(['dependsOn']) }))).toEqual([
      'desk',
      'ghost',
      'seats',
    ]);
  });

  test('folds by system: neighbours of one system are one, those of the root’s own are inside it', async () => {
    const view = await viewOf([
      ...desk,
      put('System', 'money'),
      put('Component', 'bank', { system: 'money', dependsOn: [ref('desk')] }),
      put('Component', 'cash', { system: 'money', dependsOn: [ref('seats')] }),
    ]);
    const found = around(view, 'system:default/tickets', { fold: 'system', types: new Set(['dependsOn', 'partOf']) });
    const money = found.places.find(({ id }) => id === 'system=system:default/money');
    expect(money).toMatchObject({ folded: 2, group: { by: 'system', key: 'system:default/money' } });
    expect(found.places[0]).toMatchObject({ id: 'system:default/tickets', folded: 2 });
    expect(found.edges).toContainEqual({
      from: 'system=system:default/money',
      to: 'system:default/tickets',
      type: 'dependsOn',
      count: 2,
    });
    const unfolded = around(view, 'system:default/tickets', {
      fold: 'system',
      types: new Set(['dependsOn', 'partOf']),
      opened: new Set(['system=system:default/money']),
    });
    expect(ids(unfolded)).toEqual(expect.arrayContaining(['bank', 'cash']));
  });

  test('many neighbours of one type come as groups by kind, or by owner where they are of one kind', async () => {
    const many = Array.from({ length: FOLD_ABOVE + 6 }, (_, at) =>
      put('Component', `part-${at}`, { system: 'tickets', owner: at % 3 === 0 ? 'stage' : 'crew' }),
    );
    const view = await viewOf([put('Group', 'stage'), put('Group', 'crew'), put('System', 'tickets'), ...many]);
    const found = around(view, 'system:default/tickets');
    const [, crew, stage] = found.places;
    expect(crew).toMatchObject({ group: { by: 'owner', key: 'group:default/crew' }, folded: 20 });
    expect(stage).toMatchObject({ group: { by: 'owner', key: 'group:default/stage' }, folded: 10 });
    expect(hiddenSum(found)).toBe(0);
    const opened = around(view, 'system:default/tickets', { opened: new Set([crew?.id ?? '']) });
    expect(opened.places).toHaveLength(22);

    const mixed = around(
      await viewOf([...many, put('System', 'tickets'), put('API', 'seats', { system: 'tickets' })]),
      'system:default/tickets',
    );
    expect(mixed.places.map(({ id }) => id)).toEqual([
      'system:default/tickets',
      'kind=component@in.partOf@system:default/tickets',
      'api:default/seats',
    ]);
  });

  test('never shows more than asked, and gives each type of edge its share', async () => {
    const many = Array.from({ length: 20 }, (_, at) => put('Component', `part-${at}`, { system: 'tickets' }));
    const view = await viewOf([
      put('System', 'tickets', { owner: 'stage', domain: 'house' }),
      put('Group', 'stage'),
      put('Domain', 'house'),
      ...many,
    ]);
    const found = around(view, 'system:default/tickets', { limit: 5 });
    expect(found.places).toHaveLength(5);
    expect(ids(found)).toEqual(expect.arrayContaining(['group:default/stage', 'domain:default/house']));
    expect(found.hidden.get('system:default/tickets')).toEqual([{ type: 'partOf', side: 'in', count: 18 }]);
  });

  test('a hidden entity is nowhere: not drawn, not folded, not counted', async () => {
    const found = around(await viewOf(desk, without('seats', 'stage')), ref('desk'));
    expect(ids(found)).toEqual(['desk', 'ghost', 'till', 'system:default/tickets']);
    expect(hiddenSum(found)).toBe(0);
  });

  test('a missing entity is a root where a visible one names it, and none where only hidden ones do', async () => {
    const view = await viewOf(desk);
    expect(ids(around(view, ref('ghost')))).toEqual(['ghost', 'desk']);
    expect((await viewOf(desk, without('desk'))).edges().find(ref('ghost'))).toBeUndefined();
    expect(view.edges().find(ref('nothing'))).toBeUndefined();
  });
});

describe('reach', () => {
  const told = (view: View, root: string, direction: EdgeSide = 'in', types?: readonly string[]): string[] => {
    const edges = view.edges();
    const request = { root: edges.find(root) ?? -1, direction, depth: 64, types: types && new Set(types) };
    return reachOf(edges, request).reached.map(
      ({ node, distance, first }) =>
        `${edges.refOf(node).split('/')[1]} ${distance} ${edges.refOf(first).split('/')[1]}`,
    );
  };

  test('carries a failure over dependencies, APIs and wholes, but not to owners or to other parts', async () => {
    const view = await viewOf([
      put('Group', 'stage'),
      put('System', 'tickets', { owner: 'stage' }),
      put('API', 'seats', { system: 'tickets', owner: 'stage' }),
      put('Component', 'plan', { owner: 'stage', providesApis: ['seats'] }),
      put('Component', 'web', { consumesApis: ['seats'], system: 'front' }),
      put('Component', 'other', { system: 'front' }),
    ]);
    expect(told(view, ref('plan'))).toEqual(['seats 1 seats', 'web 2 seats', 'tickets 2 seats', 'front 3 seats']);
    expect(told(view, 'system:default/front')).toEqual(['other 1 other', 'web 1 web']);
    expect(told(view, ref('web'), 'out')).toEqual(['seats 1 seats', 'plan 2 seats']);
    expect(told(view, 'group:default/stage')).toEqual([]);
    expect(told(view, 'group:default/stage', 'in', ['ownedBy'])).toEqual([
      'seats 1 seats',
      'plan 1 plan',
      'tickets 1 tickets',
    ]);
  });

  test('ends where circles close', async () => {
    const view = await viewOf([
      put('Component', 'a', { dependsOn: [ref('b')] }),
      put('Component', 'b', { dependsOn: [ref('c')] }),
      put('Component', 'c', { dependsOn: [ref('a')] }),
    ]);
    expect(told(view, ref('a'))).toEqual(['c 1 c', 'b 2 c']);
  });
});

describe('paths', () => {
  test('tells the shortest ways in order, against edges too, and that there are more', async () => {
    const middle = ['b', 'c', 'd', 'e'];
    const view = await viewOf([
      put('Component', 'a', { dependsOn: middle.map(ref), owner: 'stage' }),
      ...middle.map((name) => put('Component', name, {})),
      put('Component', 'z', { dependencyOf: ['b', 'c'].map(ref), dependsOn: ['d', 'e'].map(ref), owner: 'stage' }),
    ]);
    const edges = view.edges();
    const [from, to] = [edges.find(ref('a')) ?? -1, edges.find(ref('z')) ?? -1];
    const { outcome, paths, hasMore } = shortestPaths(edges, { from, to });
    expect([outcome, hasMore]).toEqual(['found', true]);
    expect(paths.map((steps) => steps.map(({ node, side }) => `${side} ${edges.refOf(node).slice(-1)}`))).toEqual([
      ['out b', 'out z'],
      ['out c', 'out z'],
      ['out d', 'in z'],
    ]);
    const social = shortestPaths(edges, { from, to, types: SOCIAL });
    expect(social).toMatchObject({ outcome: 'found', hasMore: false });
    expect(shortestPaths(edges, { from, to, types: new Set(['partOf']) })).toMatchObject({
      outcome: 'none',
      paths: [],
    });
    expect(shortestPaths(edges, { from, to: from })).toMatchObject({ outcome: 'found', paths: [[]] });
  });

  test('gives up on ways that are too long', async () => {
    const chain = Array.from({ length: 70 }, (_, at) => put('Component', `n${at}`, { dependsOn: [ref(`n${at + 1}`)] }));
    const edges = (await viewOf(chain)).edges();
    const [from, to] = [edges.find(ref('n0')) ?? -1, edges.find(ref('n70')) ?? -1];
    expect(shortestPaths(edges, { from, to }).outcome).toBe('gave-up');
    expect(shortestPaths(edges, { from, to: edges.find(ref('n64')) ?? -1 }).paths[0]).toHaveLength(64);
  });
});

// Against plain searches.

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const target = fc.constantFrom(...names.map(ref), 'component:default/ghost');
const spec = fc.record(
  {
    owner: fc.constantFrom('red', 'blue'),
    system: fc.constantFrom('one', 'two'),
    dependsOn: fc.array(target, { maxLength: 3 }),
    dependencyOf: fc.array(target, { maxLength: 2 }),
    providesApis: fc.array(fc.constantFrom('x', 'y'), { maxLength: 1 }),
    consumesApis: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    subcomponentOf: fc.constantFrom(...names.map(ref)),
  },
  { requiredKeys: [] },
);
const catalogs = fc
  .tuple(
    fc.array(spec, { minLength: 3, maxLength: names.length }),
    fc.array(fc.constantFrom(...names), { maxLength: 2 }),
  )
  .map(([specs, hidden]) => ({
    hidden,
    writes: [
      ...specs.map((each, at) => put('Component', names[at] ?? '', each)),
      put('Group', 'red'),
      put('System', 'one', { owner: 'red', domain: 'all' }),
      put('API', 'x', { system: 'two' }),
    ],
  }));

interface PlainEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

/** Every edge once, from what each visible entity shows. */
function plainEdges(view: View, edges: Edges): readonly PlainEdge[] {
  const found = new Map<string, PlainEdge>();
  for (const id of view.list({ limit: 1000 }).ids) {
    const source = view.refOf(id);
    for (const { type, targetRef } of view.relations(id)) {
      if (targetRef === source) continue;
      const pair = edges.pairs.find(({ reverse }) => reverse === type);
      const edge = pair ? { from: targetRef, to: source, type: pair.type } : { from: source, to: targetRef, type };
      found.set(JSON.stringify(edge), edge);
    }
  }
  return [...found.values()];
}

function plainDistances(root: string, next: (ref: string) => readonly string[]): ReadonlyMap<string, number> {
  const distances = new Map([[root, 0]]);
  for (const [at, distance] of distances) {
    for (const end of next(at)) if (!distances.has(end)) distances.set(end, distance + 1);
  }
  return distances;
}

describe('random catalogs', () => {
  const property = (
    check: (view: View, edges: Edges, plain: readonly PlainEdge[], root: string) => void,
  ): Promise<void> =>
    fc.assert(
      fc.asyncProperty(catalogs, async ({ writes, hidden }) => {
        const view = await viewOf(writes, hidden.length === 0 ? everybody : without(...hidden));
        const edges = view.edges();
        const plain = plainEdges(view, edges);
        for (const id of view.list({ limit: 1000 }).ids) check(view, edges, plain, view.refOf(id));
      }),
      { numRuns: 60 },
    );

  test('a neighbourhood has the nearest ones; each of their edges is shown, folded or counted', () =>
    property((view, _, plain, root) => {
      for (const fold of ['none', 'system', 'owner'] as const) {
        for (const limit of [4, 60]) {
          const found = around(view, root, { depth: 2, fold, limit });
          expect(found.places.length).toBeLessThanOrEqual(limit);
          const distances = plainDistances(root, (at) =>
            plain.flatMap(({ from, to }) => (from === at ? [to] : to === at ? [from] : [])),
          );
          const shown = found.edges.reduce((sum, { count }) => sum + count, 0);
          for (const { id, node, distance } of found.places) {
            if (node === undefined) continue;
            if (fold === 'none') expect(distance).toBe(distances.get(id));
            const drawn = found.edges
              .filter(({ from, to }) => from === id || to === id)
              .reduce((sum, { count }) => sum + count, 0);
            const left = (found.hidden.get(id) ?? []).reduce((sum, { count }) => sum + count, 0);
            const all = plain.filter(({ from, to }) => from === id || to === id).length;
            if (found.places.every(({ folded }) => folded === 0)) expect(drawn + left).toBe(all);
            expect(left).toBeLessThanOrEqual(all);
          }
          if (fold === 'none' && limit === 60) {
            const near = [...distances].filter(([, distance]) => distance <= 2).map(([at]) => at);
            expect(found.places.map(({ id }) => id).toSorted()).toEqual(near.toSorted());
            const inside = plain.filter(({ from, to }) => near.includes(from) && near.includes(to));
            expect(shown).toBe(inside.length);
          }
        }
      }
    }));

  test('reach is what a plain search finds, as far and over the least first neighbour', () =>
    property((_, edges, plain, root) => {
      const felt = ({ from, to, type }: PlainEdge, at: string): readonly string[] => {
        const side = IMPACT.get(type);
        if (side === 'in') return to === at ? [from] : [];
        if (side === 'out') return from === at ? [to] : [];
        return [];
      };
      const parts = plainDistances(root, (at) =>
        plain.flatMap(({ from, to, type }) => (type === 'partOf' && to === at ? [from] : [])),
      );
      const distances = plainDistances(root, (at) =>
        plain.flatMap((edge) => [
          ...felt(edge, at),
          ...(parts.has(at) && edge.type === 'partOf' && edge.to === at ? [edge.from] : []),
        ]),
      );
      const { reached, isComplete } = reachOf(edges, { root: edges.find(root) ?? -1, direction: 'in', depth: 64 });
      expect(isComplete).toBe(true);
      const told = reached.map(({ node, distance }) => [edges.refOf(node), distance] as const);
      expect(new Map(told)).toEqual(new Map([...distances].filter(([at]) => at !== root)));
      for (const { distance, node, first } of reached) if (distance === 1) expect(first).toBe(node);
    }));

  test('a path is as short as a plain search says, over edges that are there', () =>
    property((_, edges, plain, root) => {
      const followed = plain.filter(({ type }) => !SOCIAL.has(type));
      const known = new Set(plain.map(({ from, type, to }) => `${from} ${type} ${to}`));
      const distances = plainDistances(root, (at) =>
        followed.flatMap(({ from, to }) => (from === at ? [to] : to === at ? [from] : [])),
      );
      for (const end of new Set(plain.flatMap(({ from, to }) => [from, to]))) {
        const [from, to] = [edges.find(root) ?? -1, edges.find(end) ?? -1];
        const { outcome, paths } = shortestPaths(edges, { from, to });
        expect(outcome).toBe(distances.has(end) ? 'found' : 'none');
        for (const path of paths) {
          expect(path).toHaveLength(distances.get(end) ?? -1);
          path.forEach(({ node, type, side }, at) => {
            const [before, after] = [edges.refOf(path[at - 1]?.node ?? from), edges.refOf(node)];
            expect(known).toContain(side === 'out' ? `${before} ${type} ${after}` : `${after} ${type} ${before}`);
          });
        }
      }
    }));
});
