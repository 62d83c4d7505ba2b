import type { HealthStatus, Running, RunningCell, RunningWorkload } from '../../../../src/api/running.ts';
import type { MarkState } from '../../../ui/mark.tsx';

/** How a health is shown. */
export const healthMarks: Readonly<Record<HealthStatus, MarkState>> = {
  Healthy: 'healthy',
  Progressing: 'progressing',
  Degraded: 'degraded',
  Suspended: 'denied',
  Missing: 'warning',
  Unknown: 'unknown',
};

const clusterText = (count: number): string => (count === 1 ? '1 cluster' : `${count} clusters`);

/** The verdict in a few words: how it is, and in how many of its clusters. */
export function verdictWords({ verdict, looked, incomplete }: Running): string {
  const { status, clusters, spread } = verdict;
  if (status === 'Missing') return `Runs in none of ${clusterText(looked)}`;
  if (clusters === 0)
    return incomplete.length === 0
      ? 'Not seen to run'
      : `Not seen to run; ${clusterText(incomplete.length)} could not be read`;
  const count = spread[status] ?? 0;
  if (status === 'Healthy') return `Healthy in ${clusters === 1 ? 'its cluster' : `all its ${clusterText(clusters)}`}`;
  const words = status === 'Unknown' ? 'Cannot be read' : status;
  return clusters === 1 ? `${words} in its cluster` : `${words} in ${count} of ${clusterText(clusters)}`;
}

/** What is wrong in one place, in a sentence. */
export function troubleText({ name }: Pick<RunningWorkload, 'name'>, cell: RunningCell): string {
  const { failingCount, pods, failing, reason, status, lastStatus } = cell;
  if (status === 'Unknown' && lastStatus !== undefined) return `${name} was ${lastStatus.toLowerCase()} when last seen`;
  if (failingCount > 0)
    return `${failingCount} of ${pods} pods of ${name}: ${failing[0]?.reason ?? reason ?? 'failing'}`;
  return `${name}: ${[status.toLowerCase(), reason].filter((part) => part !== undefined).join(', ')}`;
}

/** The tag of an image, or the beginning of its digest. */
export function imageTag(image: string): string {
  const [named = '', digest] = image.split('@');
  const tag = /:([^:/]+)$/.exec(named)?.[1];
  return tag ?? digest?.replace(/^sha256:/, '').slice(0, 8) ?? 'latest';
}

/** How many are ready of how many, or how it is where that is not counted. */
export function readyText({ ready, desired, status }: RunningCell): string {
  return desired === undefined ? status : `${ready ?? 0}/${desired}`;
}
