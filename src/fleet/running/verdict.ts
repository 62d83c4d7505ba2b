import type { HealthStatus } from '../health/health.ts';

/** The worst first. */
const order: readonly HealthStatus[] = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy'];

/** Negative where one is worse than the other. */
export function compareHealth(one: HealthStatus, other: HealthStatus): number {
  return order.indexOf(one) - order.indexOf(other);
}

/** The worst of some; undefined of none. */
export function worstOf(statuses: Iterable<HealthStatus>): HealthStatus | undefined {
  let worst: HealthStatus | undefined;
  for (const status of statuses) if (worst === undefined || compareHealth(status, worst) < 0) worst = status;
  return worst;
}

/** A word of the column `health` as a status; one that nobody knows, or none, is unknown. */
export function statusOf(word: string | undefined): HealthStatus {
  return order.find((status) => status === word) ?? 'Unknown';
}
