import type { FleetEvent } from '../../../src/api/fleet.ts';
import type { Finding } from '../../../src/api/findings.ts';

/** Findings of a cluster that are wrong in the same way. */
export interface ClusterTrouble {
  readonly key: string;
  /** The one that has been wrong the longest. */
  readonly finding: Finding;
  /** Each of them, in the order in which they are told. */
  readonly places: readonly Finding[];
}

/** Joins what detectors find in one cluster by rule, reason and severity, in the order in which it is told: the worst first. */
export function joinInCluster(items: readonly Finding[]): readonly ClusterTrouble[] {
  const groups = Map.groupBy(items, ({ rule, reason, severity }) => JSON.stringify([severity, rule, reason]));
  return Array.from(groups, ([key, places]) => {
    const [finding] = places.toSorted((left, right) => ((left.since ?? '9') < (right.since ?? '9') ? -1 : 1));
    return finding === undefined ? [] : { key, finding, places };
  }).flat();
}

/** Warning events of one reason. */
export interface EventGroup {
  readonly reason: string;
  /** How often it happened, to all objects together. */
  readonly count: number;
  /** The newest first. */
  readonly events: readonly FleetEvent[];
}

/** Groups events by reason, the reason that was told of last first. @param events the newest first */
export function groupEvents(events: readonly FleetEvent[]): readonly EventGroup[] {
  return Array.from(
    Map.groupBy(events, ({ reason }) => reason),
    ([reason, same]) => ({ reason, count: same.reduce((sum, { count }) => sum + count, 0), events: same }),
  );
}
