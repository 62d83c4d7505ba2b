import type { TimelineItem, TimelineKind } from '../../api/timeline.ts';
import type { JsonValue } from '../../model/json.ts';
import type { TimelineEntry } from '../../store/timeline.ts';

/** An entry as answers show it. @param isVisible whether an entity may be named */
export function timelineItem(entry: TimelineEntry, isVisible: (ref: string) => boolean): TimelineItem {
  const { id, at, since, until, kind, title, cluster, namespace, entityRef, actor, data } = entry;
  const { workload, from, to, ...more } = data;
  const place = workloadOf(workload);
  return {
    id,
    at: instant(at),
    ...(since !== undefined && { since: instant(since) }),
    ...(until !== undefined && { until: instant(until) }),
    kind: kind as TimelineKind,
    title,
    ...(cluster !== undefined && { cluster }),
    ...(namespace !== undefined && { namespace }),
    ...(place !== undefined && { workload: place }),
    ...(entityRef !== undefined && isVisible(entityRef) && { entity: entityRef }),
    ...(typeof from === 'string' && { from }),
    ...(typeof to === 'string' && { to }),
    ...(actor !== undefined && { actor }),
    data: more,
  };
}

function workloadOf(value: JsonValue | undefined): TimelineItem['workload'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { kind, name } = value as { readonly kind?: unknown; readonly name?: unknown };
  return typeof kind === 'string' && typeof name === 'string' ? { kind, name } : undefined;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
