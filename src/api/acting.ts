import { Type, type Static } from 'typebox';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Fleet';
const name = (description: string, ...examples: readonly string[]) =>
  Type.String({ minLength: 1, maxLength: 253, pattern: '^[^/%]+$', description, examples });
const cluster = name('Name of a cluster.', 'prod-eu-1');
const namespace = Type.Optional(name('Absent for what stands in none.', 'box-office'));
const asUser = Type.String({ description: 'As whom the cluster was asked.', examples: ['callboard:user:default/ada'] });

/** What the person who asks may try on which cluster. */
export const ActingAbilities = Type.Object({
  clusters: Type.Array(
    Type.Object({
      cluster: Type.String(),
      isActing: Type.Boolean({ description: 'Whether people act there as themselves at all.' }),
      protected: Type.Boolean({ description: 'Actions there are confirmed by typing its name.' }),
    }),
  ),
  user: Type.Optional(
    Type.String({ description: 'As whom you act; absent where you cannot.', examples: ['callboard:user:default/ada'] }),
  ),
  reason: Type.Optional(Type.String({ description: 'Why you cannot.' })),
});
export type ActingAbilities = Static<typeof ActingAbilities>;

/** `GET /api/v1/fleet/acting` */
export const getActingAbilities = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/acting',
  summary: 'Where you can act, and as whom',
  description: 'Of the clusters that you may see: on which people act as themselves, and as whom you would.',
  tag,
  permission: 'fleet.cluster.read',
  checksEntity: true,
  response: ActingAbilities,
});

/** An object of a cluster, whole. */
export const Manifest = Type.Object({
  cluster: Type.String(),
  kind: Type.String(),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  resourceVersion: Type.String(),
  asUser,
  manifest: Type.String({ description: 'YAML, without `managedFields`; what a Secret keeps is hidden.' }),
});
export type Manifest = Static<typeof Manifest>;

/** `GET /api/v1/fleet/clusters/:cluster/objects/:kind/:namespace/:name` */
export const getManifest = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/clusters/:cluster/objects/:kind/:namespace/:name',
  summary: 'Read an object of a cluster whole',
  description:
    'Asked of the cluster now, as you: its own rules say whether you may. `_` stands for no namespace. Answers 409 `ACTING_OFF` ' +
    'where nobody acts on the cluster through Callboard.',
  tag,
  permission: 'fleet.manifest.read',
  checksEntity: true,
  params: Type.Object({
    cluster,
    kind: name('Id of a kind that is read, or Secret.', 'Deployment', 'Rollout.argoproj.io'),
    namespace: name('`_` for what stands in none.', 'box-office'),
    name: name('Its name.', 'box-office'),
  }),
  response: Manifest,
});

/** Lines that belong together. */
export const DiffHunk = Type.Object({
  leftStart: Type.Integer({ minimum: 1, description: 'First line on the left, from 1.' }),
  rightStart: Type.Integer({ minimum: 1 }),
  lines: Type.Array(
    Type.Object({
      op: Type.Union([Type.Literal(' '), Type.Literal('+'), Type.Literal('-')]),
      text: Type.String(),
    }),
  ),
});
export type DiffHunk = Static<typeof DiffHunk>;

/** How an object differs between two clusters. */
export const ManifestDiff = Type.Object({
  left: Type.String({ description: 'YAML of the first cluster, without what differs by nature.' }),
  right: Type.String(),
  same: Type.Boolean(),
  hunks: Type.Array(DiffHunk, { description: 'What differs, with three lines around it.' }),
  asUser,
});
export type ManifestDiff = Static<typeof ManifestDiff>;

/** `GET /api/v1/fleet/diff` */
export const getManifestDiff = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/diff',
  summary: 'Compare an object between two clusters',
  description: 'Both are read now, as you. Status and what each cluster fills in by itself is left out.',
  tag,
  permission: 'fleet.manifest.read',
  checksEntity: true,
  query: Type.Object({
    kind: name('Id of a kind that is read, or Secret.', 'Deployment'),
    namespace,
    name: name('Its name.', 'box-office'),
    cluster: Type.Array(cluster, { minItems: 2, maxItems: 2, description: 'The two clusters.' }),
  }),
  response: ManifestDiff,
});

/** A revision that a workload can go back to. */
export const Revision = Type.Object({
  revision: Type.Integer({ minimum: 0 }),
  images: Type.Array(Type.String()),
  changeCause: Type.Optional(Type.String({ description: 'Annotation `kubernetes.io/change-cause`.' })),
  createdAt: Instant('When it was first rolled out.'),
  isCurrent: Type.Boolean(),
});
export type Revision = Static<typeof Revision>;

/** All revisions, the newest first. */
export const Revisions = Type.Object({ items: Type.Array(Revision), asUser });
export type Revisions = Static<typeof Revisions>;

const workloadKind = Type.Union([Type.Literal('Deployment'), Type.Literal('StatefulSet'), Type.Literal('DaemonSet')]);

/** `GET /api/v1/fleet/revisions` */
export const listRevisions = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/revisions',
  summary: 'List the revisions of a workload',
  description: 'Asked of the cluster now, as you: what `undo` can go back to.',
  tag,
  permission: 'fleet.manifest.read',
  checksEntity: true,
  query: Type.Object({ cluster, kind: workloadKind, namespace: name('Namespace.', 'box-office'), name: name('Name.') }),
  response: Revisions,
});

/** What is to be done. */
export const ActionRequest = Type.Object({
  cluster,
  kind: Type.Union([...workloadKind.anyOf, Type.Literal('Pod')]),
  namespace: name('Namespace.', 'box-office'),
  name: name('Its name.', 'box-office'),
  action: Type.Union([
    Type.Literal('restart'),
    Type.Literal('scale'),
    Type.Literal('pause'),
    Type.Literal('resume'),
    Type.Literal('undo'),
    Type.Literal('delete-pod'),
  ]),
  replicas: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: 'For `scale`.' })),
  revision: Type.Optional(
    Type.Integer({ minimum: 1, description: 'For `undo`; absent: the one before the current one.' }),
  ),
  uid: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'Of what was previewed: another object of the same name is left alone.',
    }),
  ),
  reason: Type.Optional(Type.String({ maxLength: 500, description: 'Why; kept in the audit log.' })),
  confirm: Type.Optional(
    Type.String({ maxLength: 253, description: 'The name of the cluster, typed; required where it is protected.' }),
  ),
});
export type ActionRequest = Static<typeof ActionRequest>;

/** The request to the API server, as it is made. */
export const ActionCall = Type.Object({
  method: Type.String({ examples: ['PATCH'] }),
  path: Type.String({ examples: ['/apis/apps/v1/namespaces/box-office/deployments/box-office/scale'] }),
  contentType: Type.Optional(Type.String()),
  body: Type.Optional(Type.Unknown({ description: 'JSON.' })),
  kubectl: Type.String({ description: 'The same by kubectl.' }),
});
export type ActionCall = Static<typeof ActionCall>;

/** What would come of an action. */
export const ActionPreview = Type.Object({
  call: ActionCall,
  uid: Type.Optional(
    Type.String({ description: 'Of the object that is there; act with it, and no other is touched.' }),
  ),
  revision: Type.Optional(
    Type.Integer({ description: 'Of `undo`: what it goes back to; act with it, and it goes back to no other.' }),
  ),
  review: Type.Object(
    { allowed: Type.Boolean(), reason: Type.Optional(Type.String()) },
    { description: 'What the cluster’s own rules say, asked as you (SelfSubjectAccessReview).' },
  ),
  dryRun: Type.Object(
    {
      ok: Type.Boolean(),
      status: Type.Optional(Type.Integer({ description: 'Of the API server; absent: it was not asked.' })),
      message: Type.Optional(Type.String()),
      warnings: Type.Array(Type.String()),
    },
    { description: 'The same request with `dryRun=All`: admission says what it would say.' },
  ),
  confirm: Type.Optional(Type.String({ description: 'What must be typed: the name of a protected cluster.' })),
  notes: Type.Array(Type.String({ description: 'What should be known before.' })),
  asUser,
});
export type ActionPreview = Static<typeof ActionPreview>;

/** What came of an action. */
export const ActionDone = Type.Object({
  done: Type.Literal(true),
  status: Type.Integer(),
  message: Type.Optional(Type.String()),
  warnings: Type.Array(Type.String()),
  call: ActionCall,
  asUser,
});
export type ActionDone = Static<typeof ActionDone>;

/** `POST /api/v1/fleet/actions/preview` */
export const previewAction = defineRoute({
  method: 'POST',
  path: '/api/v1/fleet/actions/preview',
  summary: 'See what would come of an action',
  description:
    'The exact request, what the cluster’s rules and admission would say to it, and what should be known. Nothing is changed. ' +
    '`delete-pod` needs `fleet.pod.delete` as well.',
  tag,
  permission: 'fleet.workload.act',
  checksEntity: true,
  reads: true,
  body: ActionRequest,
  response: ActionPreview,
});

/** `POST /api/v1/fleet/actions` */
export const takeAction = defineRoute({
  method: 'POST',
  path: '/api/v1/fleet/actions',
  summary: 'Act on a workload or pod',
  description:
    'As you, by impersonation: the cluster’s own rules apply. `delete-pod` needs `fleet.pod.delete` as well. What was done, ' +
    'why and what came of it is in the audit log.',
  tag,
  permission: 'fleet.workload.act',
  checksEntity: true,
  body: ActionRequest,
  response: ActionDone,
});
