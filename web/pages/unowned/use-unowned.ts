import type { MissingPage, ProposalChoice, UnclaimedPage, UnclaimedWorkload } from '../../../src/api/unclaimed.ts';
import { useEffect, useRef } from 'react';
import { useFleetNews } from '../../data/fleet-stream.ts';
import { api, resources } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import type { UnownedSearch } from './unowned-search.ts';

/** The fleet changes all the time: it is asked again this often at most, ms. */
const AGAIN_MS = 15_000;
const PAGE = 100;
/** What can be chosen at once. */
export const MOST_CHOSEN = 500;

/** What runs and is in no catalog. */
export function useUnclaimed({ q, namespace, cluster, cursor }: UnownedSearch): Answer<UnclaimedPage> {
  const query = { ...placesOf({ q, namespace, cluster }), cursor, limit: PAGE };
  const key = `fleet unclaimed ${JSON.stringify(query)}`;
  const answer = useResource<UnclaimedPage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/unclaimed', { query, signal }),
    isAffected: () => true,
  });
  useNews(key);
  return answer;
}

/** What is in the catalog and does not run. @param limit items on the page; 1: only the count is of interest */
export function useMissing({ q, state, cursor }: UnownedSearch, limit = PAGE): Answer<MissingPage> {
  const query = { q, state: state === undefined ? undefined : [state], cursor, limit };
  const key = `fleet missing ${JSON.stringify(query)}`;
  const answer = useResource<MissingPage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/missing', { query, signal }),
    isAffected: () => true,
  });
  useNews(key);
  return answer;
}

/** The descriptor of one workload, with what it shall say instead of what was guessed. */
export function useDescriptor(choice: ProposalChoice): Answer<string> {
  return useResource<string>({
    key: `fleet proposal ${JSON.stringify(choice)}`,
    load: () => descriptorsOf([choice]),
    isAffected: () => false,
  });
}

/** The descriptors of some workloads as one file. */
export async function descriptorsOf(items: readonly ProposalChoice[]): Promise<string> {
  let file = '';
  for await (const text of api.text('POST /api/v1/fleet/proposals', { body: { items: [...items] } })) file += text;
  return file;
}

/** All that a choice lists, up to what can be chosen at once. */
export async function readAllUnclaimed(search: UnownedSearch): Promise<readonly UnclaimedWorkload[]> {
  const query = { ...placesOf(search), limit: MOST_CHOSEN };
  return (await api.call('GET /api/v1/fleet/unclaimed', { query })).items;
}

function placesOf({ q, namespace, cluster }: UnownedSearch): {
  readonly q: string | undefined;
  readonly namespace: string[] | undefined;
  readonly cluster: string[] | undefined;
} {
  return {
    q,
    namespace: namespace === undefined ? undefined : [namespace],
    cluster: cluster === undefined ? undefined : [cluster],
  };
}

function useNews(key: string): void {
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
