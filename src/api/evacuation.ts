import { Type, type Static } from 'typebox';
import { FleetReason, FleetState, Incomplete, Position } from './fleet.ts';
import { count, Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Fleet';
const names = (description: string) => Type.Array(Type.String(), { description });
const optionalText = (description: string) => Type.Optional(Type.String({ description }));
const asOf = Type.Optional(Instant('What is counted was so at this time, where that is not now.'));

/** Query of `GET /api/v1/fleet/evacuation`. */
export const EvacuationQuery = Type.Object({
  cluster: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
      minItems: 1,
      maxItems: 500,
      description: 'These clusters (repeatable).',
      examples: [['prod-eu-1']],
    }),
  ),
  label: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'The clusters whose labels this selects, in Kubernetes’ syntax; with `cluster`, those of both.',
      examples: ['region=eu', 'environment=prod,region=eu'],
    }),
  ),
});
export type EvacuationQuery = Static<typeof EvacuationQuery>;

/** A cluster that is thought away. */
export const EvacuatedCluster = Type.Object({
  name: Type.String(),
  title: Type.Optional(Type.String()),
  labels: Type.Record(Type.String(), Type.String()),
  protected: Type.Boolean({ description: 'Whatever is done to it is asked about twice.' }),
  isOwn: Type.Boolean({ description: 'Callboard is known to run in it.' }),
  state: FleetState,
  reason: Type.Optional(FleetReason),
  asOf,
  workloads: count('Workloads that run there.'),
  ready: count('Ready replicas there.'),
});
export type EvacuatedCluster = Static<typeof EvacuatedCluster>;

/** Whether what is left would take over what is lost. */
export const Carrying = Type.Union(
  [
    Type.Literal('yes'),
    Type.Literal('with-scaling'),
    Type.Literal('no'),
    Type.Literal('unknown'),
    Type.Literal('uncounted'),
  ],
  {
    description:
      '`yes`: as many replicas stay ready. `with-scaling`: autoscalers may add as many as are lost. `no`: they may not. ' +
      '`unknown`: what is left runs where nothing can be read as of now. `uncounted`: it has no replicas to count.',
  },
);
export type Carrying = Static<typeof Carrying>;

const who = {
  kind: Type.String({ examples: ['component'] }),
  title: Type.Optional(Type.String()),
  type: optionalText('`spec.type`.'),
  lifecycle: optionalText('`spec.lifecycle`.'),
  owner: optionalText('Ref of its owner.'),
  system: optionalText('Ref of its system.'),
};

const running = {
  environment: optionalText(
    'What is compared is what runs in this environment, by the label of clusters: the most productive one that something is lost in.',
  ),
  workloads: count('Workloads of it that vanish.'),
  clusters: names('Clusters that vanish in which it runs.'),
  readyBefore: count('Ready replicas before, in this environment.'),
  isSingleton: Type.Boolean({ description: 'One replica is all that is wanted of it in this environment.' }),
  isStateful: Type.Boolean({ description: 'A StatefulSet of it vanishes.' }),
  elsewhere: names('Other environments in which it goes on.'),
  asOf,
};

/** An entity of which nothing is left, at least in the environment it is lost in. */
export const LostEntity = Type.Object({ ref: Type.String(), ...who, ...running });
export type LostEntity = Static<typeof LostEntity>;

/** An entity that goes on with less. */
export const ReducedEntity = Type.Object({
  ref: Type.String(),
  ...who,
  ...running,
  stays: names('Clusters in which it goes on, in this environment.'),
  readyAfter: count('Ready replicas that stay; those in clusters that cannot be read as of now are not among them.'),
  readyUnread: count('Replicas that were ready in clusters that stay, when those could last be read.'),
  share: Type.Optional(Type.Number({ description: '`readyAfter` of `readyBefore`; absent: there are none to count.' })),
  headroom: count('Replicas that autoscalers of what stays may add.'),
  carries: Carrying,
});
export type ReducedEntity = Static<typeof ReducedEntity>;

/** A workload that belongs to no entity that one may see. */
export const LostWorkload = Type.Object({
  cluster: Type.String(),
  kind: Type.String({ description: 'Id of the kind.' }),
  namespace: optionalText('Absent for what stands in none.'),
  name: Type.String(),
  ready: Type.Optional(count('Ready replicas.')),
  stays: names('Other clusters in which a workload of this kind, namespace and name runs.'),
  asOf,
});
export type LostWorkload = Static<typeof LostWorkload>;

/** A claim of storage that vanishes. */
export const LostClaim = Type.Object({
  cluster: Type.String(),
  namespace: optionalText('Its namespace.'),
  name: Type.String(),
  capacity: Type.Optional(Type.Number({ description: 'Bytes.' })),
  class: optionalText('Storage class.'),
  phase: optionalText('Pending, Bound or Lost.'),
  workload: optionalText('Name of the StatefulSet that it was made for.'),
  entity: optionalText('Ref of the entity that this StatefulSet belongs to.'),
  asOf,
});
export type LostClaim = Static<typeof LostClaim>;

/** A way in that vanishes: hosts that nothing elsewhere answers for, or a load balancer. */
export const LostEntry = Type.Object({
  cluster: Type.String(),
  kind: Type.String({ examples: ['HTTPRoute'] }),
  namespace: optionalText('Its namespace.'),
  name: Type.String(),
  hosts: names('Hosts that no Ingress or HTTPRoute elsewhere has.'),
  addresses: names('Addresses of its load balancer.'),
  asOf,
});
export type LostEntry = Static<typeof LostEntry>;

/** How many there are of each; lists hold no more than 500. */
export const EvacuationCounts = Type.Object({
  lost: count('Entities that run nowhere else.'),
  displaced: count('Entities that go on in other environments only.'),
  unknown: count(
    'Entities of which nobody knows whether they go on: the rest runs where nothing can be read as of now.',
  ),
  halved: count('Entities that keep less than half of their ready replicas.'),
  reduced: count('Entities that go on with less, those that are halved among them.'),
  unclaimed: count('Workloads of no entity that one may see, which run nowhere else.'),
  singletons: count('Entities among those that are lost or displaced of which one replica is all that is wanted.'),
  claims: count('Claims of storage.'),
  claimBytes: Type.Number({ description: 'Capacity of all of them, bytes.' }),
  stateful: count('StatefulSets.'),
  hosts: count('Hosts that nothing elsewhere answers for.'),
  loadBalancers: count('Services of type LoadBalancer.'),
});
export type EvacuationCounts = Static<typeof EvacuationCounts>;

/** What would be lost if some clusters vanished now. */
export const Evacuation = Type.Object({
  clusters: Type.Array(EvacuatedCluster),
  isProtected: Type.Boolean({ description: 'One of the clusters is protected.' }),
  counts: EvacuationCounts,
  lost: Type.Array(LostEntity, { description: 'Entities that run nowhere else.' }),
  displaced: Type.Array(LostEntity, { description: 'Entities that go on in other environments only.' }),
  unknown: Type.Array(ReducedEntity, { description: 'Entities of which nobody knows whether they go on.' }),
  reduced: Type.Array(ReducedEntity, { description: 'Entities that go on with less, the smallest share first.' }),
  unclaimed: Type.Array(LostWorkload, { description: 'Workloads of no entity that one may see.' }),
  data: Type.Array(LostClaim, { description: 'Claims of storage, the largest first.' }),
  entryPoints: Type.Array(LostEntry),
  position: Position,
  incomplete: Type.Array(Incomplete, { description: 'Clusters for which this answer may not be whole.' }),
});
export type Evacuation = Static<typeof Evacuation>;

/** An entity that one cluster or one region carries alone. */
export const SingleEntity = Type.Object({
  ref: Type.String(),
  ...who,
  environment: optionalText('The most productive environment that it runs in, by the label of clusters.'),
  only: Type.Union([Type.Literal('cluster'), Type.Literal('region')], { description: 'What it depends on alone.' }),
  clusters: names('Clusters that it runs in, in this environment.'),
  region: optionalText('The region of those clusters.'),
  ready: count('Ready replicas in this environment.'),
  isStateful: Type.Boolean({ description: 'It has a StatefulSet there.' }),
  isProtected: Type.Boolean({ description: 'One of the clusters is protected.' }),
  elsewhere: names('Other environments in which it runs.'),
  asOf,
});
export type SingleEntity = Static<typeof SingleEntity>;

/** All entities that one cluster or one region carries alone. */
export const SingleEntities = Type.Object({
  items: Type.Array(SingleEntity, {
    description: 'Lifecycle production first, then what one cluster carries; at most 500.',
  }),
  counts: Type.Object({
    cluster: count('Entities that one cluster carries alone.'),
    region: count('Entities that several clusters of one region carry.'),
    running: count('Entities that run.'),
  }),
  position: Position,
  incomplete: Type.Array(Incomplete, { description: 'Clusters for which this answer may not be whole.' }),
});
export type SingleEntities = Static<typeof SingleEntities>;

/** `GET /api/v1/fleet/evacuation` */
export const getEvacuation = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/evacuation',
  summary: 'What would be lost if some clusters vanished now',
  description:
    'Entities that run nowhere else, those that go on with less and whether the rest would carry it, data, and ways in. ' +
    'Replicas in clusters that cannot be read as of now are never counted as what stays.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  query: EvacuationQuery,
  response: Evacuation,
});

/** `GET /api/v1/fleet/single` */
export const listSingleEntities = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/single',
  summary: 'Entities that one cluster or one region carries alone',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  response: SingleEntities,
});
