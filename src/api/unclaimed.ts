import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Incomplete, Position } from './fleet.ts';
import { count } from './paging.ts';
import { defineRoute } from './route.ts';
import { HealthStatus } from './running.ts';

const tag = 'Fleet';
const permission = 'fleet.object.read';
const optional = (description: string) => Type.Optional(Type.String({ description }));
const name = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description !== undefined && { description }) });
const names = (description: string) => Type.Optional(Type.Array(name(253), { maxItems: 500, description }));

/** Descriptors that are asked for at once. */
export const MOST_PROPOSED = 500;

/** How sure a guess is. */
export const Confidence = Type.Union([Type.Literal('high'), Type.Literal('medium'), Type.Literal('low')], {
  description: '`high`: it says so itself. `medium`: its namespace says so. `low`: what stands beside it says so.',
});
export type Confidence = Static<typeof Confidence>;

const guess = (what: string) =>
  Type.Object({
    ref: EntityRef,
    confidence: Confidence,
    reason: Type.String({ description: `Why ${what} is likely.` }),
  });

/** A descriptor proposed for a workload that is in no catalog. */
export const Proposal = Type.Object({
  name: Type.String({ description: 'Name that no component has yet.' }),
  owner: Type.Optional(guess('this owner')),
  system: Type.Optional(guess('this system')),
  type: Type.String({ examples: ['service'] }),
  lifecycle: Type.String({ examples: ['production'] }),
  annotations: Type.Record(Type.String(), Type.String(), { description: 'By which it is claimed, and nothing else.' }),
  links: Type.Array(Type.Object({ url: Type.String(), title: Type.String() })),
  notes: Type.Array(Type.String(), { description: 'What should be looked at before it is taken.' }),
  descriptor: Type.String({ description: 'The descriptor, as YAML.' }),
});
export type Proposal = Static<typeof Proposal>;

/** A workload that runs and belongs to no entity, in all its clusters. */
export const UnclaimedWorkload = Type.Object({
  kind: Type.String({ description: 'Id of the kind.', examples: ['Deployment'] }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  clusters: Type.Array(Type.Object({ cluster: Type.String(), status: HealthStatus })),
  environments: Type.Array(Type.String(), { description: 'Of its clusters, by their label `environment`.' }),
  images: Type.Array(Type.String()),
  pods: count('Its pods.'),
  health: HealthStatus,
  reason: optional('Why it is not healthy, in a word.'),
  proposal: Proposal,
});
export type UnclaimedWorkload = Static<typeof UnclaimedWorkload>;

/** A page of workloads that belong to no entity. */
export const UnclaimedPage = Type.Object({
  items: Type.Array(UnclaimedWorkload),
  total: count('How many the whole question has.'),
  nextCursor: optional('Cursor of the next page; absent on the last.'),
  position: Position,
  incomplete: Type.Array(Incomplete, { description: 'Clusters in which there may be more.' }),
});
export type UnclaimedPage = Static<typeof UnclaimedPage>;

/** `GET /api/v1/fleet/unclaimed` */
export const listUnclaimed = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/unclaimed',
  summary: 'List what runs and is in no catalog',
  description:
    'Workloads that no entity claims, each with the descriptor that would claim it: its name, who probably owns it and why. ' +
    'What has ended is not among them.',
  tag,
  permission,
  checksEntity: true,
  query: Type.Object({
    q: Type.Optional(name(200, 'Text in the name, the namespace or an image; letter case does not count.')),
    kind: names('Only of these kinds (repeatable).'),
    cluster: names('Only what runs in one of these clusters (repeatable).'),
    namespace: names('Only in these namespaces (repeatable).'),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_PROPOSED, default: 100, description: 'Items on a page, at most 500.' }),
    ),
    cursor: Type.Optional(name(2_000, '`nextCursor` of the page before, of the same question.')),
  }),
  response: UnclaimedPage,
});

/** Which workload, and what its descriptor shall say instead of what was guessed. */
export const ProposalChoice = Type.Object({
  kind: name(300),
  namespace: Type.Optional(name(253)),
  name: name(253),
  as: Type.Optional(
    Type.Object(
      {
        name: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$' })),
        owner: Type.Optional(name(300)),
        system: Type.Optional(name(300)),
        type: Type.Optional(name(63)),
        lifecycle: Type.Optional(name(63)),
      },
      { description: 'What it shall say.' },
    ),
  ),
});
export type ProposalChoice = Static<typeof ProposalChoice>;

/** `POST /api/v1/fleet/proposals` */
export const writeProposals = defineRoute({
  method: 'POST',
  path: '/api/v1/fleet/proposals',
  summary: 'Descriptors for what is in no catalog',
  description:
    'The descriptors of chosen workloads as one YAML file, a document each. One that claims several of them is written once; ' +
    'workloads that somebody claims by now, or that are gone, are named in a comment at its beginning.',
  tag,
  permission,
  checksEntity: true,
  reads: true,
  body: Type.Object({ items: Type.Array(ProposalChoice, { minItems: 1, maxItems: MOST_PROPOSED }) }),
  contentType: 'application/yaml',
});

/** An entity that should run somewhere and does not. */
export const MissingEntity = Type.Object({
  ref: EntityRef,
  title: Type.Optional(Type.String()),
  kind: Type.String({ examples: ['Component'] }),
  type: Type.Optional(Type.String()),
  lifecycle: Type.Optional(Type.String()),
  owner: Type.Optional(EntityRef),
  state: Type.Union([Type.Literal('missing'), Type.Literal('undeployed'), Type.Literal('unknown')], {
    description:
      '`missing`: it says where it runs, and nothing runs there. `undeployed`: a service that says nothing of its own; nothing ' +
      'has its name. `unknown`: not everything could be read where it may run.',
  }),
  why: Type.String({ description: 'What is so, in a sentence.' }),
  looked: Type.Object(
    {
      labelSelector: optional('`backstage.io/kubernetes-label-selector`'),
      id: optional('`backstage.io/kubernetes-id`'),
      argoApp: optional('`argocd/app-name`'),
      name: optional('Its own name, where it says none of these.'),
      namespace: optional('Only in this namespace.'),
      cluster: optional('Only in this cluster.'),
      clusters: count('Clusters that were looked through.'),
    },
    { description: 'What was looked for, and where.' },
  ),
  unread: Type.Array(Type.String(), { description: 'Clusters that could not be read as of now.' }),
});
export type MissingEntity = Static<typeof MissingEntity>;

/** Entities that should run somewhere and do not. */
export const MissingPage = Type.Object({
  items: Type.Array(MissingEntity),
  total: count('How many the whole question has.'),
  nextCursor: optional('Cursor of the next page; absent on the last.'),
  position: Position,
});
export type MissingPage = Static<typeof MissingPage>;

/** `GET /api/v1/fleet/missing` */
export const listMissing = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/missing',
  summary: 'List what is in the catalog and runs nowhere',
  description:
    'Entities whose annotations say where they run, and services that would be found by their name, of which nothing runs in ' +
    'the clusters that you may see. Where a cluster cannot be read it is unknown whether they are missing.',
  tag,
  permission,
  checksEntity: true,
  query: Type.Object({
    q: Type.Optional(name(200, 'Text in the ref or the owner; letter case does not count.')),
    state: Type.Optional(
      Type.Array(MissingEntity.properties.state, { maxItems: 3, description: 'Only in these states (repeatable).' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'Items on a page, at most 500.' }),
    ),
    cursor: Type.Optional(name(2_000, '`nextCursor` of the page before, of the same question.')),
  }),
  response: MissingPage,
});
