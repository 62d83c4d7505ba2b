// What walks over relations cost: neighbourhoods, reach and paths in a catalog with a hub, for one who sees all and for
// one who sees a half; and how long one request holds the event loop. The store is the tests' one in memory.
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { type Graph, openGraph } from '../src/graph/graph.ts';
import { neighbourhoodOf } from '../src/graph/neighbourhood.ts';
import { reachOf } from '../src/graph/reach.ts';
import { shortestPaths } from '../src/graph/shortest-path.ts';
import type { View, Visibility } from '../src/graph/view.ts';
import { builtinKinds } from '../src/model/builtin-kinds.ts';
import { createKindTable } from '../src/model/relations.ts';
import type { EntityWrite } from '../src/store/store.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { type Figure, given, keep } from './measure.ts';
import { components } from './synthetic.ts';

const { values: flags } = parseArgs({
  options: { entities: { type: 'string', default: '100000' }, hub: { type: 'string', default: '20000' } },
});
const count = Number(flags.entities);
const hubEdges = Number(flags.hub);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const figures: Figure[] = [];
const ROUNDS = 9;

/** The made-up catalog; of it so many also depend on one, which is a part of one system. */
function withHub(): EntityWrite[] {
  return components(count).map((entity, index) => {
    if (index > hubEdges) return entity;
    const body = JSON.parse(entity.body) as { spec: { dependsOn: string[]; system: string } };
    if (index > 0) body.spec.dependsOn.push('component:default/component-0');
    body.spec.system = 'hub';
    return { ...entity, body: JSON.stringify(body) };
  });
}

/** CPU time of one call, ms; the first ones are not counted. */
function measure(name: string, work: () => unknown): void {
  for (let round = 0; round < 3; round += 1) work();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / 1000);
  }
  figures.push(given(name, 'ms CPU', rounds));
}

function measureWalks(label: string, view: View): void {
  const hub = 'component:default/component-0';
  const around = (root: string, depth: number, fold: 'none' | 'system' | 'owner') => (): unknown => {
    const edges = view.edges();
    const node = edges.find(root) ?? -1;
    return neighbourhoodOf(edges, {
      root: node,
      depth,
      direction: 'both',
      fold,
      opened: new Set(),
      pinned: [],
      limit: 60,
    });
  };
  const reach = (root: string) => (): unknown => {
    const edges = view.edges();
    return reachOf(edges, { root: edges.find(root) ?? -1, direction: 'in', depth: 64 });
  };
  const [start = -1, end = -1] = view.list({ limit: 2, offset: Math.floor(count / 2) }).ids;
  const usual = view.refOf(start);
  measure(`${label}: neighbourhood of one, depth 1`, around(usual, 1, 'none'));
  measure(`${label}: neighbourhood of one, depth 3`, around(usual, 3, 'none'));
  measure(`${label}: neighbourhood of a hub`, around(hub, 1, 'none'));
  measure(`${label}: neighbourhood of a hub, by owner`, around(hub, 1, 'owner'));
  measure(`${label}: neighbourhood of its system, by system`, around('system:default/hub', 1, 'system'));
  measure(`${label}: neighbourhood of the hub, depth 3`, around(hub, 3, 'none'));
  measure(`${label}: everything that feels the hub, to the bound`, reach(hub));
  measure(`${label}: counts of these by four values`, () => {
    const edges = view.edges();
    const { reached } = reachOf(edges, { root: edges.find(hub) ?? -1, direction: 'in', depth: 64 });
    const paths = ['kind', 'relations.ownedBy', 'relations.partOf', 'spec.lifecycle'];
    return view.facetsOf(
      paths,
      reached.map(({ node }) => node),
      100,
    );
  });
  measure(`${label}: the way between two`, () => {
    const edges = view.edges();
    return shortestPaths(edges, { from: start, to: end });
  });
}

const kinds = createKindTable(builtinKinds);
const store = new MemoryStore();
await store.commit(withHub().map((entity) => ({ op: 'putEntity' as const, entity })));
const graph: Graph = await openGraph({ store, kinds, clock: systemClock, log: quiet, checkMs: 0 });
const principal = { ref: 'user:default/one', claims: new Set<string>() };
const label = `${count.toLocaleString('en')} entities, hub of ${hubEdges.toLocaleString('en')}`;
const everybody: Visibility = { kind: 'all', key: 'all', principal };
measureWalks(`${label}, all seen`, graph.view(everybody));
const half: Visibility = {
  kind: 'filter',
  key: 'half',
  predicate: { op: 'not', arg: { op: 'field', key: 'spec.lifecycle', values: ['deprecated'] } },
  principal,
};
measureWalks(`${label}, two thirds seen`, graph.view(half));
await graph.close();
keep('walks', figures);
