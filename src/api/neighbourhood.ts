import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { pageParts, pageQuery, Revision, revisionQuery } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Graph';
const permission = 'catalog.entity.read';

/** A ref as a client writes it. */
const Ref = Type.String({ minLength: 1, maxLength: 200, examples: ['component:default/ticket-desk'] });
const RelationType = Type.String({ minLength: 1, maxLength: 63 });
const Count = Type.Integer({ minimum: 0 });

const relationQuery = {
  relation: Type.Optional(
    Type.Array(RelationType, {
      maxItems: 32,
      description: 'Only edges of these types (repeatable), as their source shows them.',
      examples: [['dependsOn', 'consumesApi']],
    }),
  ),
};

const Side = Type.Union([Type.Literal('in'), Type.Literal('out')], {
  description: '`out`: from the entity to what it needs or belongs to; `in`: from what needs it or belongs to it.',
});

/** An entity as graphs show it. */
export const GraphEntity = Type.Object({
  ref: EntityRef,
  kind: Type.String({ description: 'As declared; in lower case where it is missing.', examples: ['Component'] }),
  name: Type.String(),
  title: Type.Optional(Type.String()),
  type: Type.Optional(Type.String({ examples: ['service'] })),
  lifecycle: Type.Optional(Type.String()),
  owner: Type.Optional(EntityRef),
  exists: Type.Boolean({ description: 'False when the catalog holds no such entity, and others only name it.' }),
  problems: Type.Object({ errors: Count, warnings: Count }),
});
export type GraphEntity = Static<typeof GraphEntity>;

/** An entity of a neighbourhood. */
export const GraphNode = Type.Object({
  ...GraphEntity.properties,
  distance: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Edges between it and the root; absent: pinned, and not reached.' }),
  ),
  folded: Type.Integer({ minimum: 0, description: 'Entities that are folded into it.' }),
  hidden: Type.Array(Type.Object({ type: RelationType, side: Side, count: Count }), {
    description: 'Its edges that are not shown, by type and side.',
  }),
});
export type GraphNode = Static<typeof GraphNode>;

/** Several entities as one. */
export const GraphGroup = Type.Object({
  id: Type.String({ description: 'For `expanded`.' }),
  by: Type.Union([Type.Literal('system'), Type.Literal('domain'), Type.Literal('owner'), Type.Literal('kind')]),
  key: Type.String({ description: 'Ref of the system, domain or owner, or a kind; empty: without an owner.' }),
  title: Type.String({ description: 'Title of the system, domain or owner, or the kind.' }),
  of: Type.Optional(
    Type.Object(
      { ref: EntityRef, type: RelationType, side: Side },
      { description: 'The node that has too many edges of this type.' },
    ),
  ),
  distance: Type.Integer({ minimum: 0 }),
  count: Type.Integer({ minimum: 1, description: 'Number of entities.' }),
});
export type GraphGroup = Static<typeof GraphGroup>;

/** An edge, or several of one type where an end is a group. */
export const GraphEdge = Type.Object({
  from: Type.String({ description: 'Ref or id of the source.' }),
  to: Type.String({ description: 'Ref or id of the target.' }),
  type: RelationType,
  count: Type.Integer({ minimum: 1 }),
});
export type GraphEdge = Static<typeof GraphEdge>;

/** A type of edge with how much of it is shown. */
export const GraphRelation = Type.Object({
  type: RelationType,
  reverse: Type.String({ description: 'The same as its target shows it.', examples: ['dependencyOf'] }),
  shown: Count,
  hidden: Count,
});
export type GraphRelation = Static<typeof GraphRelation>;

/** The surroundings of an entity. */
export const Neighbourhood = Type.Object({
  revision: Revision,
  root: EntityRef,
  nodes: Type.Array(GraphNode, { description: 'The root first, then by distance.' }),
  groups: Type.Array(GraphGroup),
  edges: Type.Array(GraphEdge),
  relations: Type.Array(GraphRelation, { description: 'Types that occur at the shown nodes.' }),
  complete: Type.Boolean({
    description:
      'False: there were too many entities to look at one by one; the rest is counted as hidden, or not followed.',
  }),
});
export type Neighbourhood = Static<typeof Neighbourhood>;

/** `GET /api/v1/graph/neighbourhood` */
export const getNeighbourhood = defineRoute({
  method: 'GET',
  path: '/api/v1/graph/neighbourhood',
  summary: 'Read what stands around an entity',
  description:
    'Breadth first, nearest first. Where a node has more than 24 neighbours of one type they come as groups, by kind or by ' +
    'owner; with `fold` neighbours of one system, domain or owner come as one. What is neither shown nor folded is counted at ' +
    'each node. A missing entity can be the root where a visible one names it.',
  tag,
  permission,
  query: Type.Object({
    root: Ref,
    depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 3, default: 1, description: 'Edges from the root.' })),
    direction: Type.Optional(
      Type.Union([Type.Literal('both'), Type.Literal('in'), Type.Literal('out')], {
        default: 'both',
        description: '`out`: what the root needs or belongs to; `in`: what needs it or belongs to it.',
      }),
    ),
    ...relationQuery,
    fold: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('system'), Type.Literal('domain'), Type.Literal('owner')], {
        default: 'none',
        description: 'What joins neighbours. Folded by its own kind, the root stands for all that is inside it.',
      }),
    ),
    expanded: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 600 }), {
        maxItems: 64,
        description: 'Refs of nodes whose neighbours are wanted beyond `depth`, and ids of groups to show one by one.',
      }),
    ),
    pinned: Type.Optional(
      Type.Array(Ref, { maxItems: 32, description: 'Entities that are shown in any case (repeatable).' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 60, default: 40, description: 'Nodes and groups at most.' }),
    ),
    ...revisionQuery,
  }),
  response: Neighbourhood,
});

/** The ways between two entities. */
export const GraphPaths = Type.Object({
  revision: Revision,
  outcome: Type.Union([Type.Literal('found'), Type.Literal('none'), Type.Literal('gave-up')], {
    description: '`gave-up`: none among the entities that one question looks at.',
  }),
  visited: Type.Integer({ minimum: 1, description: 'Number of entities that were looked at.' }),
  more: Type.Boolean({ description: 'True when there are more ways of the same length.' }),
  paths: Type.Array(
    Type.Array(Type.Object({ from: EntityRef, to: EntityRef, type: RelationType }), {
      description: 'Edges from one end to the other; each in its own direction, which may be against the way.',
    }),
    { description: 'Shortest ways, three at most, in order of their refs.' },
  ),
  nodes: Type.Array(GraphEntity, { description: 'The entities on these ways.' }),
  relations: Type.Array(Type.Object({ type: RelationType, reverse: Type.String() }), {
    description: 'Types of edges that were followed.',
  }),
});
export type GraphPaths = Static<typeof GraphPaths>;

/** `GET /api/v1/graph/path` */
export const getPath = defineRoute({
  method: 'GET',
  path: '/api/v1/graph/path',
  summary: 'Find the shortest ways between two entities',
  description:
    'Edges are taken in either direction. Without `relation` those of owners, members and parent groups are left out: they tie ' +
    'everything to everything. Looks at 20,000 entities and 64 edges at most, and says when that was not enough.',
  tag,
  permission,
  query: Type.Object({ from: Ref, to: Ref, ...relationQuery, ...revisionQuery }),
  response: GraphPaths,
});

const Counted = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer({ minimum: 1 }) }));

/** A page of what an entity touches. */
export const Dependents = Type.Object({
  ...pageParts,
  root: EntityRef,
  direct: Type.Integer({ minimum: 0, description: 'Number of entities at distance 1.' }),
  complete: Type.Boolean({ description: 'False: there are more than the 20,000 that were looked at.' }),
  relations: Type.Array(Type.Object({ type: RelationType, reverse: Type.String() }), {
    description: 'Types of edges that count.',
  }),
  counts: Type.Object(
    { kind: Counted, owner: Counted, system: Counted, lifecycle: Counted },
    { description: 'Entities of the whole answer by value, at most 20 values each.' },
  ),
  items: Type.Array(
    Type.Object({
      ...GraphEntity.properties,
      distance: Type.Integer({ minimum: 1, description: 'Edges between it and the root, the fewest.' }),
      first: Type.Object(
        { ref: EntityRef, type: RelationType },
        { description: 'The neighbour of the root that leads to it, and the type of the edge to that.' },
      ),
    }),
  ),
});
export type Dependents = Static<typeof Dependents>;

/** `GET /api/v1/graph/dependents` */
export const listDependents = defineRoute({
  method: 'GET',
  path: '/api/v1/graph/dependents',
  summary: 'List what feels it when an entity fails',
  description:
    'Over any number of edges, nearest first, then by ref. A dependency is felt by what depends on it (`dependsOn`), an API by ' +
    'what consumes it (`consumesApi`), a provider by its APIs (`providesApi`), a part by the whole (`partOf`); a whole that is the ' +
    'root is felt by its parts too. Owners and groups carry nothing unless `relation` names them. With `direction=out`: what ' +
    'the entity needs.',
  tag,
  permission,
  query: Type.Object({
    root: Ref,
    direction: Type.Optional(
      Type.Union([Type.Literal('in'), Type.Literal('out')], {
        default: 'in',
        description: '`in`: what feels it when the root fails; `out`: what the root needs.',
      }),
    ),
    depth: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 64, default: 64, description: 'Edges from the root at most.' }),
    ),
    ...relationQuery,
    ...pageQuery(500, 50),
  }),
  response: Dependents,
});
