import type { Running, RunningWorkload } from '../../../../src/api/running.ts';
import type { EntitySearch } from '../entity-search.ts';

/** Clusters of an environment that make a version the usual one there, at least. */
const LEAST_ALIKE = 2;

/** What of the matrix is asked for: clusters by environment and name, and those where something is in a state. */
export function filterRunning(running: Running, { environment, find, state }: EntitySearch): Running {
  if (environment === undefined && find === undefined && state === undefined) return running;
  const asked = find?.toLowerCase() ?? '';
  const hasState = (cluster: string): boolean =>
    running.workloads.some(({ cells }) => cells.some((cell) => cell.cluster === cluster && cell.status === state));
  const clusters = running.clusters.filter(
    ({ cluster, labels }) =>
      (environment === undefined || labels['environment'] === environment) &&
      cluster.toLowerCase().includes(asked) &&
      (state === undefined || hasState(cluster)),
  );
  const shown = new Set(clusters.map(({ cluster }) => cluster));
  const workloads = running.workloads
    .map((workload) => ({ ...workload, cells: workload.cells.filter(({ cluster }) => shown.has(cluster)) }))
    .filter(({ cells }) => cells.length > 0);
  return { ...running, clusters, workloads };
}

/** Clusters that run another image of a workload than most of their environment do. */
export function oddClusters({ cells }: RunningWorkload, clusters: Running['clusters']): ReadonlySet<string> {
  const environments = new Map(clusters.map(({ cluster, labels }) => [cluster, labels['environment'] ?? '']));
  const odd = new Set<string>();
  for (const alike of Map.groupBy(cells, ({ cluster }) => environments.get(cluster) ?? '').values()) {
    const byImage = Map.groupBy(alike, ({ images }) => images.join(' '));
    const [most = []] = [...byImage.values()].sort((left, right) => right.length - left.length);
    if (most.length < LEAST_ALIKE || most.length * 2 <= alike.length) continue;
    for (const cell of alike) if (!most.includes(cell)) odd.add(cell.cluster);
  }
  return odd;
}
