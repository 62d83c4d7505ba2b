import type { Cluster } from '../../src/api/fleet.ts';

/** Since when shown clusters are in their state. */
export const SHOWN_SINCE = '2026-11-22T08:00:00.000Z';

/** A cluster as the API tells it: read, empty, and nothing wrong with it, but for what `parts` say. */
export function shownCluster(name: string, parts: Partial<Cluster> = {}): Cluster {
  return {
    name,
    origin: 'test',
    server: 'https://a.example.com',
    labels: {},
    protected: false,
    state: 'ok',
    since: SHOWN_SINCE,
    objects: 0,
    pods: 0,
    podsPending: 0,
    podsFailing: 0,
    nodes: { ready: 0, total: 0 },
    health: {},
    behind: [],
    warnings: [],
    ...parts,
  };
}
