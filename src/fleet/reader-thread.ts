import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { Slots } from '../base/slots.ts';
import { processEnvironment } from '../config/environment.ts';
import type { ClusterConnection } from '../kube/connection.ts';
import { createCredential } from '../kube/credentials.ts';
import { PluginRuns } from '../kube/exec-plugin-runs.ts';
import { openTransport } from '../kube/transport.ts';
import { ClusterReader } from './cluster-reader.ts';
import { ClusterStates } from './cluster-reader-states.ts';
import type { ReaderNumbers } from './fleet-numbers.ts';
import type { ClusterWord, ReaderOrder, ReaderReport, ThreadSettings } from './messages.ts';
import { Gathering } from './gathering.ts';
import { ReaderOutbox } from './reader-outbox.ts';

/** Clusters of one thread that connect at a time. */
const CONNECTING = 8;
/** Lists of one thread that run at a time: each holds pages in memory. */
const LISTS = 4;

const environment = processEnvironment();

/** What a reader thread stands on. */
export interface ReaderThreadOptions {
  readonly tell: (report: ReaderReport) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The clusters of one reader thread. */
export class ReaderThread {
  readonly #options: ReaderThreadOptions;
  readonly #readers = new Map<string, ClusterReader>();
  readonly #ending = new Set<Promise<void>>();
  readonly #connecting = new Slots(CONNECTING);
  readonly #lists = new Slots(LISTS);
  readonly #polls = new Slots(LISTS);
  readonly #gathering: Gathering;
  readonly #runs: PluginRuns;
  #settings: ThreadSettings | undefined;
  #outbox: ReaderOutbox | undefined;

  constructor(options: ReaderThreadOptions) {
    this.#options = options;
    this.#gathering = new Gathering(options.clock);
    this.#runs = new PluginRuns(options.clock, environment);
  }

  /** Does as it is told. */
  async take(order: ReaderOrder): Promise<void> {
    switch (order.type) {
      case 'start':
        for (const cluster of this.#readers.keys()) this.#disconnect(cluster);
        this.#outbox?.close();
        this.#settings = order.settings;
        this.#outbox = new ReaderOutbox(order.fleet, this.#options.clock);
        return;
      case 'connect':
        this.#connect(order.connection, order.generation);
        return;
      case 'disconnect':
        this.#disconnect(order.cluster);
        return;
      case 'numbers':
        this.#options.tell({ type: 'numbers', id: order.id, numbers: this.#numbers });
        return;
      case 'close':
        for (const cluster of this.#readers.keys()) this.#disconnect(cluster);
        await Promise.all(this.#ending);
        this.#outbox?.close();
    }
  }

  get #numbers(): ReaderNumbers {
    const clusters = [...this.#readers.values()].map((reader) => reader.numbers);
    return { clusters, underWay: this.#outbox?.underWay ?? 0 };
  }

  #connect(connection: ClusterConnection, generation: number): void {
    const outbox = this.#outbox;
    if (outbox === undefined || this.#settings === undefined) return;
    const { kinds } = this.#settings;
    const { clock, log } = this.#options;
    const { name } = connection;
    this.#disconnect(name);
    const tell = (word: ClusterWord): void => outbox.tell(name, generation, word);
    try {
      const credential = createCredential(connection.credential, connection, {
        clock,
        environment,
        log,
        runs: this.#runs,
      });
      const reader = new ClusterReader({
        connection,
        generation,
        kinds,
        transport: openTransport(connection, credential, { clock }),
        clock,
        log,
        connecting: this.#connecting,
        lists: this.#lists,
        polls: this.#polls,
        gathering: this.#gathering,
        send: (batch) => outbox.send(batch),
        tell,
        connected: (version, identity) => outbox.connected(name, generation, { type: 'connected', version, identity }),
      });
      this.#readers.set(name, reader);
      reader.start();
    } catch (error) {
      // One connection that cannot be used at all must not take the thread's other clusters along.
      log.error({ cluster: name, error }, 'A cluster cannot be read');
      new ClusterStates({ clock, tell }).failed(kinds, error);
    }
  }

  #disconnect(cluster: string): void {
    const reader = this.#readers.get(cluster);
    if (reader === undefined) return;
    this.#readers.delete(cluster);
    const ending = reader
      .close()
      .catch((error: unknown) => this.#options.log.error({ cluster, error }, 'A cluster’s reader did not end cleanly'))
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
