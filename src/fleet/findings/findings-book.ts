import type { LiveScope } from '../../live/live-reader.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { HeldKind } from '../held-kind.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import type { MatchedRow } from '../matching/matches.ts';
import { CellReader } from '../running/cell-reader.ts';
import type { Shard } from '../shard.ts';
import { balancerFindings, nodeFindings, otherFindings, volumeFindings } from './cluster-detectors.ts';
import { ClusterSight, type SightTools } from './cluster-sight.ts';
import { DueTimes } from './cron-schedule.ts';
import { compareFindings, type Finding } from './finding.ts';
import { acrossClusters, type PlacedWorkload } from './fleet-detectors.ts';
import { jobFindings } from './job-detectors.ts';
import { podFindings } from './pod-detectors.ts';
import { Rollouts } from './rollouts.ts';
import { budgetFindings, scalerFindings } from './scaling-detectors.ts';
import { seesObject } from '../scope-check.ts';
import { GROUPED, WorkloadGroups } from './workload-groups.ts';
import { TemplateReader } from './template-facts.ts';
import { memoryFindings, quotaFindings, rolloutFindings } from './workload-detectors.ts';

/** Some findings come by time alone: a cluster is looked through again after this, ms. */
const AGAIN_MS = 15_000;
/** Rollouts of so long ago may still be told of as a change that was everywhere at once, seconds. */
const RECENT_ROLLOUT = 14_400;

interface ClusterFindings {
  readonly at: number;
  readonly basis: readonly (Shard | undefined)[];
  readonly changes: readonly number[];
  readonly findings: readonly Finding[];
}

/** What is wrong in the fleet. A cluster is looked through again when something changed there, and only then. */
export class FindingsBook {
  readonly #holdings: MatchedHoldings;
  readonly #now: () => number;
  readonly #tools: SightTools;
  readonly #rollouts: Rollouts;
  readonly #groups: WorkloadGroups;
  readonly #clusters = new WeakMap<HeldCluster, ClusterFindings>();

  /** @param now ms since 1970 */
  constructor(holdings: MatchedHoldings, now: () => number) {
    this.#holdings = holdings;
    this.#now = now;
    const { words } = holdings;
    const [cells, templates] = [new CellReader(words), new TemplateReader(words)];
    this.#tools = { holdings, cells, templates, dueTimes: new DueTimes() };
    this.#rollouts = new Rollouts(holdings.words);
    this.#groups = new WorkloadGroups(holdings.words);
  }

  /** What is wrong in a cluster, the worst first; what only shows beside other clusters is not among it. */
  of(cluster: HeldCluster): readonly Finding[] {
    const now = this.#now();
    const known = this.#clusters.get(cluster);
    if (known !== undefined && Math.abs(now - known.at) < AGAIN_MS && isSame(known, cluster)) return known.findings;
    const shards = Array.from(cluster.kinds.values(), ({ shard }) => shard);
    const findings = findingsOf(this.#sight(cluster));
    this.#clusters.set(cluster, {
      at: now,
      basis: shards,
      changes: shards.map((shard) => shard?.changed.count ?? 0),
      findings,
    });
    return findings;
  }

  /** What only shows when clusters are seen side by side, of what a scope sees. @param rows workloads, each in one cluster */
  across(rows: Iterable<MatchedRow>): readonly Finding[] {
    const byName = new Map<string, PlacedWorkload[]>();
    for (const { place, row } of rows) {
      const own = place.kind.kind.id === GROUPED ? this.#placed(place.cluster, row) : undefined;
      if (own === undefined) continue;
      const key = `${own.workload.namespaceWord} ${own.workload.name}`;
      const placed = byName.get(key);
      if (placed === undefined) byName.set(key, [own]);
      else placed.push(own);
    }
    return [...byName.values()].flatMap((placed) => (placed.length < 2 ? [] : acrossClusters(placed)));
  }

  /** As `across`, of all workloads that a scope sees. */
  acrossAll(scope: LiveScope): readonly Finding[] {
    const { clusters } = this.#holdings;
    const recent = new Set<string>();
    const since = this.#now() / 1000 - RECENT_ROLLOUT;
    for (const cluster of clusters.values()) this.#rollouts.nameRecent(cluster, since, recent);
    const found: Finding[] = [];
    for (const group of this.#groups.suspects(clusters, recent)) {
      const placed = Array.from(group, ([cluster, row]) => this.#placed(cluster, row)).filter(
        (each) =>
          each !== undefined &&
          seesObject(scope, { cluster: each.sight.cluster.name, namespace: each.workload.namespace }),
      );
      found.push(...acrossClusters(placed.filter((each) => each !== undefined)));
    }
    return found;
  }

  #placed(cluster: HeldCluster, row: number): PlacedWorkload | undefined {
    const sight = this.#sight(cluster);
    const held = sight.held(GROUPED);
    if (held === undefined) return undefined;
    const workload = sight.at(held.kind, held.shard, row);
    return { sight, workload, rollout: this.#rollouts.of(cluster, workload.namespaceWord, workload.name) };
  }

  #sight(cluster: HeldCluster): ClusterSight {
    return new ClusterSight(this.#tools, cluster, Math.floor(this.#now() / 1000));
  }
}

function isSame({ basis, changes }: ClusterFindings, { kinds }: HeldCluster): boolean {
  let at = 0;
  for (const { shard } of kinds.values() as Iterable<HeldKind>) {
    if (shard !== basis[at] || (shard?.changed.count ?? 0) !== changes[at]) return false;
    at += 1;
  }
  return true;
}

function findingsOf(sight: ClusterSight): readonly Finding[] {
  const ofPods = podFindings(sight);
  const explained = [
    ...ofPods,
    ...rolloutFindings(sight, ofPods),
    ...quotaFindings(sight),
    ...memoryFindings(sight, ofPods),
    ...scalerFindings(sight),
    ...budgetFindings(sight),
    ...jobFindings(sight),
    ...volumeFindings(sight),
    ...balancerFindings(sight),
    ...nodeFindings(sight),
  ];
  return [...explained, ...otherFindings(sight, explained)].sort(compareFindings);
}
