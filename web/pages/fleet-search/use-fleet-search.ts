import type { FoundObjects } from '../../../src/api/fleet.ts';
import { useFleetRepeat } from '../../data/fleet-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import type { FleetQuestion } from './fleet-search.ts';

/** It is asked again this often at most, ms: clusters change all the time. */
const AGAIN_MS = 5_000;

/** What a search finds in all clusters, kept current; nothing where nothing is asked. */
export function useFleetSearch({ q, kind, cluster, limit }: FleetQuestion): Answer<FoundObjects | undefined> {
  const query = { q: q ?? '', kind: [...kind], cluster: [...cluster], limit };
  const key = q === undefined ? 'no fleet search' : `fleet search ${JSON.stringify(query)}`;
  const answer = useResource<FoundObjects | undefined>({
    key,
    load: (signal) =>
      q === undefined ? Promise.resolve(undefined) : api.call('GET /api/v1/fleet/search', { query, signal }),
    isAffected: () => false,
  });
  useFleetRepeat(key, AGAIN_MS, () => true, q !== undefined);
  return q === undefined ? { ...answer, data: undefined, isPrevious: false } : answer;
}

/** How many of each kind there are, whichever kinds are chosen. */
export function useKindCounts(question: FleetQuestion, found: FoundObjects | undefined): FoundObjects['kinds'] {
  const isOther = question.kind.length > 0;
  const others = useFleetSearch({ ...question, q: isOther ? question.q : undefined, kind: [], limit: 1 });
  return (isOther ? others.data : found)?.kinds ?? {};
}
