import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Severity } from './findings.ts';
import { Incomplete, Position } from './fleet.ts';
import { count, Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Fleet';
const word = Type.String({ minLength: 1, maxLength: 253 });

/** What sort of thing fails together. */
export const IncidentRule = Type.Union(
  [
    Type.Literal('oom-cycle'),
    Type.Literal('workload-in-clusters'),
    Type.Literal('cluster-degraded'),
    Type.Literal('cluster-unreachable'),
    Type.Literal('nodes-gone'),
  ],
  {
    description:
      '`oom-cycle`: a workload whose runtime may take more than its memory limit is killed in circles. `workload-in-clusters`: one ' +
      'workload fails in several clusters since the same minutes. `cluster-degraded`: much fails in one cluster. ' +
      '`cluster-unreachable`: it, or several that were lost together, do not answer. `nodes-gone`: nodes of a cluster do not report.',
  },
);
export type IncidentRule = Static<typeof IncidentRule>;

/** One thing that changed just before. */
export const ChangeBefore = Type.Object({
  id: Type.String(),
  at: Instant('When it happened.'),
  kind: Type.String({ examples: ['config'] }),
  title: Type.String(),
  cluster: Type.Optional(Type.String()),
  entity: Type.Optional(EntityRef),
});
export type ChangeBefore = Static<typeof ChangeBefore>;

/** What failed together, as one thing. */
export const Incident = Type.Object({
  id: Type.String(),
  title: Type.String({
    description: 'In a sentence; times of day are in UTC.',
    examples: ['box-office restarts in 5 clusters since 12:18 UTC: OOMKilled, heap above the limit'],
  }),
  state: Type.Union([Type.Literal('open'), Type.Literal('ended')]),
  began: Instant('When the first of it began.'),
  ended: Type.Optional(Instant('When the last of it was seen.')),
  rule: IncidentRule,
  severity: Severity,
  entity: Type.Optional(EntityRef),
  entities: Type.Array(EntityRef, { description: 'All that you may see of what it is about.' }),
  workload: Type.Optional(
    Type.Object(
      { kind: Type.String(), namespace: Type.Optional(Type.String()), name: Type.String() },
      { description: 'Where it is about one.' },
    ),
  ),
  clusters: Type.Array(Type.String()),
  regions: Type.Array(Type.String()),
  workloads: count('Workloads, each counted in each of its clusters.'),
  pods: Type.Optional(
    Type.Object({
      affected: count('Pods that failed, at most at one time.'),
      of: count('Pods that there were.'),
      restarts: count('Their restarts.'),
    }),
  ),
  evidence: Type.Array(
    Type.Object({
      text: Type.String(),
      cluster: Type.Optional(Type.String()),
      at: Type.Optional(Instant('When this began.')),
    }),
  ),
  cause: Type.Optional(
    Type.Object(
      { text: Type.String(), at: Instant('When it came first.') },
      { description: 'A change that reached all regions just before: likely the cause.' },
    ),
  ),
  fix: Type.String({ description: 'What to do, in a sentence or two.' }),
  before: Type.Array(ChangeBefore, { description: 'What changed just before, the latest first.' }),
});
export type Incident = Static<typeof Incident>;

/** What fails together. */
export const IncidentList = Type.Object({
  items: Type.Array(Incident, { description: 'Open ones first, the worst first; then the newest.' }),
  total: count('Number of items that the whole question has.'),
  checkedAt: Type.Optional(Instant('When all clusters had been looked at last; absent: not yet.')),
  looked: count('Clusters that were looked at.'),
  position: Position,
  incomplete: Type.Array(Incomplete, { description: 'What was not looked at as of now.' }),
});
export type IncidentList = Static<typeof IncidentList>;

/** `GET /api/v1/fleet/incidents` */
export const listIncidents = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/incidents',
  summary: 'What fails together',
  description:
    'Findings and restarts that belong together, one incident each: a workload that fails in several clusters since the same minutes, ' +
    'a cluster where much fails, one or several that do not answer, nodes that do not report. Of each you are told what you may see.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  query: Type.Object({
    state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('ended')])),
    entity: Type.Optional(EntityRef),
    cluster: Type.Optional(Type.Array(word, { maxItems: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  }),
  response: IncidentList,
});

/** `GET /api/v1/fleet/incidents/:id` */
export const getIncident = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/incidents/:id',
  summary: 'One incident',
  description: 'With its evidence and what changed just before.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 40 }) }),
  response: Incident,
});
