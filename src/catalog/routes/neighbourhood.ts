import * as contracts from '../../api/neighbourhood.ts';
import type { GraphGroup, GraphNode, GraphRelation, Neighbourhood } from '../../api/neighbourhood.ts';
import type { Edges } from '../../graph/edges.ts';
import { neighbourhoodOf, type Neighbourhood as Surroundings, type Place } from '../../graph/neighbourhood.ts';
import { IMPACT, reachOf, type Reached } from '../../graph/reach.ts';
import { shortestPaths, SOCIAL } from '../../graph/shortest-path.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { graphEntities, graphNode } from './graph-entity.ts';
import { keysetPage } from './keyset.ts';
import { canonicalRef } from './named-entity.ts';
import { readView } from './read.ts';

const DRAWN = 40;
const PAGE = 50;
const FARTHEST = 64;
const VALUES = 20;

const neighbourhood = implementRoute(contracts.getNeighbourhood, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { root, depth = 1, direction = 'both', relation, fold = 'none', limit = DRAWN } = request.query;
    const { expanded = [], pinned = [] } = request.query;
    const edges = view.edges();
    const found = neighbourhoodOf(edges, {
      root: graphNode(edges, root),
      depth,
      direction,
      types: relation && new Set(relation),
      fold,
      opened: new Set(expanded),
      // What was pinned may be gone by now: the rest still shows.
      pinned: pinned.map((ref) => edges.find(canonicalRef(ref))).filter((node) => node !== undefined),
      limit,
    });
    return answerOf(view, edges, found);
  }),
);

function answerOf(view: View, edges: Edges, found: Surroundings): Neighbourhood {
  const places = found.places.flatMap((place) => (place.node === undefined ? [] : [{ ...place, node: place.node }]));
  const entities = graphEntities(
    view,
    edges,
    places.map(({ node }) => node),
  );
  const nodes = entities.map((entity, at): GraphNode => {
    const distance = places[at]?.distance;
    return {
      ...entity,
      ...(distance !== undefined && { distance }),
      folded: places[at]?.folded ?? 0,
      hidden: (found.hidden.get(entity.ref) ?? []).map((hidden) => ({ ...hidden })),
    };
  });
  return {
    revision: view.revision,
    root: nodes[0]?.ref ?? '',
    nodes,
    groups: found.places.flatMap((place) => groupOf(view, edges, place)),
    edges: found.edges.map((edge) => ({ ...edge })),
    relations: relationsOf(edges, found, nodes),
    complete: found.isComplete,
  };
}

function groupOf(view: View, edges: Edges, { id, group, distance = 0, folded }: Place): GraphGroup[] {
  if (group === undefined) return [];
  const { by, key, of } = group;
  const node = by === 'kind' || key === '' ? undefined : edges.find(key);
  const [entity] = node === undefined ? [] : graphEntities(view, edges, [node]);
  return [
    {
      id,
      by,
      key,
      title: entity?.title ?? entity?.name ?? key,
      distance,
      count: folded,
      ...(of && { of: { ref: edges.refOf(of.node), type: of.type, side: of.side } }),
    },
  ];
}

function relationsOf(edges: Edges, found: Surroundings, nodes: readonly GraphNode[]): GraphRelation[] {
  const shown = new Map<string, number>();
  const hidden = new Map<string, number>();
  for (const { type, count } of found.edges) shown.set(type, (shown.get(type) ?? 0) + count);
  for (const node of nodes)
    for (const { type, count } of node.hidden) hidden.set(type, (hidden.get(type) ?? 0) + count);
  return edges.pairs
    .map((pair) => ({ ...pair, shown: shown.get(pair.type) ?? 0, hidden: hidden.get(pair.type) ?? 0 }))
    .filter((relation) => relation.shown > 0 || relation.hidden > 0);
}

const path = implementRoute(contracts.getPath, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { from, to, relation } = request.query;
    const edges = view.edges();
    const [start, end] = [graphNode(edges, from), graphNode(edges, to)];
    const types = relation && new Set(relation);
    const { outcome, paths, hasMore, visited } = shortestPaths(edges, { from: start, to: end, types });
    const nodes = [...new Set([start, end, ...paths.flat().map(({ node }) => node)])];
    return {
      revision: view.revision,
      outcome,
      visited,
      more: hasMore,
      paths: paths.map((steps) =>
        steps.map(({ node, type, side }, at) => {
          const before = edges.refOf(steps[at - 1]?.node ?? start);
          const after = edges.refOf(node);
          return side === 'out' ? { from: before, to: after, type } : { from: after, to: before, type };
        }),
      ),
      nodes: graphEntities(view, edges, nodes),
      relations: followed(edges, (type) => types?.has(type) ?? !SOCIAL.has(type)),
    };
  }),
);

const dependents = implementRoute(contracts.listDependents, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { root, direction = 'in', depth = FARTHEST, relation, limit, cursor } = request.query;
    const edges = view.edges();
    const start = graphNode(edges, root);
    const types = relation && new Set(relation);
    const { reached, isComplete } = reachOf(edges, { root: start, direction, depth, types });
    const farther = reached.findIndex(({ distance }) => distance > 1);
    const { items, ...page } = keysetPage(reached, (entry) => placeOf(edges, entry), { limit, cursor }, PAGE);
    const told = graphEntities(
      view,
      edges,
      items.map(({ node }) => node),
    );
    return {
      revision: view.revision,
      ...page,
      root: edges.refOf(start),
      direct: farther === -1 ? reached.length : farther,
      complete: isComplete,
      relations: followed(edges, (type) => types?.has(type) ?? IMPACT.has(type)),
      counts: countsOf(view, reached),
      items: told.map((entity, at) => ({ ...entity, ...wayTo(edges, items[at]) })),
    };
  }),
);

function wayTo(
  edges: Edges,
  reached: Reached | undefined,
): Pick<contracts.Dependents['items'][number], 'distance' | 'first'> {
  if (reached === undefined) throw new Error('every entity of the page was reached');
  const { distance, first, type } = reached;
  return { distance, first: { ref: edges.refOf(first), type } };
}

/** Nearest first, then by ref. */
function placeOf(edges: Edges, { distance, node }: Reached): string {
  return `${String(distance).padStart(3, '0')}\n${edges.refOf(node)}`;
}

function followed(edges: Edges, isFollowed: (type: string) => boolean): { type: string; reverse: string }[] {
  return edges.pairs.filter(({ type }) => isFollowed(type)).map((pair) => ({ ...pair }));
}

const COUNTED = { kind: 'kind', owner: 'relations.ownedBy', system: 'relations.partOf', lifecycle: 'spec.lifecycle' };

function countsOf(view: View, reached: readonly Reached[]): contracts.Dependents['counts'] {
  const facets = view.facetsOf(
    Object.values(COUNTED),
    reached.map(({ node }) => node),
    VALUES * 5,
  );
  const values = (path: string, prefix = ''): { value: string; count: number }[] =>
    (facets.get(path) ?? [])
      .filter(({ value }) => value.startsWith(prefix))
      .slice(0, VALUES)
      .map((value) => ({ ...value }));
  return {
    kind: values(COUNTED.kind),
    owner: values(COUNTED.owner),
    system: values(COUNTED.system, 'system:'),
    lifecycle: values(COUNTED.lifecycle),
  };
}

/** The routes of the relation graph. */
export const graphRoutes: readonly Route[] = [neighbourhood, path, dependents];
