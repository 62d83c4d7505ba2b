import type { TimelineItem } from './timeline.ts';

/** The same change in several clusters comes one after the other within this time, ms. */
const SAME_MS = 15 * 60_000;

/** Entries that are one change in several clusters. */
export interface TimelineGroup {
  /** The newest of them. */
  readonly item: TimelineItem;
  /** All of them, newest first. */
  readonly items: readonly TimelineItem[];
  /** Names in order; empty where it is of no cluster. */
  readonly clusters: readonly string[];
}

/** What two entries have in common that are the same change in two clusters. */
export function sameKey({ kind, namespace, workload, to, entity, title, cluster }: TimelineItem): string {
  if (kind === 'cluster') return `cluster ${to === 'unreachable' || to === 'denied' ? to : (cluster ?? '')}`;
  const what = workload === undefined ? title : `${workload.kind} ${workload.name}`;
  const value = kind === 'scale' || kind === 'restarts' ? undefined : to;
  return JSON.stringify([kind, namespace, what, value, entity]);
}

/** Puts entries together that are the same change in several clusters within minutes. @param items newest first */
export function timelineGroups(items: readonly TimelineItem[]): readonly TimelineGroup[] {
  const groups: { item: TimelineItem; items: TimelineItem[]; clusters: Set<string> }[] = [];
  const open = new Map<string, (typeof groups)[number]>();
  for (const item of items) {
    const key = sameKey(item);
    const known = open.get(key);
    const last = known?.items.at(-1);
    const isNear = last !== undefined && Date.parse(last.at) - Date.parse(item.at) <= SAME_MS;
    const isElsewhere = item.cluster !== undefined && known?.clusters.has(item.cluster) === false;
    if (known !== undefined && isNear && isElsewhere) {
      known.items.push(item);
      if (item.cluster !== undefined) known.clusters.add(item.cluster);
      continue;
    }
    const group = { item, items: [item], clusters: new Set(item.cluster === undefined ? [] : [item.cluster]) };
    open.set(key, group);
    groups.push(group);
  }
  return groups.map(({ item, items: own, clusters }) => ({
    item,
    items: own,
    clusters: [...clusters].sort((left, right) => (left < right ? -1 : 1)),
  }));
}
