import type { ClaimRule, EntityClaim } from '../../live/claim.ts';
import type { LivePosition, LiveScope } from '../../live/live-reader.ts';
import type { Layout } from '../columns.ts';
import type { HealthStatus } from '../health/health.ts';
import type { HeldCluster } from '../held-cluster.ts';
import { incompleteOf } from '../incomplete.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { isWorkloadKind } from '../matching/matches.ts';
import { clustersIn, placeIn } from '../object-query.ts';
import { answerBytes } from '../render.ts';
import type { Hit } from '../row-order.ts';
import type { ShardPlace } from '../shard-place.ts';
import { CellReader } from './cell-reader.ts';
import { doubtOf, LookedPlaces } from './looked-places.ts';
import { compareHealth, worstOf } from './verdict.ts';
import { type ClaimedRow, workloadCell, type WorkloadCell } from './workload-cell.ts';

/** One workload in all its clusters. */
interface WorkloadRow {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly status: HealthStatus;
  readonly cells: WorkloadCell[];
}

/** The workloads of one entity, as they are. */
interface OwnWorkloads {
  readonly workloads: readonly WorkloadRow[];
  readonly clusters: readonly ClusterRow[];
  readonly verdict: Verdict;
  /** The rule of the first of them. */
  readonly rule: ClaimRule | undefined;
}

/** How an entity does: the worst of all clusters, with how many clusters are how. */
export interface Verdict {
  readonly status: HealthStatus;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly since: string | undefined;
  readonly clusters: number;
  readonly spread: Partial<Record<HealthStatus, number>>;
  /** Clusters that are as the status says, the first few; absent where that is good. */
  readonly places?: readonly string[] | undefined;
}

/** Places of a verdict at most. */
const MOST_PLACES = 5;

/**
 * Where an entity runs and how it does there, as JSON in the shape of `Running` of `src/api/running.ts`. Of an entity that claims
 * nothing nothing runs.
 *
 * @throws LIVE_QUERY_INVALID where its label selector cannot be read
 */
export function runningAnswer(
  holdings: MatchedHoldings,
  ref: string,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const places = new LookedPlaces(holdings, scope);
  const { workloads, clusters, verdict, rule } = ownWorkloads(holdings, ref, scope, places);
  const only = holdings.matches.claim(ref)?.cluster;
  const looked = clustersIn(holdings, scope).filter(({ name }) => only === undefined || name === only);
  return answerBytes(
    JSON.stringify({
      ref,
      rule,
      verdict,
      clusters,
      workloads,
      images: imageRows(workloads),
      looked: looked.length,
      position,
      incomplete: incompleteOf(looked, layoutsOfWorkloads(holdings)),
    }),
  );
}

/** How some entities do, as JSON in the shape of `Verdicts` of `src/api/running.ts`. */
export function verdictsAnswer(
  holdings: MatchedHoldings,
  refs: readonly string[],
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const places = new LookedPlaces(holdings, scope);
  const items = refs.map((ref) => {
    const claim = holdings.matches.claim(ref);
    if (holdings.matches.problemOf(ref) !== undefined) {
      return { ref, isClaimed: true, isDeclared: true, verdict: unreadable, images: [], regions: [] };
    }
    const { workloads, clusters, verdict } = ownWorkloads(holdings, ref, scope, places);
    return {
      ref,
      isClaimed: claim !== undefined,
      isDeclared: claim !== undefined && isDeclared(claim),
      verdict,
      images: imageRows(workloads).map(({ image, clusters: where }) => ({ image, clusters: where.length })),
      regions: [...new Set(clusters.flatMap(({ labels }) => labels['region'] ?? []))].sort(),
    };
  });
  const looked = clustersIn(holdings, scope);
  const unread = new Set(incompleteOf(looked, layoutsOfWorkloads(holdings)).map(({ cluster }) => cluster)).size;
  return answerBytes(JSON.stringify({ items, looked: looked.length, unread, position }));
}

const unreadable: Verdict = {
  status: 'Unknown',
  reason: 'SelectorUnreadable',
  message: 'Its label selector cannot be read.',
  since: undefined,
  clusters: 0,
  spread: {},
};

const unclaimed = { reason: 'NotClaimed', message: 'It says nothing of where it runs.' };

/** @throws LIVE_QUERY_INVALID where its label selector cannot be read */
function ownWorkloads(holdings: MatchedHoldings, ref: string, scope: LiveScope, places: LookedPlaces): OwnWorkloads {
  const { matches, podOwners } = holdings;
  const problem = matches.problemOf(ref);
  if (problem !== undefined) throw problem;
  const cells = new CellReader(holdings.words);
  const rows = matches.workloadsOf(ref, scope).map(({ place, row, matches: own }): ClaimedRow => {
    return { place, row, rule: own.find(({ claim }) => claim.ref === ref)?.rule ?? 'namespace' };
  });
  const podPlaces = new Map(
    rows.map(({ place: { cluster } }) => [cluster, podPlace(holdings, cluster, scope)] as const),
  );
  const podsOf = (row: ClaimedRow): readonly Hit[] => podOwners.hitsOf(row, podPlaces.get(row.place.cluster));
  const workloads = workloadRows(cells, rows, podsOf);
  const clusters = clusterRows(rows, workloads);
  const statuses = clusters.map(({ status }) => status);
  const verdict = statuses.length === 0 ? verdictOfNothing(matches.claim(ref), places) : verdictOf(statuses, workloads);
  return { workloads, clusters, verdict, rule: rows[0]?.rule };
}

/** Layouts of workloads and of what makes their pods: where pods cannot be read nobody sees them fail. */
function layoutsOfWorkloads({ layouts }: MatchedHoldings): readonly Layout[] {
  return [...layouts.values()].filter(
    ({ kind }) => isWorkloadKind({ kind }) || kind.id === 'ReplicaSet' || kind.id === 'Pod',
  );
}

function podPlace({ words }: MatchedHoldings, cluster: HeldCluster, scope: LiveScope): ShardPlace | undefined {
  const kind = cluster.kinds.get('Pod');
  return kind?.shard === undefined ? undefined : placeIn(words, { cluster, kind, shard: kind.shard }, scope);
}

function workloadRows(
  cells: CellReader,
  rows: readonly ClaimedRow[],
  podsOf: (row: ClaimedRow) => readonly Hit[],
): readonly WorkloadRow[] {
  const byKey = new Map<string, WorkloadCell[]>();
  for (const claimed of rows) {
    const { place, row } = claimed;
    const { shard, kind } = place;
    const key = JSON.stringify([kind.kind.id, cells.word(shard, row, 'namespace') ?? null, shard.name(row)]);
    const cell = workloadCell(cells, claimed, podsOf(claimed));
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [cell]);
    else known.push(cell);
  }
  const found = Array.from(byKey, ([key, own]): WorkloadRow => {
    const [kind, namespace, name] = JSON.parse(key) as [string, string | null, string];
    const status = worstOf(own.map((cell) => cell.status)) ?? 'Unknown';
    return { kind, namespace: namespace ?? undefined, name, status, cells: own };
  });
  return found.sort((left, right) => compareHealth(left.status, right.status) || compareNames(left, right));
}

function compareNames(left: WorkloadRow, right: WorkloadRow): number {
  return left.name < right.name ? -1 : Number(left.name > right.name);
}

interface ClusterRow {
  readonly cluster: string;
  readonly title: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly protected: boolean;
  readonly status: HealthStatus;
}

/** The clusters in which it runs, the worst first. */
function clusterRows(rows: readonly ClaimedRow[], workloads: readonly WorkloadRow[]): readonly ClusterRow[] {
  const clusters = new Map(rows.map(({ place }) => [place.cluster.name, place.cluster]));
  const statuses = new Map<string, HealthStatus[]>();
  for (const { cells } of workloads) {
    for (const { cluster, status } of cells) statuses.set(cluster, [...(statuses.get(cluster) ?? []), status]);
  }
  const found = Array.from(clusters, ([name, { face }]): ClusterRow => {
    const status = worstOf(statuses.get(name) ?? []) ?? 'Unknown';
    return { cluster: name, title: face.title, labels: face.labels, protected: face.isProtected, status };
  });
  return found.sort(
    (left, right) => compareHealth(left.status, right.status) || (left.cluster < right.cluster ? -1 : 1),
  );
}

/** Of what nothing was found: missing only where it says where it runs, and every place that it may run at was read. */
function verdictOfNothing(claim: EntityClaim | undefined, places: LookedPlaces): Verdict {
  const doubt = claim === undefined ? unclaimed : doubtOf(claim, places.of(claim));
  const status = doubt === undefined ? 'Missing' : 'Unknown';
  return { status, reason: doubt?.reason, message: doubt?.message, since: undefined, clusters: 0, spread: {} };
}

/** The worst first, with how many clusters are how. @param statuses of at least one cluster */
function verdictOf(statuses: readonly HealthStatus[], workloads: readonly WorkloadRow[]): Verdict {
  const status = worstOf(statuses) ?? 'Unknown';
  const spread: Partial<Record<HealthStatus, number>> = {};
  for (const each of statuses) spread[each] = (spread[each] ?? 0) + 1;
  const worst = workloads.flatMap(({ cells }) => cells).filter((cell) => cell.status === status);
  const [first] = worst.sort((left, right) => (left.since ?? '9').localeCompare(right.since ?? '9'));
  return {
    status,
    reason: status === 'Healthy' ? undefined : first?.reason,
    message: status === 'Healthy' ? undefined : first?.message,
    since: first?.since,
    clusters: statuses.length,
    spread,
    places: status === 'Healthy' ? undefined : placesOf(worst),
  };
}

function placesOf(worst: readonly WorkloadCell[]): readonly string[] {
  return [...new Set(worst.map(({ cluster }) => cluster))].slice(0, MOST_PLACES);
}

/** Which image runs where, the most seen first. */
function imageRows(
  workloads: readonly WorkloadRow[],
): readonly { readonly image: string; readonly clusters: readonly string[] }[] {
  const byImage = new Map<string, Set<string>>();
  for (const { cluster, images } of workloads.flatMap(({ cells }) => cells)) {
    for (const image of images) byImage.set(image, (byImage.get(image) ?? new Set()).add(cluster));
  }
  const found = Array.from(byImage, ([image, clusters]) => ({ image, clusters: [...clusters].sort() }));
  return found.sort(
    (left, right) => right.clusters.length - left.clusters.length || (left.image < right.image ? -1 : 1),
  );
}

/** Whether an entity says itself what runs for it: it is not only guessed by its name. */
function isDeclared({ name, argoApp, namespace }: EntityClaim): boolean {
  return name === undefined || argoApp !== undefined || namespace !== undefined;
}
