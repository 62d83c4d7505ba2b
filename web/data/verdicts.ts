import type { HealthStatus, VerdictItem, Verdicts } from '../../src/api/running.ts';
import { useFleetRepeat, type FleetNews } from './fleet-stream.ts';
import { api } from './session.ts';
import { isAble, useUi } from './use-ui.ts';
import { useResource, type Answer } from './use-resource.ts';

/** Lists of verdicts are asked again this often at most, ms: a service that fails is seen within three seconds. */
const AGAIN_MS = 2_000;

/** Entities whose verdicts are asked for: named, or what belongs to any of these. */
export interface VerdictQuestion {
  readonly refs?: readonly string[];
  readonly ownedBy?: readonly string[];
  readonly partOf?: readonly string[];
}

/** The worst first. */
const ORDER: readonly HealthStatus[] = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy'];

/**
 * How some entities do in all clusters, kept current; in one request however many they are. No answer where nothing is asked,
 * and where one may not see it.
 */
export function useVerdicts({ refs = [], ownedBy = [], partOf = [] }: VerdictQuestion): Answer<Verdicts | undefined> {
  const ui = useUi();
  const isMeant = refs.length + ownedBy.length + partOf.length > 0;
  const isSeen = isMeant && isAble(ui.data, 'fleet.object.read');
  const body = { refs: [...refs], ownedBy: [...ownedBy], partOf: [...partOf] };
  const key = isSeen ? `verdicts ${JSON.stringify(body)}` : 'no verdicts';
  const answer = useResource<Verdicts | undefined>({
    key,
    load: (signal) => (isSeen ? api.call('POST /api/v1/fleet/verdicts', { body, signal }) : Promise.resolve(undefined)),
    isAffected: (batch) => isSeen && batch.changes.length > 0,
  });
  const { data } = answer;
  useFleetRepeat(key, AGAIN_MS, (news) => matters(news), isSeen && hasFleet(data));
  if (isSeen) return answer;
  // Until it is known who asks, it is on its way: what waits for it is not drawn twice.
  const isOpen = isMeant && ui.data === undefined && ui.failure === undefined;
  return { ...answer, data: undefined, isPrevious: false, isLoading: isOpen };
}

/** Whether there is any cluster that one may see; without one nothing is said of health. */
export function hasFleet(verdicts: Verdicts | undefined): verdicts is Verdicts {
  return verdicts !== undefined && verdicts.looked > 0;
}

/** Whether there is anything to say: what was only looked for by its name, and not found, is no news. */
export function isToldOf({ verdict, isDeclared }: VerdictItem): boolean {
  return verdict.clusters > 0 || isDeclared;
}

/** Whether somebody has to look at it now: what cannot be told is no failure. */
export function isFailing({ verdict }: VerdictItem): boolean {
  return verdict.status === 'Degraded' || verdict.status === 'Missing';
}

/** Those of which there is anything to say; none where there is no cluster. */
export function verdictsByRef(verdicts: Verdicts | undefined): ReadonlyMap<string, VerdictItem> {
  if (!hasFleet(verdicts)) return new Map();
  return new Map(verdicts.items.filter(isToldOf).map((item) => [item.ref, item]));
}

/** Negative where one does worse than the other, or as bad for longer; those of which nothing is known come last. */
export function compareVerdicts(one: VerdictItem | undefined, other: VerdictItem | undefined): number {
  const [left, right] = [sinceOf(one), sinceOf(other)];
  return rankOf(one) - rankOf(other) || (left < right ? -1 : Number(left > right));
}

function rankOf(item: VerdictItem | undefined): number {
  return item ? ORDER.indexOf(item.verdict.status) : ORDER.length;
}

function sinceOf(item: VerdictItem | undefined): string {
  return item === undefined || item.verdict.status === 'Healthy' ? '' : (item.verdict.since ?? '9');
}

/** Events say what happened, not how anything is. */
function matters(news: FleetNews): boolean {
  return news === 'relist' || news.clusters.length > 0 || news.objects.some(({ kind }) => kind !== 'Event');
}
