import { Counter, type CounterConfiguration, Gauge, type GaugeConfiguration, type Registry } from 'prom-client';
import type { ClusterNumbers, FleetNumbers } from './fleet-numbers.ts';

/** Who counts. */
export interface FleetCounts {
  /** Undefined while the fleet has no thread that answers. */
  readonly fleet: () => Promise<FleetNumbers | undefined>;
  readonly readers: () => Promise<{ readonly clusters: readonly ClusterNumbers[]; readonly underWay: number }>;
}

type Counted = 'requests' | 'lists' | 'restarts' | 'events' | 'received' | 'unreadable';

/** Publishes what the fleet's threads hold and do. They are asked when the metrics are. */
export function publishFleet(registry: Registry, counts: FleetCounts): void {
  let asking: Promise<void> | undefined;
  const known = new Map<string, ClusterNumbers>();
  const ask = async (): Promise<void> => {
    const [fleet, readers] = await Promise.all([counts.fleet(), counts.readers()]);
    if (fleet !== undefined) metrics.setFleet(fleet);
    metrics.setReaders(readers.clusters, readers.underWay, known);
    asking = undefined;
  };
  // All metrics are read at once, and each waits for the one answer.
  const metrics = fleetMetrics(registry, () => (asking ??= ask()));
}

interface FleetMetrics {
  setFleet(numbers: FleetNumbers): void;
  setReaders(clusters: readonly ClusterNumbers[], underWay: number, known: Map<string, ClusterNumbers>): void;
}

function fleetMetrics(registry: Registry, collect: () => Promise<void>): FleetMetrics {
  const registers = [registry];
  const gauge = <L extends string = never>(config: Omit<GaugeConfiguration<L>, 'registers' | 'collect'>): Gauge<L> =>
    new Gauge({ ...config, registers, collect });
  const states = gauge({
    name: 'callboard_fleet_cluster_state',
    help: '1 for the state that a cluster is in: ok, denied, unreachable or stale',
    labelNames: ['cluster', 'state'],
  });
  const objects = gauge({ name: 'callboard_fleet_objects', help: 'Objects that are held', labelNames: ['kind'] });
  const watches = gauge({
    name: 'callboard_fleet_watches',
    help: 'Kinds of a cluster that are read now',
    labelNames: ['cluster'],
  });
  const queue = gauge({
    name: 'callboard_fleet_queue_bytes',
    help: 'Bytes of batches that readers sent and the fleet has not taken in yet',
  });
  const lag = gauge({
    name: 'callboard_fleet_longest_lag_seconds',
    help: 'Longest time from the receipt of a change to its being shown since the last look',
  });
  const setTotals = fleetTotals(registry, collect);
  const addTotals = clusterTotals(registry, collect);
  return {
    setFleet(numbers) {
      states.reset();
      objects.reset();
      for (const [cluster, state] of Object.entries(numbers.states)) states.set({ cluster, state }, 1);
      for (const [kind, count] of Object.entries(numbers.objects)) objects.set({ kind }, count);
      lag.set(numbers.longestLagSeconds);
      setTotals(numbers);
    },
    setReaders(clusters, underWay, known) {
      queue.set(underWay);
      watches.reset();
      for (const numbers of clusters) {
        watches.set({ cluster: numbers.cluster }, numbers.watches);
        addTotals(known.get(numbers.cluster), numbers);
        known.set(numbers.cluster, numbers);
      }
    },
  };
}

/** What the fleet's thread counts; a thread that began anew counts from nothing, as counters of a process do. */
function fleetTotals(registry: Registry, collect: () => Promise<void>): (numbers: FleetNumbers) => void {
  const total = (name: string, help: string): Counter =>
    new Counter({ name: `callboard_fleet_${name}_total`, help, registers: [registry], collect });
  const totals = {
    droppedRows: total('dropped_rows', 'Rows that were of an earlier connection or fitted nothing'),
    batches: total('batches', 'Batches that were taken in'),
    snapshots: total('snapshots', 'Snapshots of clusters that were written'),
    snapshotSeconds: total('snapshot_seconds', 'Time that writing snapshots took'),
    snapshotFailures: total('snapshot_failures', 'Snapshots of clusters that could not be written'),
  };
  return (numbers) => {
    for (const [name, counter] of Object.entries(totals) as [keyof typeof totals, Counter][]) {
      counter.reset();
      counter.inc(numbers[name]);
    }
  };
}

/** What readers count of each cluster. */
function clusterTotals(
  registry: Registry,
  collect: () => Promise<void>,
): (before: ClusterNumbers | undefined, now: ClusterNumbers) => void {
  const total = (name: string, help: string): Counter<'cluster'> => {
    const config: CounterConfiguration<'cluster'> = {
      name: `callboard_fleet_${name}_total`,
      help,
      labelNames: ['cluster'],
      registers: [registry],
      collect,
    };
    return new Counter(config);
  };
  const totals: Readonly<Record<Counted, Counter<'cluster'>>> = {
    requests: total('requests', 'Requests to API servers'),
    lists: total('lists', 'Lists of a kind that began'),
    restarts: total('watch_restarts', 'How often a kind that was read stopped being so'),
    events: total('events', 'Changes that watches brought'),
    received: total('received_bytes', 'Bytes on the wire'),
    unreadable: total('unreadable_objects', 'Objects that could not be read'),
  };
  return (before, now) => {
    // A reader that connected anew counts from nothing.
    const isAnew = before === undefined || now.requests < before.requests;
    for (const [name, counter] of Object.entries(totals) as [Counted, Counter<'cluster'>][]) {
      counter.inc({ cluster: now.cluster }, Math.max(0, now[name] - (isAnew ? 0 : before[name])));
    }
  };
}
