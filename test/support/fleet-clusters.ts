import type { ClusterEntry, ClusterSetChange } from '../../src/fleet/cluster-entry.ts';
import type { ClusterSource } from '../../src/fleet/open-fleet.ts';
import { connectionTo, type TruthCluster } from './fleet-truth.ts';

/** A cluster set that a test changes as it likes. */
export class TestClusters implements ClusterSource {
  readonly #entries = new Map<string, ClusterEntry>();
  readonly #listeners = new Set<(change: ClusterSetChange) => void>();

  constructor(entries: readonly ClusterEntry[] = []) {
    for (const entry of entries) this.#entries.set(entry.name, entry);
  }

  entries(): readonly ClusterEntry[] {
    return [...this.#entries.values()];
  }

  problems(): readonly [] {
    return [];
  }

  onChange(listener: (change: ClusterSetChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A cluster comes, or takes the place of the one of its name. */
  put(entry: ClusterEntry): void {
    const isNew = !this.#entries.has(entry.name);
    this.#entries.set(entry.name, entry);
    this.#tell({ added: isNew ? [entry] : [], changed: isNew ? [] : [entry], removed: [] });
  }

  remove(name: string): void {
    this.#entries.delete(name);
    this.#tell({ added: [], changed: [], removed: [name] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #tell(change: ClusterSetChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The entry of a cluster, without anything that it need not have. */
export function entryOf(cluster: TruthCluster, said: Partial<ClusterEntry> = {}): ClusterEntry {
  return {
    name: cluster.name,
    origin: 'test',
    connection: connectionTo(cluster),
    labels: {},
    isProtected: false,
    warnings: [],
    ...said,
  };
}
