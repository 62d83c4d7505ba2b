import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Fleet';
const name = (description: string, ...examples: readonly string[]) =>
  Type.String({ minLength: 1, maxLength: 253, description, ...(examples.length > 0 && { examples }) });

/** What sort of thing happened. */
export const TimelineKind = Type.Union(
  [
    Type.Literal('config'),
    Type.Literal('image'),
    Type.Literal('rollout'),
    Type.Literal('scale'),
    Type.Literal('created'),
    Type.Literal('deleted'),
    Type.Literal('restarts'),
    Type.Literal('health'),
    Type.Literal('cluster'),
    Type.Literal('incident'),
  ],
  {
    description:
      '`config`: a ConfigMap, or what ties it to a template, changed. `image`, `rollout`: a template changed, its images or something ' +
      'else; or a rollout was paused or resumed. `scale`: replicas, or the limits of an autoscaler. `created`, `deleted`: a workload came ' +
      'or went. `restarts`: several pods of a workload restarted within minutes. `health`: a workload began or ceased to fail. ' +
      '`cluster`: it ceased to answer, answers again, or has another version. `incident`: failures that belong together.',
  },
);
export type TimelineKind = Static<typeof TimelineKind>;

/** One thing that happened. */
export const TimelineItem = Type.Object({
  id: Type.String(),
  at: Instant('When it happened or began; where that is not known, when it was found.'),
  since: Type.Optional(Instant('It happened between then and `at`: nobody looked meanwhile.')),
  until: Type.Optional(Instant('It went on until then.')),
  kind: TimelineKind,
  title: Type.String(),
  cluster: Type.Optional(Type.String()),
  namespace: Type.Optional(Type.String()),
  workload: Type.Optional(Type.Object({ kind: Type.String({ description: 'Id of its kind.' }), name: Type.String() })),
  entity: Type.Optional(Type.String({ description: 'Ref of the entity that it belongs to, where you may see it.' })),
  from: Type.Optional(Type.String({ description: 'What it was before.' })),
  to: Type.Optional(Type.String({ description: 'What it is since.' })),
  actor: Type.Optional(Type.String({ description: 'Who or what did it, where that is known.' })),
  data: Type.Record(Type.String(), Type.Unknown(), {
    description:
      'What more is known: `changes` of a template, `updated` of `desired` replicas and whether it `isRolling`, `pods` and `restarts`, ' +
      '`workloads` that use a ConfigMap, `reason`, `message`.',
  }),
});
export type TimelineItem = Static<typeof TimelineItem>;

const filters = {
  entity: Type.Optional(name('Only of this entity.', 'component:default/checkout')),
  cluster: Type.Optional(name('Only of this cluster.', 'prod-eu-1')),
};

/** Query of `GET /api/v1/fleet/timeline`. */
export const TimelineQuery = Type.Object({
  from: Type.Optional(Instant('Only what happened then or later.')),
  to: Type.Optional(Instant('Only what happened then or before.')),
  at: Type.Optional(
    Instant('From an hour before until 15 minutes after this moment, where `from` and `to` are not said.'),
  ),
  ...filters,
  kind: Type.Optional(Type.Array(TimelineKind, { maxItems: 20, description: 'Only of these sorts (repeatable).' })),
  newestOf: Type.Optional(
    Type.Array(EntityRef, {
      maxItems: 100,
      description:
        'On one page the newest of each component and resource that one of these groups or users owns (repeatable); of the first 200 of them.',
    }),
  ),
  pieces: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 200,
      description: 'Counts what happened in so many equal pieces of the time asked for.',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'Items on a page.' })),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1_000, description: '`nextCursor` of the page before.' }),
  ),
});
export type TimelineQuery = Static<typeof TimelineQuery>;

/** What happened in a piece of time. */
export const TimelinePiece = Type.Object({
  from: Instant('When it begins.'),
  counts: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: 'Entries by kind.' }),
});
export type TimelinePiece = Static<typeof TimelinePiece>;

/** A page of the timeline. */
export const TimelinePage = Type.Object({
  items: Type.Array(TimelineItem, { description: 'Newest first.' }),
  nextCursor: Type.Optional(Type.String()),
  coverage: Type.Object(
    { from: Instant('Nothing is known of what happened before.') },
    { description: 'How far back the timeline reaches.' },
  ),
  pieces: Type.Optional(
    Type.Array(TimelinePiece, { description: 'Where `pieces` is asked for; empty ones are left out.' }),
  ),
});
export type TimelinePage = Static<typeof TimelinePage>;

/** `GET /api/v1/fleet/timeline` */
export const listTimeline = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/timeline',
  summary: 'List what happened in the fleet',
  description:
    'Rollouts, scalings, changes of images and configuration, restarts, health and the states of clusters, newest first, for as long as ' +
    '`fleet.timeline` keeps them.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  query: TimelineQuery,
  response: TimelinePage,
});

/** Query of `GET /api/v1/fleet/changed`. */
export const ChangedQuery = Type.Object({
  at: Type.Optional(Instant('The moment in question; default: now.')),
  ...filters,
  window: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1440,
      default: 60,
      description: 'How far back causes are looked for, minutes.',
    }),
  ),
});
export type ChangedQuery = Static<typeof ChangedQuery>;

/** A change that may be the cause. */
export const LikelyCause = Type.Object({
  entry: TimelineItem,
  score: Type.Number({ minimum: 0, description: 'How likely, against the others.' }),
  why: Type.Array(Type.String(), { description: 'Why, in words; the strongest reason first.' }),
  clusters: Type.Array(Type.String(), { description: 'Clusters that the same change reached.' }),
});
export type LikelyCause = Static<typeof LikelyCause>;

/** What changed before a moment. */
export const ChangedAnswer = Type.Object({
  at: Instant('The moment in question.'),
  from: Instant('What happened since then is looked at.'),
  likely: Type.Array(LikelyCause, { description: 'The likely causes, the likeliest first; at most five.' }),
  items: Type.Array(TimelineItem, { description: 'All that happened then, newest first; at most 500.' }),
  coverage: Type.Object({ from: Instant('Nothing is known of what happened before.') }),
});
export type ChangedAnswer = Static<typeof ChangedAnswer>;

/** `GET /api/v1/fleet/changed` */
export const getChanged = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/changed',
  summary: 'What changed before a moment',
  description:
    'What happened in the fleet before a moment, with the likely causes of what went wrong then on top: configuration, images and rollouts ' +
    'before scalings, what was close to the moment, what belongs to the entity or to what it depends on, what reached many clusters at once, ' +
    'and what was followed by failures.',
  tag,
  permission: 'fleet.object.read',
  checksEntity: true,
  query: ChangedQuery,
  response: ChangedAnswer,
});
