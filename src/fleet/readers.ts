import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { ClusterEntry, ClusterSetChange } from './cluster-entry.ts';
import type { ClusterFace } from './cluster-face.ts';
import type { ClusterNumbers } from './fleet-numbers.ts';
import type { FleetOrder, ThreadSettings } from './messages.ts';
import { ReaderLink } from './reader-link.ts';

/** What the readers need. */
export interface ReadersOptions {
  /** How many threads read. */
  readonly threads: number;
  readonly settings: ThreadSettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tells the fleet's thread. */
  readonly tellFleet: (order: FleetOrder, transfer?: readonly MessagePort[]) => void;
}

interface Read {
  entry: ClusterEntry;
  generation: number;
  readonly reader: ReaderLink;
}

/**
 * Which thread reads which cluster. A cluster stays with its thread; each time that it is connected it gets another
 * generation, so that nothing of an earlier connection is taken for it.
 */
export class Readers {
  readonly #options: ReadersOptions;
  readonly #links: ReaderLink[] = [];
  readonly #clusters = new Map<string, Read>();
  #generation = 0;
  #isReading = false;

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  /** Shares the clusters out among the threads, or gives those that run a way to a new fleet thread. */
  attach(): void {
    for (const link of this.#links) this.#attach(link);
    while (this.#links.length < this.#options.threads) {
      const { clock, log } = this.#options;
      const name = `reader ${this.#links.length + 1}`;
      const link = new ReaderLink({ name, clock, log, onStart: (started) => this.#attach(started) });
      this.#links.push(link);
      if (this.#isReading) link.start();
    }
  }

  /** Starts the threads. */
  start(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    for (const link of this.#links) link.start();
  }

  /** Follows the cluster set. Only what has another connection is connected anew. */
  change({ added, changed, removed }: ClusterSetChange): void {
    for (const name of removed) this.#remove(name);
    for (const entry of [...added, ...changed]) this.#put(entry);
  }

  /** What the readers did, by cluster. */
  async numbers(): Promise<{ readonly clusters: readonly ClusterNumbers[]; readonly underWay: number }> {
    const all = await Promise.all(this.#links.map((link) => link.numbers()));
    return {
      clusters: all.flatMap(({ clusters }) => clusters),
      underWay: all.reduce((sum, { underWay }) => sum + underWay, 0),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.close()));
  }

  #attach(link: ReaderLink): void {
    if (!link.runs) return;
    const { port1, port2 } = new MessageChannel();
    this.#options.tellFleet({ type: 'reader', port: port1 }, [port1]);
    link.attach(this.#options.settings, port2);
    for (const name of link.clusters) {
      const read = this.#clusters.get(name);
      if (read !== undefined) this.#connect(read);
    }
  }

  #put(entry: ClusterEntry): void {
    const known = this.#clusters.get(entry.name);
    if (known === undefined) {
      const reader = this.#idlest();
      if (reader === undefined) return;
      const read = { entry, generation: 0, reader };
      this.#clusters.set(entry.name, read);
      reader.clusters.add(entry.name);
      this.#connect(read);
      return;
    }
    const isSame = JSON.stringify(known.entry.connection) === JSON.stringify(entry.connection);
    known.entry = entry;
    if (isSame) this.#options.tellFleet({ type: 'cluster', face: faceOf(known) });
    else this.#connect(known);
  }

  #remove(name: string): void {
    const read = this.#clusters.get(name);
    if (read === undefined) return;
    this.#clusters.delete(name);
    read.reader.clusters.delete(name);
    read.reader.disconnect(name);
    this.#options.tellFleet({ type: 'drop', cluster: name });
  }

  #connect(read: Read): void {
    read.generation = ++this.#generation;
    this.#options.tellFleet({ type: 'cluster', face: faceOf(read) });
    read.reader.connect(read.entry.connection, read.generation);
  }

  #idlest(): ReaderLink | undefined {
    return this.#links.toSorted((one, other) => one.clusters.size - other.clusters.size)[0];
  }
}

function faceOf({ entry: { connection, ...said }, generation }: Read): ClusterFace {
  return { ...said, server: withoutSecrets(connection.server), generation };
}

/** A server's URL as anybody may see it. */
function withoutSecrets(server: string): string {
  const url = URL.parse(server);
  return url === null ? '' : `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}
