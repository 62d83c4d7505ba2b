import type { LivePosition, LiveScope } from '../live/live-reader.ts';
import type { ClusterCounts } from './cluster-counts.ts';
import type { HealthStatus } from './health/health.ts';
import type { HeldCluster } from './held-cluster.ts';
import { type Holdings, placesOf, rowsOf } from './object-query.ts';
import { answerBytes, answerEnd, instant } from './render.ts';
import type { ShardPlace } from './shard-place.ts';
import { isWorkloadKind } from './matching/matches.ts';

/** What may be seen of a cluster, counted. */
interface Seen {
  /** Objects by id of kind. */
  readonly byKind: Map<string, number>;
  /** Workloads by health. */
  readonly health: Partial<Record<HealthStatus, number>>;
  nodesReady: number;
  podsPending: number;
  podsFailing: number;
}

/** All clusters of a scope, with what may be seen of them counted. @param hasKinds also how each kind is read */
export function answerClusters(
  holdings: Holdings,
  counts: ClusterCounts,
  { scope, hasKinds = false }: { readonly scope: LiveScope; readonly hasKinds?: boolean | undefined },
  position: LivePosition,
): Uint8Array {
  const { clusters, shards } = placesOf(holdings, {}, scope);
  const seen = new Map(clusters.map((cluster) => [cluster, nothingSeen()]));
  for (const place of shards) {
    const own = seen.get(place.cluster);
    if (own === undefined) continue;
    if (place.namespaces === undefined) own.byKind.set(place.kind.kind.id, place.shard.size);
    take(own, place, counts);
  }
  const narrowed = shards.filter(({ namespaces }) => namespaces !== undefined);
  for (const { place, count } of rowsOf(narrowed, () => []))
    seen.get(place.cluster)?.byKind.set(place.kind.kind.id, count);
  const instants = new Map<number, string>();
  const items = Array.from(seen, ([cluster, own]) => clusterJson(cluster, own, { instants, hasKinds }));
  return answerBytes(`{"items":[${items.join(',')}]${answerEnd(position, undefined)}`);
}

function nothingSeen(): Seen {
  return { byKind: new Map(), health: {}, nodesReady: 0, podsPending: 0, podsFailing: 0 };
}

function take(seen: Seen, place: ShardPlace, counts: ClusterCounts): void {
  const { kind } = place;
  const { id } = kind.kind;
  const isWorkload = isWorkloadKind(kind);
  if (!isWorkload && id !== 'Pod' && id !== 'Node') return;
  const { health, ready, pending } = counts.of(place);
  if (id === 'Node') seen.nodesReady = ready;
  else if (id === 'Pod') [seen.podsPending, seen.podsFailing] = [pending, health.Degraded ?? 0];
  else {
    for (const [status, count] of Object.entries(health) as [HealthStatus, number][]) {
      // What cannot be read as of now is not known to do well.
      const told = kind.state === 'ok' ? status : 'Unknown';
      seen.health[told] = (seen.health[told] ?? 0) + count;
    }
  }
}

/** @param instants as they were written, since most kinds are confirmed in the same moment */
function clusterJson(
  { face, state, since, version, kinds }: HeldCluster,
  { byKind, health, nodesReady, podsPending, podsFailing }: Seen,
  { instants, hasKinds }: { readonly instants: Map<number, string>; readonly hasKinds: boolean },
): string {
  const shown = (ms: number | undefined): string | undefined => {
    if (ms === undefined) return undefined;
    let text = instants.get(ms);
    if (text === undefined) instants.set(ms, (text = instant(ms)));
    return text;
  };
  let objects = 0;
  for (const count of byKind.values()) objects += count;
  const behind = [...kinds.values()].filter((kind) => kind.state !== 'ok' && kind.state !== 'absent');
  const statuses = hasKinds
    ? Array.from(kinds.values(), (kind) => kind.status(byKind.get(kind.kind.id) ?? 0))
    : undefined;
  return JSON.stringify({
    name: face.name,
    title: face.title,
    origin: face.origin,
    server: face.server,
    labels: face.labels,
    protected: face.isProtected,
    dashboardUrl: face.dashboardUrl,
    state: state.state,
    reason: state.reason,
    since: shown(since),
    asOf: shown(state.asOf),
    version,
    objects,
    pods: byKind.get('Pod') ?? 0,
    podsPending,
    podsFailing,
    nodes: { ready: nodesReady, total: byKind.get('Node') ?? 0 },
    health,
    behind: behind.map((kind) => ({ kind: kind.kind.id, state: kind.state, reason: kind.reason })),
    kinds: statuses?.map((status) => ({ ...status, since: shown(status.since), asOf: shown(status.asOf) })),
    warnings: [...face.warnings, ...state.warnings],
  });
}
