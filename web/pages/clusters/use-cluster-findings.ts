import { useMemo } from 'react';
import type { FindingPage, Severity } from '../../../src/api/findings.ts';
import { useFleetRepeat } from '../../data/fleet-stream.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { isAble, useUi } from '../../data/use-ui.ts';

/** They are asked again this often at most, ms. */
const AGAIN_MS = 2_000;
/** Enough to join what is wrong in the same way in many places. */
const ASKED = 500;

/** All critical findings are asked for again this often at most, ms. */
const ALL_AGAIN_MS = 5_000;

/** How many critical findings there are in each cluster, kept current; none where one may not see them. */
export function useCriticals(): ReadonlyMap<string, number> {
  const isSeen = isAble(useUi().data, 'fleet.object.read');
  const key = `critical findings ${isSeen}`;
  const query: { severity: Severity[]; limit: number } = { severity: ['critical'], limit: ASKED };
  const { data } = useResource<FindingPage | undefined>({
    key,
    load: (signal) => (isSeen ? api.call('GET /api/v1/fleet/findings', { query, signal }) : Promise.resolve(undefined)),
    isAffected: () => false,
  });
  useFleetRepeat(key, ALL_AGAIN_MS, (news) => news === 'relist' || news.objects.length > 0, isSeen);
  return useMemo(() => {
    const byCluster = Map.groupBy(data?.items ?? [], ({ cluster }) => cluster);
    return new Map(Array.from(byCluster, ([cluster, found]) => [cluster, found.length]));
  }, [data]);
}

/** What detectors find wrong in a cluster, kept current. */
export function useClusterFindings(name: string): Answer<FindingPage> {
  const key = `findings of cluster ${name}`;
  const answer = useResource<FindingPage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/findings', { query: { cluster: [name], limit: ASKED }, signal }),
    isAffected: () => false,
  });
  useFleetRepeat(key, AGAIN_MS, (news) => {
    if (news === 'relist') return true;
    return news.clusters.includes(name) || news.objects.some(({ cluster }) => cluster === name);
  });
  return answer;
}
