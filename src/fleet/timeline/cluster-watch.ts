import type { HeldCluster } from '../held-cluster.ts';
import type { TimelineEntry } from '../../store/timeline.ts';
import { SOURCE, type Journal } from './journal.ts';

/** How long a state must hold before it is told, ms: what is read anew is stale for a while. */
const HOLD_MS = { ok: 5_000, denied: 15_000, unreachable: 15_000, stale: 120_000 } as const;

interface Known {
  state: string;
  /** What was told last; absent: nothing by this server. */
  told?: string;
  version: string | undefined;
}

const said: Readonly<Record<keyof typeof HOLD_MS, string>> = {
  ok: 'answers again',
  denied: 'denies access',
  unreachable: 'is unreachable',
  stale: 'lags behind',
};

/** Tells of clusters that cease to answer, deny, or have another version. */
export class ClusterWatch {
  readonly #clusters: ReadonlyMap<string, HeldCluster>;
  readonly #journal: Journal;
  readonly #known = new Map<string, Known>();

  constructor(clusters: ReadonlyMap<string, HeldCluster>, journal: Journal) {
    this.#clusters = clusters;
    this.#journal = journal;
  }

  /** @param now ms since 1970 */
  tick(now: number): void {
    for (const name of this.#known.keys()) if (!this.#clusters.has(name)) this.#known.delete(name);
    for (const cluster of this.#clusters.values()) {
      const known = this.#known.get(cluster.name) ?? { state: '', version: cluster.version };
      this.#known.set(cluster.name, known);
      this.#tellVersion(cluster, known, now);
      const { state } = cluster.state;
      if (known.told === state || now - cluster.since < HOLD_MS[state]) continue;
      this.#tellState(cluster, known);
    }
  }

  #tellVersion({ name, version }: HeldCluster, known: Known, now: number): void {
    const from = known.version;
    if (version === undefined || version === from) return;
    known.version = version;
    if (from === undefined) return;
    this.#journal.put({
      op: 'state',
      entry: clusterEntry(name, `version ${name}`, now, `Kubernetes of ${name}: ${from} → ${version}`, {
        from,
        to: version,
      }),
      isQuiet: false,
    });
  }

  #tellState({ name, since, state: { state, reason } }: HeldCluster, known: Known): void {
    const { told } = known;
    known.told = state;
    const data = {
      ...(told !== undefined && { from: told }),
      to: state,
      ...(reason !== undefined && { reason: reason.code, message: reason.message }),
    };
    const entry = clusterEntry(name, `cluster ${name}`, since, `${name} ${said[state]}`, data);
    // That it answers, or is still being read, is news only after it did not.
    const isQuiet = state === 'ok' || (state === 'stale' && told === undefined);
    this.#journal.put({ op: 'state', entry, isQuiet });
  }
}

function clusterEntry(
  cluster: string,
  id: string,
  at: number,
  title: string,
  data: TimelineEntry['data'],
): TimelineEntry {
  return { id, at, kind: 'cluster', title, source: SOURCE, cluster, data };
}
