import { Type, type Static } from 'typebox';
import { count, Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Fleet';
const text = (maxLength: number, description: string, ...examples: readonly string[]) =>
  Type.String({ minLength: 1, maxLength, description, ...(examples.length > 0 && { examples }) });

/** Place in the changes of live objects. */
export const Position = Type.Object(
  {
    epoch: Type.String({ description: 'Another epoch: everything must be read again.' }),
    sequence: Type.Integer({ minimum: 0, description: 'Grows with every change.' }),
  },
  { description: 'What this answer shows; `changes` can be followed from here.' },
);
export type Position = Static<typeof Position>;

/** State of a cluster, or of one kind in it. */
export const FleetState = Type.Union(
  [Type.Literal('ok'), Type.Literal('denied'), Type.Literal('unreachable'), Type.Literal('stale')],
  {
    description:
      '`ok`: listed and watched, shown as of now. `denied`: it refuses the credentials or the right to read. ' +
      '`unreachable`: it does not answer. `stale`: it answers, and what is shown is not yet, or no longer, as of now.',
  },
);
export type FleetState = Static<typeof FleetState>;

/** Why a state is what it is. */
export const FleetReason = Type.Object({
  code: Type.String({ description: 'One word for machines.', examples: ['ConnectionRefused'] }),
  message: Type.String({ description: 'What happened, and what to do where that is known.' }),
});
export type FleetReason = Static<typeof FleetReason>;

const asOf = Type.Optional(Instant('What is shown was so at this time; absent: never read yet.'));

/** How one kind of a cluster is read. */
export const FleetKind = Type.Object({
  kind: Type.String({ description: 'Id of the kind.', examples: ['Deployment', 'Rollout.argoproj.io'] }),
  state: Type.Union([...FleetState.anyOf, Type.Literal('absent')], {
    description: 'As of clusters; `absent`: the cluster does not have this kind.',
  }),
  reason: Type.Optional(FleetReason),
  since: Instant('When this state began.'),
  asOf,
  objects: count('Objects of this kind that you may see.'),
});
export type FleetKind = Static<typeof FleetKind>;

/** A kind of a cluster that is not shown as of now. */
export const FleetBehind = Type.Object({
  kind: Type.String({ description: 'Id of the kind.' }),
  state: Type.Union([Type.Literal('denied'), Type.Literal('unreachable'), Type.Literal('stale')]),
  reason: Type.Optional(FleetReason),
});
export type FleetBehind = Static<typeof FleetBehind>;

const workloads = Type.Optional(count('Workloads.'));

const clusterParts = {
  name: Type.String({ examples: ['prod-eu-1'] }),
  title: Type.Optional(Type.String()),
  origin: Type.String({
    description: 'Where the cluster comes from.',
    examples: ['kubeconfig /etc/callboard/kubeconfig, context prod-eu-1'],
  }),
  server: Type.String({ description: 'URL of its API server.', examples: ['https://prod-eu-1.example.com:6443'] }),
  labels: Type.Record(Type.String(), Type.String(), {
    description: '`environment`, `region`, `tier`, `owner`, and others.',
  }),
  protected: Type.Boolean({ description: 'Whatever is done to it is asked about twice.' }),
  dashboardUrl: Type.Optional(Type.String()),
  state: FleetState,
  reason: Type.Optional(FleetReason),
  since: Instant('When this state began.'),
  asOf,
  version: Type.Optional(Type.String({ description: 'Version of Kubernetes.', examples: ['v1.34.2'] })),
  objects: count('Objects that you may see, of all kinds.'),
  pods: count('Pods that you may see.'),
  podsPending: count('Pods among them that wait for a node or for their images.'),
  podsFailing: count('Pods among them that are degraded.'),
  nodes: Type.Object(
    { ready: count('Nodes that are ready.'), total: count('All nodes.') },
    { description: 'They are seen where the whole cluster is.' },
  ),
  health: Type.Object(
    {
      Healthy: workloads,
      Progressing: workloads,
      Degraded: workloads,
      Suspended: workloads,
      Missing: workloads,
      Unknown: workloads,
    },
    { description: 'Workloads that you may see, by their health; those that cannot be read as of now are `Unknown`.' },
  ),
  behind: Type.Array(FleetBehind, { description: 'Kinds that are not shown as of now.' }),
  warnings: Type.Array(Type.String(), {
    description: 'What should be known though it works, e.g. that its certificate is not checked.',
  }),
};

/** A cluster and how it is read. */
export const Cluster = Type.Object(clusterParts);
export type Cluster = Static<typeof Cluster>;

/** A cluster with how each of its kinds is read. */
export const ClusterWithKinds = Type.Object({ ...clusterParts, kinds: Type.Array(FleetKind) });
export type ClusterWithKinds = Static<typeof ClusterWithKinds>;

/** A cluster for which an answer may not be whole. */
export const Incomplete = Type.Object({
  cluster: Type.String(),
  kind: Type.Optional(Type.String({ description: 'Only this kind of it; absent: all of it.' })),
  state: Type.Union([Type.Literal('denied'), Type.Literal('unreachable'), Type.Literal('stale')]),
  reason: Type.Optional(FleetReason),
  asOf,
});
export type Incomplete = Static<typeof Incomplete>;

const objectParts = {
  cluster: Type.String({ examples: ['prod-eu-1'] }),
  kind: Type.String({ description: 'Id of the kind.', examples: ['Pod'] }),
  group: Type.String({ description: 'API group; empty for the core.', examples: ['apps'] }),
  namespace: Type.Optional(Type.String({ description: 'Absent for what stands in none.' })),
  name: Type.String(),
  uid: Type.String(),
  createdAt: Instant('When it was created.'),
  deletingAt: Type.Optional(Instant('When its deletion was asked for.')),
  generation: Type.Optional(Type.Integer({ description: 'Generation of its spec.' })),
  owner: Type.Optional(
    Type.Object({ kind: Type.String(), name: Type.String() }, { description: 'The controller that owns it.' }),
  ),
  labels: Type.Record(Type.String(), Type.String()),
  annotations: Type.Record(Type.String(), Type.String(), {
    description: 'Those that say whose it is and who made it.',
  }),
  fields: Type.Record(Type.String(), Type.Unknown(), {
    description: 'What is kept of it, by column of its kind; pod templates only where they are asked for.',
    examples: [{ phase: 'Running', reason: 'CrashLoopBackOff', restarts: 12, node: 'node-3' }],
  }),
  asOf: Type.Optional(Instant('What is shown was so at this time, where that is not now.')),
};

/** One object of a cluster, reduced to what is kept of it. */
export const LiveObjectItem = Type.Object(objectParts);
export type LiveObjectItem = Static<typeof LiveObjectItem>;

const answerParts = {
  position: Position,
  incomplete: Type.Array(Incomplete, {
    description: 'Clusters that were asked about and for which this answer may not be whole.',
  }),
};

const total = count('Number of items that the whole question has.');
const nextCursor = Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last.' }));

/** All clusters that one may see. */
export const ClusterList = Type.Object({ items: Type.Array(Cluster), position: Position });
export type ClusterList = Static<typeof ClusterList>;

/** A page of objects. */
export const LiveObjectPage = Type.Object({
  items: Type.Array(LiveObjectItem),
  total,
  nextCursor,
  ...answerParts,
});
export type LiveObjectPage = Static<typeof LiveObjectPage>;

/** One object in which a text was found. */
export const FoundObject = Type.Object({
  ...objectParts,
  entity: Type.Optional(Type.String({ description: 'Ref of the entity that this workload belongs to.' })),
  matched: Type.String({ description: 'Where the text was found.', examples: ['image'] }),
  text: Type.String({ description: 'What it was found in.', examples: ['registry.example.com/box-office:1.4.2'] }),
});
export type FoundObject = Static<typeof FoundObject>;

/** What a search found. */
export const FoundObjects = Type.Object({
  items: Type.Array(FoundObject),
  total,
  kinds: Type.Record(Type.String(), Type.Integer(), { description: 'How many of each kind there are.' }),
  looked: count('Clusters that were looked through.'),
  ...answerParts,
});
export type FoundObjects = Static<typeof FoundObjects>;

/** A Warning event of a cluster. */
export const FleetEvent = Type.Object({
  cluster: Type.String(),
  namespace: Type.Optional(Type.String()),
  reason: Type.String({ examples: ['BackOff'] }),
  message: Type.String(),
  object: Type.Object({ kind: Type.String(), name: Type.String() }, { description: 'What it is about.' }),
  count: count('How often it happened.'),
  firstAt: Type.Optional(Instant('When it first happened.')),
  lastAt: Instant('When it last happened.'),
  source: Type.Optional(Type.String({ description: 'Who says it.', examples: ['kubelet'] })),
});
export type FleetEvent = Static<typeof FleetEvent>;

/** A page of Warning events. */
export const FleetEventPage = Type.Object({ items: Type.Array(FleetEvent), total, nextCursor, ...answerParts });
export type FleetEventPage = Static<typeof FleetEventPage>;

const names = (description: string, ...examples: readonly string[]) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
      maxItems: 500,
      description: `${description} (repeatable).`,
      examples: [examples],
    }),
  );

const placeQuery = {
  cluster: names('Only of these clusters', 'prod-eu-1'),
  clusterSelector: Type.Optional(
    text(
      1000,
      'Only of clusters whose labels this selects, in Kubernetes’ syntax.',
      'environment=prod,region in (eu, us)',
    ),
  ),
  namespace: names('Only in these namespaces', 'box-office'),
};

const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Items on a page, at most 1,000.' }),
  ),
  cursor: Type.Optional(text(16_384, '`nextCursor` of the page before, of the same question.')),
};

const fieldSelector = Type.Optional(
  text(
    1000,
    'Comparisons of columns with =, !=, > or <, joined by commas; all must hold.',
    'reason=CrashLoopBackOff,restarts>5',
  ),
);

/** Query of `GET /api/v1/fleet/objects`. */
export const ObjectsQuery = Type.Object({
  kind: names('Only of these kinds, by their ids', 'Deployment', 'Rollout.argoproj.io'),
  ...placeQuery,
  name: Type.Optional(text(253, 'Only with exactly this name.')),
  labelSelector: Type.Optional(
    text(1000, 'Only objects whose labels this selects, in Kubernetes’ syntax.', 'app=box-office,tier!=test'),
  ),
  fieldSelector,
  owner: Type.Optional(text(300, 'Only what this controller owns.', 'ReplicaSet/box-office-7f9')),
  sort: Type.Optional(
    text(64, 'Column to sort by; `-` before it turns it round. Default: cluster, kind, namespace, name.', '-restarts'),
  ),
  templates: Type.Optional(
    Type.Boolean({ default: false, description: 'Also pod templates, several times as large as all else.' }),
  ),
  ...pageQuery,
});
export type ObjectsQuery = Static<typeof ObjectsQuery>;

/** Query of `GET /api/v1/fleet/search`. */
export const FleetSearchQuery = Type.Object({
  q: text(200, 'Words, all of which must be found in one object; letter case does not count.', 'box-office 1.4.2'),
  kind: names('Only of these kinds, by their ids', 'Pod'),
  cluster: placeQuery.cluster,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Items in the answer, at most 1,000.' }),
  ),
});
export type FleetSearchQuery = Static<typeof FleetSearchQuery>;

/** Query of `GET /api/v1/fleet/events`. */
export const FleetEventQuery = Type.Object({ ...placeQuery, fieldSelector, ...pageQuery });
export type FleetEventQuery = Static<typeof FleetEventQuery>;

/** `GET /api/v1/fleet/clusters` */
export const listClusters = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/clusters',
  summary: 'List clusters',
  description: 'Every cluster that you may see with its state, what is read of it and what is not.',
  tag,
  permission: 'fleet.cluster.read',
  checksEntity: true,
  response: ClusterList,
});

/** What keeps clusters from being read before any of them is asked. */
export const ClusterProblems = Type.Object({
  items: Type.Array(
    Type.Object({
      origin: Type.String({
        description: 'Where it is written.',
        examples: ['kubeconfig /etc/callboard/kubeconfig:12'],
      }),
      message: Type.String({ description: 'What is wrong, what is left out for it, and what to do.' }),
    }),
  ),
});
export type ClusterProblems = Static<typeof ClusterProblems>;

/** `GET /api/v1/fleet/problems` */
export const listClusterProblems = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/problems',
  summary: 'List what is wrong in the declarations of clusters',
  description:
    'Clusters that are left out since a kubeconfig, a setting or an entity cannot be read as it is written. Told to those who ' +
    'may see every cluster; nobody knows which place a cluster has that cannot be read.',
  tag,
  permission: 'fleet.cluster.read',
  checksEntity: true,
  response: ClusterProblems,
});

/** `GET /api/v1/fleet/clusters/:name` */
export const getCluster = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/clusters/:name',
  summary: 'Get a cluster',
  tag,
  permission: 'fleet.cluster.read',
  checksEntity: true,
  params: Type.Object({ name: text(253, 'Name of the cluster.', 'prod-eu-1') }),
  response: Type.Object({ cluster: ClusterWithKinds, position: Position }),
});

/** `GET /api/v1/fleet/objects` */
export const listLiveObjects = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/objects',
  summary: 'List objects of all clusters',
  description:
    'Objects of all clusters as they are now, from memory. `incomplete` names the clusters for which that is not certain.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  query: ObjectsQuery,
  response: LiveObjectPage,
});

/** `GET /api/v1/fleet/search` */
export const searchLiveObjects = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/search',
  summary: 'Search objects of all clusters',
  description: 'Finds text in names, namespaces, images, nodes, labels and reasons of all objects.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  query: FleetSearchQuery,
  response: FoundObjects,
});

/** `GET /api/v1/fleet/events` */
export const listFleetEvents = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/events',
  summary: 'List Warning events of all clusters',
  description: 'The newest first.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  query: FleetEventQuery,
  response: FleetEventPage,
});
