import { Type, type Static } from 'typebox';
import { EntityParams, EntityRef } from './entity.ts';
import { Incomplete, Position } from './fleet.ts';
import { count, Instant } from './paging.ts';
import { defineRoute } from './route.ts';

/** How well something does. */
export const HealthStatus = Type.Union(
  [
    Type.Literal('Healthy'),
    Type.Literal('Progressing'),
    Type.Literal('Degraded'),
    Type.Literal('Suspended'),
    Type.Literal('Missing'),
    Type.Literal('Unknown'),
  ],
  { description: '`Unknown`: it cannot be read, or says what nobody understands; never taken for good.' },
);
export type HealthStatus = Static<typeof HealthStatus>;

const reason = Type.Optional(Type.String({ description: 'Why, in a word.', examples: ['ImagePullBackOff'] }));
const message = Type.Optional(Type.String({ description: 'What the cluster says of it.' }));
const since = Type.Optional(
  Instant('Since when: as the cluster tells it; of what is Unknown, since when it cannot be read.'),
);

/** Why a workload is said to be of the entity. */
export const ClaimRule = Type.Union(
  [
    Type.Literal('label-selector'),
    Type.Literal('kubernetes-id'),
    Type.Literal('argo-app'),
    Type.Literal('kubernetes-id-name'),
    Type.Literal('argo-app-name'),
    Type.Literal('app-name'),
    Type.Literal('helm-release'),
    Type.Literal('namespace'),
  ],
  {
    description:
      'By which rule: the annotations `backstage.io/kubernetes-label-selector`, `backstage.io/kubernetes-id` or `argocd/app-name`; ' +
      'guessed by the name of the entity in the label `backstage.io/kubernetes-id` (`kubernetes-id-name`, as Backstage does), in ' +
      'what Argo CD writes (`argo-app-name`), in the labels `app.kubernetes.io/name` or `instance`, or of the Helm release; or it stands in the ' +
      'namespace of `backstage.io/kubernetes-namespace` and nobody else claims it.',
  },
);
export type ClaimRule = Static<typeof ClaimRule>;

/** One workload in one cluster. */
export const RunningCell = Type.Object({
  cluster: Type.String(),
  status: HealthStatus,
  reason,
  message,
  since,
  asOf: Type.Optional(Instant('What is shown was so at this time; the status is then unknown.')),
  lastStatus: Type.Optional(HealthStatus),
  desired: Type.Optional(count('Replicas that are wanted.')),
  ready: Type.Optional(count('Replicas that are ready.')),
  updated: Type.Optional(count('Replicas of the newest revision.')),
  revision: Type.Optional(Type.String({ description: 'Revision of its rollout.' })),
  selector: Type.Optional(Type.String({ description: 'Which pods are its own, as a label selector.' })),
  images: Type.Array(Type.String()),
  pods: count('Its pods.'),
  restarts: count('Restarts of the containers of its pods.'),
  failing: Type.Array(Type.Object({ name: Type.String(), reason: Type.String(), message, since }), {
    description: 'Pods that fail, the first five.',
  }),
  failingCount: count('Pods that fail.'),
  rule: ClaimRule,
});
export type RunningCell = Static<typeof RunningCell>;

/** One workload in all its clusters. */
export const RunningWorkload = Type.Object({
  kind: Type.String({ description: 'Id of the kind.', examples: ['Deployment'] }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  status: HealthStatus,
  cells: Type.Array(RunningCell),
});
export type RunningWorkload = Static<typeof RunningWorkload>;

/** How an entity does. */
export const Verdict = Type.Object(
  {
    status: HealthStatus,
    reason,
    message,
    since,
    clusters: count('Clusters in which it runs.'),
    spread: Type.Record(Type.String(), Type.Integer(), { description: 'How many clusters are how.' }),
    places: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Clusters that are as the status says, the first five; not of what is healthy.',
      }),
    ),
  },
  {
    description:
      'The worst of all clusters. `Missing`: it runs nowhere, and every cluster that it may run on was read whole. Of what nobody ' +
      'could look for it is `Unknown`, with the reason `NoCluster`, `NotRead`, `NotSeen` (there are places that you may not see) or ' +
      '`NotClaimed`.',
  },
);
export type Verdict = Static<typeof Verdict>;

/** How one entity does, in short. */
export const VerdictItem = Type.Object({
  ref: EntityRef,
  isClaimed: Type.Boolean({ description: 'False where it says nothing of where it runs, and nothing is guessed.' }),
  isDeclared: Type.Boolean({
    description: 'True where it says itself what runs for it; running nowhere is then news.',
  }),
  verdict: Verdict,
  images: Type.Array(Type.Object({ image: Type.String(), clusters: count('Clusters in which it runs.') }), {
    description: 'The most seen first.',
  }),
  regions: Type.Array(Type.String(), { description: 'Regions of its clusters, by their label `region`.' }),
});
export type VerdictItem = Static<typeof VerdictItem>;

/** How some entities do. */
export const Verdicts = Type.Object({
  items: Type.Array(VerdictItem),
  looked: count('Clusters that were looked through.'),
  unread: count('Clusters of these that could not be read whole, as of now.'),
  position: Position,
});
export type Verdicts = Static<typeof Verdicts>;

/** Where an entity runs, and how it does there. */
export const Running = Type.Object({
  ref: EntityRef,
  rule: Type.Optional(ClaimRule),
  verdict: Verdict,
  clusters: Type.Array(
    Type.Object({
      cluster: Type.String(),
      title: Type.Optional(Type.String()),
      labels: Type.Record(Type.String(), Type.String()),
      protected: Type.Boolean(),
      status: HealthStatus,
    }),
    { description: 'Clusters in which it runs, the worst first.' },
  ),
  workloads: Type.Array(RunningWorkload, { description: 'The worst first.' }),
  images: Type.Array(Type.Object({ image: Type.String(), clusters: Type.Array(Type.String()) }), {
    description: 'Which image runs in which clusters.',
  }),
  looked: count('Clusters that were looked through.'),
  position: Position,
  incomplete: Type.Array(Incomplete, { description: 'Clusters for which this may not be whole.' }),
});
export type Running = Static<typeof Running>;

/** `GET /api/v1/entities/:kind/:namespace/:name/running` */
export const getRunning = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/:kind/:namespace/:name/running',
  summary: 'Where an entity runs',
  description:
    'Its workloads in every cluster that you may see, with their health, pods, images and the rule by which they are said to be its own.',
  tag: 'Fleet',
  permission: 'fleet.object.read',
  params: EntityParams,
  response: Running,
});

/** `GET /api/v1/entities/:kind/:namespace/:name/verdict` */
export const getVerdict = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/:kind/:namespace/:name/verdict',
  summary: 'How an entity does',
  description: 'The worst of its workloads in all clusters that you may see, with its images and regions; one item.',
  tag: 'Fleet',
  permission: 'fleet.object.read',
  params: EntityParams,
  response: Verdicts,
});

/** `POST /api/v1/fleet/verdicts` */
export const listVerdicts = defineRoute({
  method: 'POST',
  path: '/api/v1/fleet/verdicts',
  summary: 'How many entities do',
  description:
    'As the verdict of one entity, of up to 500; those that the catalog does not have are left out. Instead of `refs` the ' +
    'components and resources that some groups own, or that are part of some systems, can be asked about: the first 500.',
  tag: 'Fleet',
  permission: 'fleet.object.read',
  body: Type.Object({
    refs: Type.Optional(Type.Array(EntityRef, { maxItems: 500 })),
    ownedBy: Type.Optional(Type.Array(EntityRef, { maxItems: 2000, description: 'What any of these owns.' })),
    partOf: Type.Optional(Type.Array(EntityRef, { maxItems: 2000, description: 'What is part of any of these.' })),
  }),
  response: Verdicts,
});
