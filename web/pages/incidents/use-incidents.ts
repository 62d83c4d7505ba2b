import { useEffect, useRef } from 'react';
import type { IncidentList } from '../../../src/api/incidents.ts';
import { useFleetNews } from '../../data/fleet-stream.ts';
import { api, resources } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import type { IncidentsSearch } from './incidents-search.ts';

/** The fleet is looked through every two seconds; whoever looks on asks again this often. */
const AGAIN_MS = 5_000;
const MOST = 100;

/** Incidents, kept current while something happens in the fleet. */
export function useIncidents({ state, entity, cluster }: IncidentsSearch): Answer<IncidentList> {
  const key = `fleet incidents ${JSON.stringify([state, entity, cluster])}`;
  const query = { state, entity, cluster: cluster === undefined ? undefined : [cluster], limit: MOST };
  const answer = useResource<IncidentList>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/incidents', { query, signal }),
    isAffected: () => false,
  });
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
  return answer;
}
