import { getHealth, getMetrics, getReadiness, type Readiness, type ReadinessCheck } from '../api/health.ts';
import type { Route } from '../manifest/manifest.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Looks at one thing that must be so for the server to be of use. */
export type Check = () => ReadinessCheck;

/** The routes for those who run the server: alive, ready, metrics. */
export function healthRoutes(checks: readonly Check[], metrics: Metrics): readonly Route[] {
  return [
    { contract: getHealth, handle: () => ({ status: 'ok' }) },
    {
      contract: getReadiness,
      handle({ reply }) {
        const found = checks.map((check) => check());
        const readiness: Readiness = { ready: found.every(({ ok }) => ok), checks: found };
        if (!readiness.ready) void reply.status(503);
        return readiness;
      },
    },
    { contract: getMetrics, handle: () => metrics.registry.metrics() },
  ];
}
