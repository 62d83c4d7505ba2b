import type { ActingAbilities, Revisions } from '../../../../../src/api/acting.ts';
import { api } from '../../../../data/session.ts';
import { useResource, type Answer } from '../../../../data/use-resource.ts';
import type { Chosen } from '../chosen-cell.ts';

/** Where one can act, and as whom. */
export function useActing(): Answer<ActingAbilities> {
  return useResource<ActingAbilities>({
    key: 'acting',
    load: (signal) => api.call('GET /api/v1/fleet/acting', { signal }),
    isAffected: () => false,
  });
}

/** The revisions that a workload can go back to. @param kind one that has revisions */
export function useRevisions(
  { workload: { namespace = '', name }, cell: { cluster } }: Chosen,
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
): Answer<Revisions> {
  const query = { cluster, kind, namespace, name };
  return useResource<Revisions>({
    key: `revisions ${JSON.stringify(query)}`,
    load: (signal) => api.call('GET /api/v1/fleet/revisions', { query, signal }),
    isAffected: () => false,
  });
}
