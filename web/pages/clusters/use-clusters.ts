import { useEffect, useRef } from 'react';
import type { ClusterList, ClusterProblems, ClusterWithKinds, FleetEventPage } from '../../../src/api/fleet.ts';
import { useFleetNews } from '../../data/fleet-stream.ts';
import { api, resources } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';

/** Counts of objects change all the time: they are asked again this often at most. */
const COUNTS_MS = 5_000;

/** The newest Warning events that the page of a cluster counts by reason. */
const EVENTS = 300;

const clustersKey = 'fleet clusters';

/** All clusters, kept current. */
export function useClusters(): Answer<ClusterList> {
  const answer = useResource<ClusterList>({
    key: clustersKey,
    load: (signal) => api.call('GET /api/v1/fleet/clusters', { signal }),
    isAffected: () => false,
  });
  useNews(clustersKey);
  return answer;
}

/** What keeps clusters from being read, asked again with the clusters. */
export function useClusterProblems(): Answer<ClusterProblems> {
  const key = 'fleet problems';
  const answer = useResource<ClusterProblems>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/problems', { signal }),
    isAffected: (batch) => batch.sources,
  });
  useFleetNews((news) => {
    if (news === 'relist' || news.clusters.length > 0) resources.outdate(key);
  });
  return answer;
}

/** One cluster, kept current. */
export function useCluster(name: string): Answer<{ readonly cluster: ClusterWithKinds }> {
  const key = `fleet cluster ${name}`;
  const answer = useResource<{ readonly cluster: ClusterWithKinds }>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/clusters/:name', { params: { name }, signal }),
    isAffected: () => false,
  });
  useNews(key, name);
  return answer;
}

/** The newest Warning events of a cluster, kept current. */
export function useClusterEvents(name: string): Answer<FleetEventPage> {
  const key = `fleet events ${name}`;
  const answer = useResource<FleetEventPage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/events', { query: { cluster: [name], limit: EVENTS }, signal }),
    isAffected: () => false,
  });
  useFleetNews((news) => {
    const isOwn = news === 'relist' || news.objects.some(({ cluster, kind }) => cluster === name && kind === 'Event');
    if (isOwn) resources.outdate(key);
  });
  return answer;
}

/** Asks again at once when states change, and now and then when objects do. `name`: only those of one cluster count. */
function useNews(key: string, name?: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), [key]);
  useFleetNews((news) => {
    const isMeant = (cluster: string): boolean => name === undefined || cluster === name;
    if (news === 'relist' || news.clusters.some(isMeant)) {
      resources.outdate(key);
      return;
    }
    if (timer.current !== undefined || !news.objects.some(({ cluster }) => isMeant(cluster))) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      resources.outdate(key);
    }, COUNTS_MS);
  });
}
