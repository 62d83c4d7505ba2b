import { Type, type Static } from 'typebox';
import { EntityRef } from './entity.ts';
import { Incomplete, Position } from './fleet.ts';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

/** How bad a finding is. */
export const Severity = Type.Union([Type.Literal('critical'), Type.Literal('warning'), Type.Literal('notice')], {
  description:
    '`critical`: it does nothing of what it is for. `warning`: it does less than it should, or soon will. `notice`: nothing fails yet.',
});
export type Severity = Static<typeof Severity>;

/** One thing that is wrong in one cluster. */
export const Finding = Type.Object({
  rule: Type.String({ description: 'What was looked for.', examples: ['crash-loop'] }),
  severity: Severity,
  cluster: Type.String(),
  kind: Type.String({ description: 'Id of the kind.', examples: ['Deployment'] }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  entity: Type.Optional(EntityRef),
  reason: Type.String({
    description: 'In a word, that of Kubernetes where it has one.',
    examples: ['CrashLoopBackOff'],
  }),
  message: Type.String(),
  since: Type.Optional(Instant('Since when, as the cluster tells it.')),
  evidence: Type.Record(Type.String(), Type.Unknown(), {
    description:
      'What it is concluded from; `backstage` is the name that Backstage’s Kubernetes plugin has for the like.',
  }),
  fix: Type.String({ description: 'What to do, in a sentence or two.' }),
});
export type Finding = Static<typeof Finding>;

/** A page of what is wrong. */
export const FindingPage = Type.Object({
  items: Type.Array(Finding, { description: 'The worst first.' }),
  total: Type.Integer({ minimum: 0, description: 'Number of items that the whole question has.' }),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'Of all of them, by severity.' }),
  nextCursor: Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last.' })),
  position: Position,
  incomplete: Type.Array(Incomplete, {
    description: 'What was not looked at as of now: where it is not empty, no findings do not mean that all is well.',
  }),
});
export type FindingPage = Static<typeof FindingPage>;

const word = Type.String({ minLength: 1, maxLength: 253 });

/** `GET /api/v1/fleet/findings` */
export const listFindings = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/findings',
  summary: 'What is wrong',
  description:
    'What detectors find in the clusters that you may see: crash loops, images that cannot be pulled, memory, probes, rollouts, ' +
    'quotas, autoscalers, jobs, volumes, nodes, and settings that will fail under load. Each with its evidence and what to do.',
  tag: 'Fleet',
  permission: 'fleet.object.read',
  checksEntity: true,
  query: Type.Object({
    entity: Type.Optional(EntityRef),
    cluster: Type.Optional(Type.Array(word, { maxItems: 200 })),
    rule: Type.Optional(Type.Array(word, { maxItems: 50 })),
    severity: Type.Optional(Type.Array(Severity, { maxItems: 3 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
  }),
  response: FindingPage,
});
