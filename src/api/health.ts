import { Type, type Static } from 'typebox';
import { defineRoute } from './route.ts';

/** One thing that must be so for the server to be of use. */
export const ReadinessCheck = Type.Object({
  name: Type.String({ examples: ['store'] }),
  ok: Type.Boolean(),
  detail: Type.String({ description: 'One sentence of what was found' }),
});
export type ReadinessCheck = Static<typeof ReadinessCheck>;

/** Whether the server can answer. */
export const Readiness = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(ReadinessCheck),
});
export type Readiness = Static<typeof Readiness>;

/** The process is alive. */
export const getHealth = defineRoute({
  method: 'GET',
  path: '/healthz',
  summary: 'The process is alive',
  tag: 'Health',
  permission: 'public',
  response: Type.Object({ status: Type.Literal('ok') }),
});

/** The server can answer; 503 with the same body where it cannot. */
export const getReadiness = defineRoute({
  method: 'GET',
  path: '/readyz',
  summary: 'The server can answer: store reachable, cache loaded and current, first scan done; 503 where not',
  tag: 'Health',
  permission: 'public',
  response: Readiness,
});

/** Metrics in the Prometheus text format. */
export const getMetrics = defineRoute({
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics in the Prometheus text format',
  tag: 'Health',
  permission: 'server.metrics.read',
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
});
