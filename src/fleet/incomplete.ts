import type { LiveReason } from '../live/cluster.ts';
import { clusterStateOf } from './cluster-state.ts';
import type { Layout } from './columns.ts';
import type { HeldCluster } from './held-cluster.ts';
import type { HeldKind } from './held-kind.ts';
import { type Incomplete, instant } from './render.ts';

/**
 * Names what an answer may lack: of each cluster that was asked about the kinds that are not read as of now; where none of them
 * is, the cluster as a whole.
 */
export function incompleteOf(clusters: readonly HeldCluster[], layouts: readonly Layout[]): readonly Incomplete[] {
  return clusters.flatMap((cluster) => {
    // Nearly always and everywhere all is read.
    if (cluster.isWhole) return nothing;
    const asked = layouts.map(({ kind }) => cluster.kinds.get(kind.id)).filter((kind) => kind !== undefined);
    const present = asked.filter(({ state }) => state !== 'absent');
    const lacking = present.filter(({ state }) => state !== 'ok');
    if (lacking.length < 2 || lacking.length < present.length) {
      return lacking.map((kind) => lack(cluster.name, kind.asOf, kind, kind.kind.id));
    }
    const whole = clusterStateOf(lacking);
    return [lack(cluster.name, whole.asOf, whole, undefined)];
  });
}

const nothing: readonly Incomplete[] = [];

function lack(
  cluster: string,
  asOf: number | undefined,
  { state, reason }: { readonly state: HeldKind['state']; readonly reason?: LiveReason | undefined },
  kind: string | undefined,
): Incomplete {
  return {
    cluster,
    kind,
    state: state === 'ok' || state === 'absent' ? 'stale' : state,
    reason,
    asOf: asOf === undefined ? undefined : instant(asOf),
  };
}
