import type { ChangeBefore, Incident } from '../../api/incidents.ts';
import type { View } from '../../graph/view.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { TimelineEntry, TimelineRequest, TimelineStore } from '../../store/timeline.ts';
import { tree } from '../reduce/json-read.ts';
import { instant } from '../render.ts';
import { seesCluster, seesObject } from '../scope-check.ts';

/** How long before it began a change is looked for, and how long after the first sign it may still be told, ms. */
const WINDOW = { before: 45 * 60_000, after: 60_000 };
/** Kinds of entries that may be a cause. */
const changes = ['rollout', 'image', 'config', 'scale', 'created', 'deleted', 'cluster'] as const;
const MOST = 10;
/** Entries that are looked through, and entities or clusters that are asked about. */
const LOOK = { entries: 200, questions: 3 };

/** Who asks. */
export interface ChangeSight {
  readonly scope: LiveScope;
  readonly view: View;
}

/** What changed just before an incident began, as far as one may see it, the latest first; from the timeline in the store. */
export async function changesBefore(
  timeline: Pick<TimelineStore, 'page'>,
  incident: Pick<Incident, 'rule' | 'began' | 'entities' | 'clusters' | 'workload'>,
  { scope, view }: ChangeSight,
): Promise<readonly ChangeBefore[]> {
  const began = Date.parse(incident.began);
  const window = { from: began - WINDOW.before, to: began + WINDOW.after, kinds: changes, limit: LOOK.entries };
  const asked = requestsOf(incident).map((request) => timeline.page({ ...window, ...request }));
  const found = new Map((await Promise.all(asked)).flat().map((entry) => [entry.id, entry]));
  return [...found.values()]
    .filter((entry) => isOf(entry, incident) && !isItself(entry, incident) && isSeen(entry, scope))
    .sort((left, right) => right.at - left.at)
    .slice(0, MOST)
    .map((entry) => shown(entry, view));
}

function requestsOf({
  entities,
  clusters,
  workload,
}: Pick<Incident, 'entities' | 'clusters' | 'workload'>): readonly Partial<TimelineRequest>[] {
  if (workload !== undefined && entities.length > 0) {
    return entities.slice(0, LOOK.questions).map((entityRef) => ({ entityRef }));
  }
  return clusters.slice(0, LOOK.questions).map((cluster) => ({ cluster }));
}

/** Of a workload that is in no catalog only what is its own counts. */
function isOf(
  { namespace, data }: TimelineEntry,
  { workload, entities }: Pick<Incident, 'workload' | 'entities'>,
): boolean {
  if (workload === undefined || entities.length > 0) return true;
  return namespace === workload.namespace && tree(data['workload'])['name'] === workload.name;
}

/** That a cluster is lost is no change before it was lost; that it lagged, and came back, before that is one. */
function isItself({ kind, at, data }: TimelineEntry, { rule, began }: Pick<Incident, 'rule' | 'began'>): boolean {
  return (
    rule === 'cluster-unreachable' && kind === 'cluster' && data['to'] === 'unreachable' && at >= Date.parse(began)
  );
}

function isSeen({ cluster, namespace }: TimelineEntry, scope: LiveScope): boolean {
  if (cluster === undefined) return scope === 'all';
  return namespace === undefined ? seesCluster(scope, cluster) : seesObject(scope, { cluster, namespace });
}

function shown({ id, at, kind, title, cluster, entityRef }: TimelineEntry, view: View): ChangeBefore {
  const entity = entityRef !== undefined && view.find(entityRef) !== undefined ? entityRef : undefined;
  return {
    id,
    at: instant(at),
    kind,
    title,
    ...(cluster !== undefined && { cluster }),
    ...(entity !== undefined && { entity }),
  };
}
