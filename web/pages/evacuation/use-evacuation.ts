import { useEffect, useRef } from 'react';
import type { Evacuation, SingleEntities } from '../../../src/api/evacuation.ts';
import { useFleetNews } from '../../data/fleet-stream.ts';
import { api, resources } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { parseList } from '../../url/search-codec.ts';
import type { EvacuationSearch } from './evacuation-search.ts';

/** Something changes in a fleet all the time: it is asked again this often at most. */
const AGAIN_MS = 10_000;

/** What would be lost, kept current. At least one of `cluster` and `label` is said. */
export function useEvacuation({ cluster, label }: EvacuationSearch): Answer<Evacuation> {
  const names = parseList(cluster);
  const query = { cluster: names.length === 0 ? undefined : [...names], label };
  const key = `fleet evacuation ${JSON.stringify(query)}`;
  const answer = useResource<Evacuation>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/evacuation', { query, signal }),
    isAffected: () => false,
  });
  useAgain(key);
  return answer;
}

/** What one cluster or region carries alone, kept current. */
export function useSingle(): Answer<SingleEntities> {
  const key = 'fleet single';
  const answer = useResource<SingleEntities>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/single', { signal }),
    isAffected: () => false,
  });
  useAgain(key);
  return answer;
}

function useAgain(key: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [key],
  );
  useFleetNews(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      resources.outdate(key);
    }, AGAIN_MS);
  });
}
