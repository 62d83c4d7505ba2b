import type { ApiServer } from '../../demo/fleet/api-server.ts';
import type { Cluster } from '../../demo/fleet/cluster.ts';
import { systemClock } from '../../src/base/clock.ts';

/** Kinds that have a pulse, with where they are found. */
export const pulseKinds = [
  ['Namespace', '', 'namespaces'],
  ['Deployment', 'apps', 'deployments'],
  ['Pod', '', 'pods'],
] as const;

/** Name of the objects whose label `beat` goes on changing, one a kind. */
export const PULSE = 'pulse';
const BEAT_MS = 200;

/**
 * Keeps clusters changing, and knows when what they showed last was superseded: the truth that a watcher holds answers against.
 * Changes are made in the servers' own memory, so that no fault of a connection touches them.
 */
export class Pulses {
  readonly #servers: readonly ApiServer[];
  /** By cluster: when each beat was written, ms of the monotonic clock. */
  readonly #beats = new Map<string, number[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(servers: readonly ApiServer[]) {
    this.#servers = servers;
    for (const { cluster } of servers) {
      this.#beats.set(cluster.name, []);
      for (const [kind, group, plural] of pulseKinds) create(cluster, kind, group, plural);
    }
  }

  start(): void {
    this.#timer = setInterval(() => {
      for (const { cluster } of this.#servers) this.#beat(cluster);
    }, BEAT_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** For how long a cluster has known better than this beat, ms; 0 for its newest. */
  staleness(cluster: string, beat: number, now: number): number {
    const next = this.#beats.get(cluster)?.[beat + 1];
    return next === undefined ? 0 : now - next;
  }

  #beat(cluster: Cluster): void {
    const beats = this.#beats.get(cluster.name) ?? [];
    const labels = { beat: String(beats.length) };
    for (const [kind, group, plural] of pulseKinds) {
      const resource = cluster.resource(group, plural);
      const stored = cluster.store.find(resource, kind === 'Namespace' ? undefined : 'default', PULSE);
      if (stored === undefined) continue;
      const { object } = stored;
      cluster.store.update(resource, { ...object, metadata: { ...object.metadata, labels } });
    }
    beats.push(systemClock.monotonic());
    this.#churn(cluster, beats.length);
  }

  /** Things come and go beside the pulse. */
  #churn(cluster: Cluster, count: number): void {
    const resource = cluster.resource('', 'configmaps');
    const name = `churn-${count % 20}`;
    const known = cluster.store.find(resource, 'default', name);
    if (known) cluster.store.remove(resource, known);
    else cluster.store.create(resource, { metadata: { name, namespace: 'default' } });
  }
}

function create(cluster: Cluster, kind: string, group: string, plural: string): void {
  const template = { metadata: { labels: { app: PULSE } }, spec: { containers: [{ name: 'one', image: 'pulse:1' }] } };
  const rest = {
    Namespace: { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    Deployment: { spec: { replicas: 0, selector: { matchLabels: { app: PULSE } }, template } },
    Pod: {
      spec: { nodeName: 'node-1', containers: [{ name: 'one', image: 'pulse:1' }] },
      status: { phase: 'Pending' },
    },
  }[kind];
  const metadata = { name: PULSE, ...(kind === 'Namespace' ? {} : { namespace: 'default' }) };
  cluster.store.create(cluster.resource(group, plural), { metadata, ...rest });
}
