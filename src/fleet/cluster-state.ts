import type { LiveReason, LiveState } from '../live/cluster.ts';
import type { HeldKind } from './held-kind.ts';

/** What is said of a cluster as a whole. */
export interface ClusterState {
  readonly state: LiveState;
  readonly reason?: LiveReason | undefined;
  /**
   * The oldest of its kinds that were not denied when they were last heard of, or of all where all were, ms since 1970; absent while
   * one was never read.
   */
  readonly asOf?: number | undefined;
  /** Kinds that are refused while the others are read. */
  readonly warnings: readonly string[];
}

/**
 * Works out what a cluster's kinds say of it: unreachable where all that may be read are, denied where all are or its
 * credentials are refused, stale while one is not confirmed. Single kinds that are denied are warnings.
 */
export function clusterStateOf(kinds: Iterable<HeldKind>): ClusterState {
  const present = [...kinds].filter(({ state }) => state !== 'absent');
  const denied = present.filter(({ state }) => state === 'denied');
  const readable = present.filter(({ state }) => state !== 'denied');
  const granted = readable.filter(({ isRefused }) => !isRefused);
  const asOf = oldest(granted.length > 0 ? granted : present);
  const refused = denied.find(({ reason }) => reason?.code === 'Unauthorized');
  if (refused !== undefined || (denied.length > 0 && readable.length === 0)) {
    return { state: 'denied', reason: (refused ?? denied[0])?.reason, asOf, warnings: [] };
  }
  const warnings = denied.map(({ kind, reason }) => `${kind.plural} are not shown: ${reason?.message ?? 'denied'}`);
  const lost = readable.filter(({ state }) => state === 'unreachable');
  if (lost.length > 0 && lost.length === readable.length) {
    return { state: 'unreachable', reason: lost[0]?.reason, asOf, warnings };
  }
  const lagging = lost[0] ?? readable.find(({ state }) => state === 'stale');
  if (lagging !== undefined) return { state: 'stale', reason: lagging.reason, asOf, warnings };
  return { state: 'ok', asOf, warnings };
}

function oldest(kinds: readonly HeldKind[]): number | undefined {
  let least: number | undefined;
  for (const { asOf } of kinds) {
    if (asOf === undefined) return undefined;
    least = Math.min(asOf, least ?? asOf);
  }
  return least;
}
