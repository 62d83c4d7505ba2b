import type { LostWorkload } from '../../api/evacuation.ts';
import type { Words } from '../words.ts';
import { clusterNames, oldestOf } from './entity-runs.ts';
import type { RunningRow } from './running-rows.ts';
import type { Written } from './written.ts';

/** The workloads of no entity that vanish, with where others of their kind, namespace and name run; those without any first. */
export function lostWorkloads(
  words: Words,
  gone: readonly RunningRow[],
  stays: readonly RunningRow[],
): readonly Written<LostWorkload>[] {
  const lost = gone.filter(({ matches }) => matches.length === 0);
  if (lost.length === 0) return [];
  const others = Map.groupBy(
    stays.filter(({ matches }) => matches.length === 0),
    keyOf,
  );
  const found = lost.map((row) => lostWorkload(words, row, clusterNames(others.get(keyOf(row)) ?? [])));
  return found.sort((left, right) => left.stays.length - right.stays.length || (right.ready ?? 0) - (left.ready ?? 0));
}

function keyOf({ place: { kind, shard }, row }: RunningRow): string {
  return `${kind.kind.id} ${shard.namespace(row)} ${shard.name(row)}`;
}

function lostWorkload(words: Words, running: RunningRow, stays: string[]): Written<LostWorkload> {
  const { place, row, ready } = running;
  return {
    cluster: place.cluster.name,
    kind: place.kind.kind.id,
    namespace: words.text(place.shard.namespace(row)) || undefined,
    name: place.shard.name(row),
    ready,
    stays,
    asOf: oldestOf([running]),
  };
}
