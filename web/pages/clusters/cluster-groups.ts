import type { Cluster, FleetBehind } from '../../../src/api/fleet.ts';
import { parseList } from '../../url/search-codec.ts';
import { conditionOf } from './cluster-condition.ts';
import { CLUSTER_STATES, type ClustersSearch } from './clusters-search.ts';

/** Clusters of one region, within an environment. */
export interface RegionGroup {
  /** Value of the label; absent: they have none. */
  readonly region: string | undefined;
  readonly clusters: readonly Cluster[];
}

/** Clusters of one environment. */
export interface EnvironmentGroup {
  readonly environment: string | undefined;
  readonly regions: readonly RegionGroup[];
  readonly count: number;
}

/** Groups clusters by environment and region, production first, what has no label last. */
export function groupClusters(clusters: readonly Cluster[]): readonly EnvironmentGroup[] {
  return groupBy(clusters, 'environment').map(([environment, members]) => ({
    environment,
    regions: groupBy(members, 'region').map(([region, own]) => ({
      region,
      clusters: own.toSorted((left, right) => compare(left.name, right.name)),
    })),
    count: members.length,
  }));
}

/** Clusters that a search keeps. `state` can be left out, to count what other states would show. */
export function filterClusters(
  clusters: readonly Cluster[],
  { q = '', state, label }: Pick<ClustersSearch, 'q' | 'state' | 'label'>,
): readonly Cluster[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const labels = parseList(label);
  return clusters.filter((cluster) => {
    if (state !== undefined && cluster.state !== state) return false;
    if (!labels.every((pair) => labelPairs(cluster).includes(pair))) return false;
    if (words.length === 0) return true;
    const text = textOf(cluster);
    return words.every((word) => text.includes(word));
  });
}

/** Kinds of a cluster that cannot be shown as of now. */
export function kindsBehind(cluster: Pick<Cluster, 'behind'>): readonly FleetBehind[] {
  return cluster.behind;
}

/** Warnings of a cluster but those that its kinds say by themselves. */
export function otherWarnings({ warnings, behind }: Pick<Cluster, 'warnings' | 'behind'>): readonly string[] {
  const said = behind.flatMap(({ state, reason }) => (state === 'denied' && reason ? [reason.message] : []));
  return warnings.filter((warning) => !said.some((message) => warning.endsWith(message)));
}

/** Clusters with something to know, the worst first: by state, severity, what is degraded, nodes, how many kinds lack, the longest. */
export function worstFirst(clusters: readonly Cluster[]): readonly Cluster[] {
  const rank = ({ state }: Cluster): number => CLUSTER_STATES.indexOf(state);
  const severity = (cluster: Cluster): number => Number(conditionOf(cluster)?.mark === 'degraded');
  const degraded = ({ health }: Cluster): number => health.Degraded ?? 0;
  const lacking = ({ nodes }: Cluster): number => nodes.total - nodes.ready;
  return clusters
    .filter(
      (cluster) =>
        cluster.state !== 'ok' ||
        conditionOf(cluster) !== undefined ||
        kindsBehind(cluster).length > 0 ||
        cluster.warnings.length > 0,
    )
    .toSorted(
      (left, right) =>
        rank(left) - rank(right) ||
        severity(right) - severity(left) ||
        degraded(right) - degraded(left) ||
        lacking(right) - lacking(left) ||
        kindsBehind(right).length - kindsBehind(left).length ||
        compare(left.since, right.since) ||
        compare(left.name, right.name),
    );
}

/** Labels as `key=value`. */
export function labelPairs({ labels }: Pick<Cluster, 'labels'>): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function textOf(cluster: Cluster): string {
  const { name, title = '', version = '', reason, warnings } = cluster;
  const parts = [name, title, version, reason?.code, reason?.message, ...labelPairs(cluster), ...warnings];
  return parts.join('\n').toLowerCase();
}

type Member = readonly [value: string | undefined, clusters: readonly Cluster[]];

function groupBy(clusters: readonly Cluster[], label: string): readonly Member[] {
  const groups = Map.groupBy(clusters, ({ labels }) => labels[label]);
  return [...groups].toSorted(([left], [right]) => placeOf(left) - placeOf(right) || compare(left ?? '', right ?? ''));
}

/** Production is what people look for first; the rest stands by name. */
function placeOf(value: string | undefined): number {
  if (value === undefined) return 2;
  return /^prod/i.test(value) ? 0 : 1;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
