import type { LiveReason } from '../live/cluster.ts';
import { clusterStateOf } from './cluster-state.ts';
import type { Layout } from './columns.ts';
import type { HeldCluster } from './held-cluster.ts';
import type { HeldKind } from './held-kind.ts';
import { instant } from './render.ts';

/** What a question could not be answered wholly for. */
export interface Incomplete {
  readonly cluster: string;
  readonly kind?: string | undefined;
  readonly state: 'denied' | 'unreachable' | 'stale';
  readonly reason?: LiveReason | undefined;
  readonly asOf?: string | undefined;
}

/** What an answer lacks of a kind of a cluster, as it was said last, and as JSON. */
interface Kept {
  readonly lack: Incomplete;
  readonly asOf: number | undefined;
  json: string | undefined;
}

const nothing: readonly Incomplete[] = [];
/** While clusters are read first every answer lacks some thousand kinds, of which few change from answer to answer. */
const kept = new WeakMap<HeldKind, Kept>();
const keptOf = new WeakMap<Incomplete, Kept>();

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
    if (lacking.length < 2 || lacking.length < present.length) return lacking.map((kind) => lackOf(cluster.name, kind));
    const whole = clusterStateOf(lacking);
    return [lack(cluster.name, whole.asOf, whole, undefined)];
  });
}

/** What answers lack, as JSON. @param incomplete of `incompleteOf` */
export function incompleteJson(incomplete: readonly Incomplete[]): string {
  const texts = incomplete.map((one) => {
    const known = keptOf.get(one);
    return known === undefined ? JSON.stringify(one) : (known.json ??= JSON.stringify(one));
  });
  return `[${texts.join(',')}]`;
}

function lackOf(cluster: string, kind: HeldKind): Incomplete {
  const known = kept.get(kind);
  const { state, reason, asOf } = kind;
  if (known?.lack.state === state && known.lack.reason === reason && known.asOf === asOf) return known.lack;
  const made = { lack: lack(cluster, asOf, kind, kind.kind.id), asOf, json: undefined };
  kept.set(kind, made);
  keptOf.set(made.lack, made);
  return made.lack;
}

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
