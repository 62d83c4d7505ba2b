import type { LiveReason } from '../../live/cluster.ts';
import type { Severity } from '../findings/finding.ts';
import type { Episode } from './episode.ts';

/** What begins within this belongs together, seconds. */
const TOGETHER = 600;
/** The share of the pods of a workload that makes it one of those that fail together. */
const SHARE = 0.2;
/** Kills in one cluster by which memory above the limit is a circle and not a start that went wrong. */
const CIRCLE = 3;
/** So many workloads of a cluster, and this share of all, at the same time are the cluster's trouble. */
const MUCH = { workloads: 5, share: 0.2 };

/** What sort of thing happens. */
export type IncidentRule =
  | 'oom-cycle'
  | 'workload-in-clusters'
  | 'cluster-degraded'
  | 'cluster-unreachable'
  | 'nodes-gone';

/** Episodes that belong together. */
export interface Candidate {
  /** What it is about: only one of a key is open at a time. */
  readonly key: string;
  readonly rule: IncidentRule;
  readonly severity: Severity;
  readonly members: readonly Episode[];
  /** Keys of open incidents that turn out to be this one. */
  readonly takes?: readonly string[] | undefined;
  /** Whether it is about all clusters of the fleet. */
  readonly isFleet?: boolean | undefined;
}

/** What is known of a cluster as a whole. */
export interface ClusterNews {
  readonly cluster: string;
  readonly region: string | undefined;
  /** Workloads that it runs. */
  readonly workloads: number;
  /** Absent: it is reached. Seconds since 1970. */
  readonly unreachableSince?: number | undefined;
  readonly reason?: LiveReason | undefined;
  /** Whether it was ever reached; what was not does not count where all are meant. */
  readonly isKnown: boolean;
}

/**
 * Finds what fails together: a workload in several clusters, one that is killed in circles, nodes of a cluster, much in a cluster.
 * What is part of one is not told of again as part of a wider one. Clusters that do not answer: see `lostClusters`.
 */
export function correlate(episodes: readonly Episode[], clusters: readonly ClusterNews[]): readonly Candidate[] {
  const nodes = episodes.filter(({ rule }) => rule === 'node-gone');
  const workloads = episodes.filter(({ rule }) => rule !== 'node-gone');
  const together = workloadCandidates(workloads);
  const taken = new Set(together.flatMap(({ members }) => members));
  const rest = workloads.filter((episode) => !taken.has(episode));
  return [
    ...together,
    ...nodeCandidates(nodes),
    ...clusters.map((news) => degraded(news, rest)).filter((candidate) => candidate !== undefined),
  ];
}

function workloadCandidates(episodes: readonly Episode[]): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const [key, group] of groupBy(episodes, (episode) => episode.key)) {
    const wide = group.filter(({ affected, of }) => affected > 0 && affected / Math.max(of, affected) >= SHARE);
    const members = mostTogether(wide);
    const inCircles = members.filter(isCircle);
    if (members.length >= 2) {
      const rule = inCircles.length > 0 ? 'oom-cycle' : 'workload-in-clusters';
      const isCritical = inCircles.length > 0 || members.some(({ severity }) => severity === 'critical');
      found.push({ key, rule, severity: isCritical ? 'critical' : 'warning', members });
      continue;
    }
    const [alone] = group.filter(isCircle);
    if (alone !== undefined) found.push({ key, rule: 'oom-cycle', severity: alone.severity, members: [alone] });
  }
  return found;
}

function isCircle({ rule, memory, restarts }: Episode): boolean {
  return rule === 'oom' && memory !== undefined && restarts >= CIRCLE;
}

/** The most episodes of one thing that began within minutes, at least none. */
function mostTogether(episodes: readonly Episode[]): readonly Episode[] {
  const sorted = episodes.toSorted((left, right) => left.began - right.began);
  let most: readonly Episode[] = [];
  for (const [at, first] of sorted.entries()) {
    const window = sorted.slice(at).filter(({ began }) => began - first.began <= TOGETHER);
    if (window.length > most.length) most = window;
  }
  return most;
}

function nodeCandidates(nodes: readonly Episode[]): readonly Candidate[] {
  return Array.from(
    groupBy(nodes, ({ cluster }) => cluster),
    ([cluster, members]): Candidate => {
      return { key: `nodes ${cluster}`, rule: 'nodes-gone', severity: 'warning', members };
    },
  );
}

function degraded({ cluster, workloads }: ClusterNews, episodes: readonly Episode[]): Candidate | undefined {
  const members = mostTogether(episodes.filter((episode) => episode.cluster === cluster));
  if (members.length < Math.max(MUCH.workloads, workloads * MUCH.share)) return undefined;
  return { key: `workloads ${cluster}`, rule: 'cluster-degraded', severity: 'critical', members };
}

function groupBy(
  episodes: readonly Episode[],
  keyOf: (episode: Episode) => string,
): ReadonlyMap<string, readonly Episode[]> {
  const groups = new Map<string, Episode[]>();
  for (const episode of episodes) {
    const key = keyOf(episode);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [episode]);
    else group.push(episode);
  }
  return groups;
}
