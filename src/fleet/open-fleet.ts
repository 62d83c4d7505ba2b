import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock } from '../base/clock.ts';
import type { FleetConfig } from '../config/fleet-config.ts';
import { customKind, liveKinds } from '../live/kind-table.ts';
import type { ClaimTaker } from '../live/claim.ts';
import type { LiveReader } from '../live/live-reader.ts';
import { ActingLink } from './acting/acting-link.ts';
import type { ActingParts } from './acting/acting-parts.ts';
import type { TimelineOutbox } from './timeline/timeline-outbox.ts';
import type { ClusterEntry, ClusterProblem, ClusterSetChange } from './cluster-entry.ts';
import { FleetLink } from './fleet-link.ts';
import { publishFleet } from './fleet-metrics.ts';
import { Readers } from './readers.ts';

/** Most reader threads that are started by themselves: four read 150 clusters. */
const MOST_READERS = 4;

/** Which clusters there are, and what comes of it. */
export interface ClusterSource {
  entries(): readonly ClusterEntry[];
  onChange(listener: (change: ClusterSetChange) => void): () => void;
  problems(): readonly ClusterProblem[];
  close(): Promise<void>;
}

/** What a fleet is opened over. */
export interface FleetOptions {
  readonly config: FleetConfig;
  readonly clusters: ClusterSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dataFolder: string;
}

/** The clusters, read live. */
export interface Fleet {
  readonly live: LiveReader & ClaimTaker;
  /** What happened, for the store. */
  readonly timeline: TimelineOutbox;
  /** What keeps clusters from being read, before any of them is asked. */
  problems(): readonly ClusterProblem[];
  /** What people do there, and where. */
  readonly acting: ActingParts;
  /** Resolves when clusters show as they were saved, and in a while in any case. */
  restored(): Promise<void>;
  /** Begins to read once they do; until then nothing is asked of them. */
  read(): void;
  /** Declares its metrics. */
  publish(registry: Registry): void;
  close(): Promise<void>;
}

/**
 * Opens the fleet: its thread starts with the first cluster, so that a server without clusters has none. Nothing is waited for:
 * clusters show as they were saved, and once they are read, as they are reached.
 */
export function openFleet(options: FleetOptions): Fleet {
  const { config, clusters, clock, log, dataFolder } = options;
  const kinds = [...liveKinds, ...config.customResources.map(customKind)];
  const link = new FleetLink({
    kinds,
    folder: join(dataFolder, 'fleet'),
    clock,
    log,
    onStart: () => readers.attach(),
  });
  const readers = new Readers({
    threads: config.readers ?? Math.max(1, Math.min(MOST_READERS, availableParallelism() - 1)),
    settings: { kinds },
    clock,
    log,
    tellFleet: (order, transfer) => link.tell(order, transfer),
  });
  const acting = new ActingLink({ clusters, clock, log });
  const change = (told: ClusterSetChange): void => {
    if (told.added.length > 0) link.start();
    readers.change(told);
  };
  let isClosed = false;
  const forget = clusters.onChange(change);
  const added = clusters.entries();
  if (added.length > 0) change({ added, changed: [], removed: [] });
  return {
    live: link,
    timeline: link.timeline,
    problems: () => clusters.problems(),
    acting: { acting, clusters, kinds, impersonation: config.impersonation },
    restored: () => link.restored(),
    read: () =>
      void link.restored().then(() => {
        if (!isClosed) readers.start();
      }),
    publish: (registry) => publishFleet(registry, { fleet: () => link.numbers(), readers: () => readers.numbers() }),
    close: async () => {
      isClosed = true;
      forget();
      await clusters.close();
      await Promise.all([acting.close(), readers.close()]);
      await link.close();
    },
  };
}
