import { useEffect, useEffectEvent, useState } from 'react';
import type { ChangedAnswer, TimelineKind, TimelinePage } from '../../../src/api/timeline.ts';
import { api, resources } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { chosenKinds, TIMELINE_SPANS, USUAL_SPAN, type TimelineSearch } from './timeline-search.ts';

const MINUTE_MS = 60_000;
/** How often it is asked what happened since. */
const ASK_MS = 10_000;
/** The window that moves on with the time moves in steps of this, so that its pieces keep their places. */
const STEP_MS = 5 * MINUTE_MS;
/** Around a moment that is asked about. */
const AROUND_MS = { before: 60 * MINUTE_MS, after: 15 * MINUTE_MS };
/** Pieces in which what happened is counted. */
export const PIECES = 48;
const PAGE = 100;

/** A piece of time, ms since 1970. */
export interface TimelineWindow {
  readonly from: number;
  readonly to: number;
}

/** The time that the page shows, kept up with the present where no other is asked for. */
export function useWindow({ at, from, to, span = USUAL_SPAN }: TimelineSearch): TimelineWindow {
  const [now, setNow] = useState(() => Date.now());
  useEvery(ASK_MS, () => setNow(Date.now()));
  if (from !== undefined && to !== undefined) return { from: Date.parse(from), to: Date.parse(to) };
  if (at !== undefined) return { from: Date.parse(at) - AROUND_MS.before, to: Date.parse(at) + AROUND_MS.after };
  const end = Math.ceil(now / STEP_MS) * STEP_MS;
  return { from: end - TIMELINE_SPANS[span] * MINUTE_MS, to: end };
}

/** A page of the timeline with what is counted in pieces of its time. */
export function useTimeline(search: TimelineSearch, window: TimelineWindow): Answer<TimelinePage> {
  const kinds = chosenKinds(search);
  const query = {
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    ...(kinds.length > 0 && { kind: [...kinds] }),
    ...(search.entity !== undefined && { entity: search.entity }),
    ...(search.cluster !== undefined && { cluster: search.cluster }),
    ...(search.before !== undefined && { cursor: search.before }),
    pieces: PIECES,
    limit: PAGE,
  };
  const key = `timeline ${JSON.stringify(query)}`;
  const answer = useResource<TimelinePage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/timeline', { query, signal }),
    isAffected: () => false,
  });
  useEvery(ASK_MS, () => resources.outdate(key));
  return answer;
}

/** What changed before a moment, with the likely causes. */
export function useChanged(at: string, { entity, cluster }: TimelineSearch): Answer<ChangedAnswer> {
  const query = { at, ...(entity !== undefined && { entity }), ...(cluster !== undefined && { cluster }) };
  const key = `timeline changed ${JSON.stringify(query)}`;
  return useResource<ChangedAnswer>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/changed', { query, signal }),
    isAffected: () => false,
  });
}

/** The latest entries of an entity or a cluster, kept current. */
export function useLatest(of: Pick<TimelineSearch, 'entity' | 'cluster'>, limit: number): Answer<TimelinePage> {
  const query = { ...of, limit };
  const key = `timeline latest ${JSON.stringify(query)}`;
  const answer = useResource<TimelinePage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/timeline', { query, signal }),
    isAffected: () => false,
  });
  useEvery(ASK_MS, () => resources.outdate(key));
  return answer;
}

/** Sorts of entries by which something is deployed. */
const DEPLOYS: readonly TimelineKind[] = ['image', 'rollout', 'created'];

/** What was deployed last of each thing that some groups or users own, in one request; no answer where there are none. */
export function useDeploys(owners: readonly string[]): Answer<TimelinePage | undefined> {
  const query = { newestOf: [...owners], kind: [...DEPLOYS] };
  const isMeant = owners.length > 0;
  const key = isMeant ? `deploys ${JSON.stringify(owners)}` : 'no deploys';
  const answer = useResource<TimelinePage | undefined>({
    key,
    load: (signal) =>
      isMeant ? api.call('GET /api/v1/fleet/timeline', { query, signal }) : Promise.resolve(undefined),
    isAffected: (batch) => isMeant && batch.changes.length > 0,
  });
  useEvery(ASK_MS, () => isMeant && resources.outdate(key));
  return answer;
}

/** Does something again and again while the tab is in sight. */
function useEvery(everyMs: number, work: () => unknown): void {
  const run = useEffectEvent(work);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') run();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
