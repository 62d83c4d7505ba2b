import type { Cluster } from '../../../src/api/fleet.ts';
import type { MarkState } from '../../ui/mark.tsx';

/** A cluster with what detectors found in it. */
export interface ShownCluster extends Cluster {
  /** Findings that are critical; absent: none is known. */
  readonly critical?: number | undefined;
}

/** What is the worst of a cluster, as shape and words. */
export interface ClusterCondition {
  readonly mark: MarkState;
  /** The class of its tile. */
  readonly tile: string;
  readonly words: string;
  /** By which rule it is as severe as it is shown. */
  readonly why: string;
}

/** From this share of its workloads on a cluster is as bad as what is degraded in it: one of many is no alarm for all. */
const SEVERE_SHARE = 0.05;

/** The worst of what runs in a cluster that is read; undefined: nothing is known to be wrong. */
export function conditionOf(cluster: ShownCluster): ClusterCondition | undefined {
  const { health, nodes, state, critical = 0 } = cluster;
  if (state !== 'ok') return undefined;
  const degraded = health.Degraded ?? 0;
  const total = Object.values(health).reduce((sum, count) => sum + count, 0);
  const lacking = nodes.total - nodes.ready;
  const parts = [
    degraded > 0 && `${degraded.toLocaleString()} of ${counted(total, 'workload', 'workloads')} degraded`,
    critical > 0 && `${counted(critical, 'finding', 'findings')} critical`,
    degraded + critical === 0 && lacking > 0 && counted(lacking, 'node not ready', 'nodes not ready'),
  ];
  const words = parts.filter((part) => part !== false).join(', ');
  if (words === '') return undefined;
  const isWide = degraded > 0 && degraded >= total * SEVERE_SHARE;
  if (isWide || critical > 0) {
    const why = isWide ? 'at least 5 % of its workloads are degraded' : 'something is critical';
    return { mark: 'degraded', tile: 'cluster-degraded', words, why: `Severe: ${why}.` };
  }
  const why = degraded > 0 ? 'less than 5 % of its workloads are degraded, and' : 'no workload is degraded, and';
  return { mark: 'warning', tile: 'cluster-warned', words, why: `Warning: ${why} nothing critical is known.` };
}

/** Minor version of Kubernetes as a number that can be compared; undefined where it is not known. */
export function minorOf({ version }: Pick<Cluster, 'version'>): number | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return major === undefined || minor === undefined ? undefined : Number(major) * 1000 + Number(minor);
}

/** How many clusters run which minor version, the newest first. */
export function countVersions(clusters: readonly Cluster[]): readonly (readonly [version: string, count: number])[] {
  const minors = Map.groupBy(clusters, (cluster) => minorOf(cluster));
  return [...minors]
    .flatMap(([minor, same]) => (minor === undefined ? [] : [[minor, same.length] as const]))
    .toSorted(([left], [right]) => right - left)
    .map(([minor, count]) => [minorText(minor), count]);
}

function minorText(minor: number): string {
  return `${Math.floor(minor / 1000)}.${minor % 1000}`;
}

/** Saved questions about all clusters, by the word that stands in the URL. */
export const CLUSTER_QUESTIONS = ['degraded', 'nodes', 'behind', 'lost'] as const;
export type ClusterQuestion = (typeof CLUSTER_QUESTIONS)[number];

/** How long a cluster must be out of reach before it counts as lost, ms. */
const LOST_MS = 5 * 60_000;

/** What a question asks of each cluster. @param now ms since 1970 */
export function questionOf(
  question: ClusterQuestion,
  clusters: readonly Cluster[],
  now: number,
): (cluster: Cluster) => boolean {
  switch (question) {
    case 'degraded':
      return ({ health }) => (health.Degraded ?? 0) > 0;
    case 'nodes':
      return ({ nodes }) => nodes.ready < nodes.total;
    case 'behind': {
      const newest = newestMinor(clusters);
      return (cluster) => newest !== undefined && (minorOf(cluster) ?? newest) < newest;
    }
    case 'lost':
      return ({ state, since }) => state === 'unreachable' && now - Date.parse(since) > LOST_MS;
  }
}

/** What a question is called. */
export function questionTitle(question: ClusterQuestion, clusters: readonly Cluster[]): string {
  switch (question) {
    case 'degraded':
      return 'workloads degraded';
    case 'nodes':
      return 'nodes not ready';
    case 'behind': {
      const newest = newestMinor(clusters);
      return newest === undefined ? 'older version' : `version below ${minorText(newest)}`;
    }
    case 'lost':
      return 'unreachable for 5 min';
  }
}

function newestMinor(clusters: readonly Cluster[]): number | undefined {
  return clusters.reduce<number | undefined>((newest, cluster) => {
    const minor = minorOf(cluster);
    return minor === undefined ? newest : Math.max(newest ?? minor, minor);
  }, undefined);
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
