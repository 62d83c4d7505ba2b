import type { LivePosition, LiveScope } from '../live/live-reader.ts';
import type { ClusterCounts, KindCounts } from './cluster-counts.ts';
import type { ClusterFace } from './cluster-face.ts';
import type { HealthStatus } from './health/health.ts';
import type { HeldCluster } from './held-cluster.ts';
import type { HeldKind } from './held-kind.ts';
import { isWorkloadKind } from './matching/matches.ts';
import { type Holdings, placesOf } from './object-query.ts';
import { answerBytes, answerEnd, instant } from './render.ts';

type Counts = ReadonlyMap<HeldKind, KindCounts>;

/** All clusters of a scope, with what may be seen of them counted. @param hasKinds also how each kind is read */
export function answerClusters(
  holdings: Holdings,
  counts: ClusterCounts,
  { scope, hasKinds = false }: { readonly scope: LiveScope; readonly hasKinds?: boolean | undefined },
  position: LivePosition,
): Uint8Array {
  const { clusters, shards } = placesOf(holdings, {}, scope);
  const seen = scope === 'all' ? undefined : new Map(shards.map(({ cluster, namespaces }) => [cluster, namespaces]));
  const instants = new Map<number, string>();
  const items = clusters.map((cluster) =>
    clusterJson(cluster, counts.of(cluster, seen?.get(cluster)), { instants, hasKinds }),
  );
  return answerBytes(`{"items":[${items.join(',')}]${answerEnd(position)}`);
}

/** @param instants as they were written, since most kinds are confirmed in the same moment */
function clusterJson(
  { face, state, since, version, kinds, isWhole }: HeldCluster,
  counts: Counts,
  { instants, hasKinds }: { readonly instants: Map<number, string>; readonly hasKinds: boolean },
): string {
  const shown = (ms: number | undefined): string | undefined => {
    if (ms === undefined) return undefined;
    let text = instants.get(ms);
    if (text === undefined) instants.set(ms, (text = instant(ms)));
    return text;
  };
  const behind = isWhole ? [] : [...kinds.values()].filter((kind) => kind.state !== 'ok' && kind.state !== 'absent');
  const statuses = hasKinds
    ? Array.from(kinds.values(), (kind) => kind.status(counts.get(kind)?.objects ?? 0))
    : undefined;
  const now = JSON.stringify({
    state: state.state,
    reason: state.reason,
    since: shown(since),
    asOf: shown(state.asOf),
    version,
    ...counted(counts),
    behind: behind.map((kind) => ({ kind: kind.kind.id, state: kind.state, reason: kind.reason })),
    kinds: statuses?.map((status) => ({ ...status, since: shown(status.since), asOf: shown(status.asOf) })),
    warnings: [...face.warnings, ...state.warnings],
  });
  return `${faceJson(face)},${now.slice(1)}`;
}

function counted(counts: Counts): Readonly<Record<string, unknown>> {
  const health: Partial<Record<HealthStatus, number>> = {};
  let objects = 0;
  let [pods, nodes]: (KindCounts | undefined)[] = [];
  for (const [kind, own] of counts) {
    objects += own.objects;
    if (kind.kind.id === 'Pod') pods = own;
    else if (kind.kind.id === 'Node') nodes = own;
    else if (isWorkloadKind(kind)) addHealth(health, kind, own);
  }
  return {
    objects,
    pods: pods?.objects ?? 0,
    podsPending: pods?.pending ?? 0,
    podsFailing: pods?.health.Degraded ?? 0,
    nodes: { ready: nodes?.ready ?? 0, total: nodes?.objects ?? 0 },
    health,
  };
}

function addHealth(to: Partial<Record<HealthStatus, number>>, { state }: HeldKind, { health }: KindCounts): void {
  for (const [status, count] of Object.entries(health) as [HealthStatus, number][]) {
    // What cannot be read as of now is not known to do well.
    const told = state === 'ok' ? status : 'Unknown';
    to[told] = (to[told] ?? 0) + count;
  }
}

const faces = new WeakMap<ClusterFace, string>();

/** What is said of a cluster whatever becomes of it, without the end of its JSON. */
function faceJson(face: ClusterFace): string {
  let json = faces.get(face);
  if (json === undefined) {
    const { name, title, origin, server, labels, isProtected, dashboardUrl } = face;
    json = JSON.stringify({ name, title, origin, server, labels, protected: isProtected, dashboardUrl }).slice(0, -1);
    faces.set(face, json);
  }
  return json;
}
