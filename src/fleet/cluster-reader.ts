import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { Slots } from '../base/slots.ts';
import { Backoff } from '../kube/backoff.ts';
import type { ClusterConnection } from '../kube/connection.ts';
import { discover, type Discovery } from '../kube/discovery.ts';
import { poll, reflect } from '../kube/reflector.ts';
import { type ServerTraits, serverTraits } from '../kube/reflector-traits.ts';
import type { ReflectionSink, ResourcePath } from '../kube/reflection.ts';
import { faultOf } from '../kube/transport-fault.ts';
import type { ClusterTransport } from '../kube/transport.ts';
import type { LiveKind } from '../live/live-kind.ts';
import type { Batch } from './batch.ts';
import { BatchWriter } from './batch-writer.ts';
import { ClusterStates } from './cluster-reader-states.ts';
import type { ClusterNumbers } from './fleet-numbers.ts';
import type { Gathering } from './gathering.ts';
import type { ClusterWord } from './messages.ts';
import { protobufForms } from './reduce/protobuf-forms.ts';
import { reduceObject } from './reduce/reduce.ts';

/** How often a cluster is asked what it has, ms; new kinds are seen by then. */
const LOOK_MS = 5 * 60_000;
/** How soon it is asked again when something it had is gone, ms. */
const LEAST_LOOK_MS = 10_000;
/** How often it is told that objects cannot be read, ms. */
const UNREADABLE_MS = 1_000;
/** How long connecting may keep others waiting, ms. */
const TURN_MS = 10_000;

/** What a cluster's reader needs. */
export interface ClusterReaderOptions {
  readonly connection: ClusterConnection;
  readonly generation: number;
  readonly kinds: readonly LiveKind[];
  readonly transport: ClusterTransport;
  readonly clock: Clock;
  readonly log: Logger;
  /** Limits how many clusters connect at a time. */
  readonly connecting: Slots;
  /** Limits how many lists run at a time. */
  readonly lists: Slots;
  /** The same for kinds that are listed again and again: they do not wait until all clusters were listed once. */
  readonly polls: Slots;
  /** When changes are sent that waited for others. */
  readonly gathering: Gathering;
  /** Takes a batch; resolves when the next may come. */
  readonly send: (batch: Batch) => Promise<void>;
  readonly tell: (word: ClusterWord) => void;
  /** Tells of the connection; resolves with the resourceVersions by id of kind of what is held of the cluster. */
  readonly connected: (version: string, identity: string | undefined) => Promise<Readonly<Record<string, string>>>;
}

/** One kind that is being read. */
interface Reading {
  readonly path: ResourcePath;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Reads one cluster: asks what it has, lists and watches each kind that it has, and looks again now and then and
 * whenever something it had is gone. What goes wrong is told as states, and tried again.
 */
export class ClusterReader {
  readonly #options: ClusterReaderOptions;
  readonly #abort = new AbortController();
  readonly #writers = new Map<string, BatchWriter>();
  readonly #readings = new Map<string, Reading>();
  readonly #states: ClusterStates;
  readonly #count = { lists: 0, events: 0, unreadable: 0 };
  #done: Promise<void> = Promise.resolve();
  #lookAgain: (() => void) | undefined;
  #telling: Timer | undefined;

  constructor(options: ClusterReaderOptions) {
    this.#options = options;
    this.#states = new ClusterStates(options);
  }

  /** Begins. */
  start(): void {
    const { transport } = this.#options;
    transport.onAlive((at) => this.#states.alive(at));
    this.#done = this.#run().catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#options.log.error({ cluster: this.#name, error }, 'Cluster reader ended');
    });
  }

  /** Ends everything; nothing is told any more. */
  async close(): Promise<void> {
    this.#abort.abort(new Error('The cluster is not read any more'));
    this.#states.close();
    this.#telling?.cancel();
    for (const writer of this.#writers.values()) writer.close();
    await Promise.all([this.#done, this.#options.transport.close()]);
  }

  /** What it did so far. */
  get numbers(): ClusterNumbers {
    const { transport, connection } = this.#options;
    const { received, requests } = transport.traffic;
    return {
      cluster: connection.name,
      watches: this.#states.reading,
      restarts: this.#states.restarts,
      received,
      requests,
      ...this.#count,
    };
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const backoff = new Backoff(this.#options.clock);
    while (!signal.aborted) {
      try {
        await this.#read(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#tellFailure(error);
        // A connection that cannot be made is tried by the transport, for whoever waits.
        const wasDown = faultOf(error) !== undefined && (await this.#options.transport.retry(signal)) !== undefined;
        if (!wasDown) await this.#pause(backoff.failed(), signal);
      }
    }
  }

  /** Reads until the cluster turns out to be another one, or something fails. */
  async #read(signal: AbortSignal): Promise<void> {
    const { connected } = this.#options;
    let found = await this.#connect(signal);
    const from = new Map(Object.entries(await connected(found.version, found.identity)));
    const { identity } = found;
    try {
      while (!signal.aborted && found.identity === identity) {
        this.#readKinds(found, from, serverTraits(found.version));
        await this.#untilLook(signal);
        found = await this.#lookOver(found, signal);
      }
    } finally {
      for (const { abort } of this.#readings.values()) abort.abort(new Error('The cluster is read anew'));
      await Promise.all([...this.#readings.values()].map(({ done }) => done));
    }
  }

  get #name(): string {
    return this.#options.connection.name;
  }

  /** Discovery, with others waiting for their turn; one that hangs keeps them for a bounded time. */
  async #connect(signal: AbortSignal): Promise<Discovery> {
    const { connecting, clock, transport } = this.#options;
    const turn = await connecting.take(signal);
    const timer = clock.after(TURN_MS, turn.release);
    try {
      return await discover(transport, signal);
    } finally {
      timer.cancel();
      turn.release();
    }
  }

  /** Starts and ends readings so that they fit what the cluster has. */
  #readKinds(found: Discovery, from: Map<string, string>, server: ServerTraits): void {
    for (const kind of this.#options.kinds) {
      const path = pathOf(kind, found.resources);
      const reading = this.#readings.get(kind.id);
      const isUntold = found.incomplete.includes(kind.group);
      if (reading !== undefined && path !== undefined && reading.path.version === path.version) continue;
      if (reading !== undefined) {
        // What the server could not tell of just now may still be there.
        if (path !== undefined || !isUntold) reading.abort.abort(new Error('It is served otherwise'));
      } else if (path !== undefined) {
        this.#startReading(kind, path, server, from.get(kind.id));
        from.delete(kind.id);
      } else if (isUntold) {
        this.#states.told(kind, {
          outcome: 'unreachable',
          code: 'ServerError',
          message: `Nobody answers for ${kind.group} there`,
        });
      } else this.#states.absent(kind);
    }
  }

  #startReading(kind: LiveKind, resource: ResourcePath, server: ServerTraits, from: string | undefined): void {
    const { transport, clock, lists, polls } = this.#options;
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#abort.signal]);
    const writer = this.#writerOf(kind);
    const options = {
      transport,
      resource,
      fieldSelector: kind.fieldSelector,
      metadataOnly: kind.reading === 'metadata',
      protobuf: protobufForms[kind.id],
      sink: this.#sinkOf(kind, writer),
      clock,
      slots: kind.reading === 'polled' ? polls : lists,
      signal,
    };
    const reading =
      kind.reading === 'polled'
        ? poll({ ...options, pollMs: (kind.pollSeconds ?? 60) * 1000 })
        : reflect({ ...options, server, from });
    const end = (): void => {
      writer.close();
      this.#writers.delete(kind.id);
      this.#readings.delete(kind.id);
      this.#states.ended(kind);
      this.#lookAgain?.();
    };
    const done = reading.then(end, (error: unknown) => {
      if (!signal.aborted) this.#tellFailure(error, [kind]);
      end();
    });
    this.#writers.set(kind.id, writer);
    this.#readings.set(kind.id, { path: resource, abort, done });
  }

  #writerOf(kind: LiveKind): BatchWriter {
    const { generation, clock, gathering, send } = this.#options;
    return new BatchWriter({
      cluster: this.#name,
      generation,
      kind,
      clock,
      gathering,
      reduce: reduceObject,
      send,
      onUnreadable: (error) => {
        this.#count.unreadable += 1;
        this.#options.log.debug(
          { cluster: this.#name, kind: kind.id, error: errorMessage(error) },
          'Object unreadable',
        );
        this.#telling ??= clock.after(UNREADABLE_MS, () => this.#tellUnreadable());
      },
    });
  }

  #sinkOf(kind: LiveKind, writer: BatchWriter): ReflectionSink {
    return {
      listing: () => {
        this.#count.lists += 1;
        writer.listing();
      },
      page: (objects) => writer.page(objects),
      listed: (resourceVersion) => {
        this.#states.listed(kind);
        return writer.listed(resourceVersion);
      },
      changed: (changes, resourceVersion) => {
        this.#count.events += changes.length;
        return writer.changed(changes, resourceVersion);
      },
      state: (state) => this.#states.told(kind, state),
    };
  }

  #tellUnreadable(): void {
    this.#telling = undefined;
    this.#options.tell({ type: 'unreadable', objects: this.#count.unreadable });
  }

  /** What kept the cluster, or one kind of it, from being read. */
  #tellFailure(error: unknown, kinds = this.#options.kinds): void {
    if (!(error instanceof CallboardError)) {
      this.#options.log.error({ cluster: this.#name, error }, 'Reading a cluster failed');
    }
    this.#states.failed(kinds, error);
  }

  /** What the cluster has now; when it does not say so, what is known: its reflectors tell how they fare. */
  async #lookOver(known: Discovery, signal: AbortSignal): Promise<Discovery> {
    try {
      return await discover(this.#options.transport, signal);
    } catch (error) {
      if (!signal.aborted)
        this.#options.log.debug({ cluster: this.#name, error: errorMessage(error) }, 'Not looked over');
      return known;
    }
  }

  /** Until it is time to look what the cluster has, or something it had is gone. */
  async #untilLook(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const time = new AbortController();
    this.#lookAgain = () => time.abort();
    // Whatever is gone, the cluster is not asked more often than this.
    await this.#pause(LEAST_LOOK_MS, signal);
    await this.#pause(LOOK_MS * (0.8 + 0.4 * clock.random()), AbortSignal.any([signal, time.signal]));
    this.#lookAgain = undefined;
  }

  /** Waits; an end of the signal ends it early. */
  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** How a cluster serves a kind: in the best version of those that can be read; undefined: not. */
function pathOf(kind: LiveKind, resources: readonly ResourcePath[]): ResourcePath | undefined {
  const served = resources.filter(({ group, plural }) => group === kind.group && plural === kind.plural);
  if (kind.versions.length === 0) return served[0];
  for (const version of kind.versions) {
    const path = served.find((resource) => resource.version === version);
    if (path !== undefined) return path;
  }
  return undefined;
}
