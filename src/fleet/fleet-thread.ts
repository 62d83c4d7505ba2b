import type { MessagePort } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import { CallboardError } from '../base/errors.ts';
import type { Batch } from './batch.ts';
import { bytesOf } from './batch-writer.ts';
import type { ClusterFace } from './cluster-face.ts';
import { FactReporter } from './facts/fact-reporter.ts';
import { Followers } from './followers.ts';
import { FleetStore } from './fleet-store.ts';
import type { FleetNumbers } from './fleet-numbers.ts';
import type {
  Ask,
  FleetOrder,
  FleetReport,
  FleetSettings,
  ReaderEcho,
  ReaderWord,
  ReaderWords,
  WireError,
} from './messages.ts';
import { incidentEntry } from './incidents/incident-entry.ts';
import { IncidentKeeper } from './incidents/incident-keeper.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import { WordInbox } from './word-inbox.ts';

/** How often positions and namespaces are told on, ms. */
const TELL_MS = 250;
/** How often states are looked over and snapshots written, ms. */
const TICK_MS = 1_000;
/** How often what fails together is looked for, and for how long about, ms; the pause is so many times as long as the look. */
const LOOK = { everyMs: 50, mostMs: 4, pauses: 4 };
/** Bytes after which a reader is told at once that batches were taken in, and how long it waits otherwise, ms. */
const ECHO = { bytes: 512 * 1024, afterMs: 20 };
/** How long words of readers may be taken in before questions have their turn, ms. */
const INTAKE_MS = 4;
/** Words that may come of a cluster before it can be told of. */
const MOST_EARLY = 1_000;

/** What the fleet's thread stands on. */
export interface FleetThreadOptions {
  readonly settings: FleetSettings;
  readonly tell: (report: FleetReport) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One cluster as the thread knows it beside its objects. */
interface Held {
  face: ClusterFace;
  /** False until what the last run left of it is there. */
  isReady: boolean;
  /** Objects that its reader could not read. */
  unreadable: number;
}

type Word = Exclude<ReaderWord, Batch>;

/** The fleet's thread: takes in what readers say, keeps snapshots, and answers. */
export class FleetThread {
  readonly #options: FleetThreadOptions;
  readonly #store: FleetStore;
  readonly #followers: Followers;
  readonly #snapshots: SnapshotKeeper;
  readonly #facts: FactReporter;
  readonly #incidents: IncidentKeeper;
  readonly #clusters = new Map<string, Held>();
  /** Words of clusters that are not ready, or whose connection this thread was not told of yet. */
  readonly #early = new Map<string, { readonly port: MessagePort; readonly word: ReaderWord }[]>();
  readonly #readers = new Set<MessagePort>();
  readonly #owed = new Map<MessagePort, number>();
  readonly #inbox: WordInbox<{ readonly port: MessagePort; readonly word: ReaderWord }>;
  #echo: Timer | undefined;
  readonly #timers = new Map<string, Timer>();
  /** Clusters of which it is being looked for what was saved. */
  #restoring = 0;
  #newest = 0;
  #toldSequence = -1;
  #toldNamespaces: ReadonlyMap<string, string> | undefined;
  #haveNamespacesChanged = true;
  #longestLagMs = 0;
  #batches = 0;

  constructor(options: FleetThreadOptions) {
    const { settings, clock, log, tell } = options;
    this.#options = options;
    this.#inbox = new WordInbox(({ port, word }) => this.#onWord(port, word), INTAKE_MS, clock);
    this.#store = new FleetStore({ kinds: settings.kinds, epoch: settings.epoch, now: () => clock.now() });
    this.#store.onNamespaces(() => (this.#haveNamespacesChanged = true));
    this.#followers = new Followers({ store: this.#store, tell: (id, told) => tell({ type: 'told', id, told }) });
    this.#snapshots = new SnapshotKeeper({ store: this.#store, folder: settings.folder, clock, log });
    this.#incidents = new IncidentKeeper({ book: this.#store.incidents, folder: settings.folder, log });
    void this.#incidents.restore();
    this.#look();
    this.#facts = new FactReporter({
      rounds: this.#store.facts,
      clock,
      tell: (told) => tell({ type: 'facts', told }),
    });
    this.#store.follow(undefined, 'all', (told) => this.#store.facts.note(told));
    this.#every('tell', TELL_MS, () => this.#tellOn());
    this.#every('tick', TICK_MS, () => this.#tick());
  }

  /** Does as it is told. */
  take(order: Exclude<FleetOrder, { type: 'start' | 'close' }>): void {
    switch (order.type) {
      case 'reader':
        this.#listen(order.port);
        return;
      case 'cluster':
        this.#putCluster(order.face);
        return;
      case 'drop':
        this.#dropCluster(order.cluster);
        return;
      case 'claims':
        this.#store.changeClaims(order.change);
        return;
      case 'ask':
        this.#answer(order.id, () => ({ type: 'answer', id: order.id, bytes: ownBytes(this.#bytesFor(order.ask)) }));
        return;
      case 'numbers':
        this.#answer(order.id, () => ({ type: 'numbers', id: order.id, numbers: this.#numbers() }));
        return;
      case 'follow':
        this.#followers.follow(order.id, order.after, order.scope);
        return;
      case 'unfollow':
        this.#followers.unfollow(order.id);
        return;
      case 'facts':
        this.#facts.start();
    }
  }

  /** Writes the last snapshots, as far as the time allows, and ends. */
  async close(withinMs: number): Promise<void> {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#echo?.cancel();
    this.#inbox.close();
    this.#facts.close();
    await Promise.all([this.#snapshots.close(withinMs), this.#incidents.close()]);
    for (const port of this.#readers) port.close();
  }

  #listen(port: MessagePort): void {
    this.#readers.add(port);
    port.on('message', (words: ReaderWords) => {
      for (const word of words) this.#inbox.push({ port, word });
    });
    port.on('close', () => {
      this.#readers.delete(port);
      this.#owed.delete(port);
    });
  }

  #every(name: string, everyMs: number, work: () => void): void {
    const run = (): void => {
      this.#timers.set(name, this.#options.clock.after(everyMs, run));
      work();
    };
    this.#timers.set(name, this.#options.clock.after(everyMs, run));
  }

  /** Looks for what fails together, and signs what searches look through: a fifth of the time at most. */
  #look(): void {
    const { clock } = this.#options;
    const begin = clock.monotonic();
    this.#store.incidents.look(() => clock.monotonic() - begin >= LOOK.mostMs / 2);
    this.#store.sign(() => clock.monotonic() - begin >= LOOK.mostMs);
    const pause = Math.max(LOOK.everyMs, (clock.monotonic() - begin) * LOOK.pauses);
    this.#timers.set(
      'look',
      clock.after(pause, () => this.#look()),
    );
  }

  #bytesFor(ask: Ask): Uint8Array {
    switch (ask.name) {
      case 'clusters':
        return this.#store.clusters(...ask.args);
      case 'objects':
        return this.#store.objects(...ask.args);
      case 'search':
        return this.#store.search(...ask.args);
      case 'events':
        return this.#store.events(...ask.args);
      case 'running':
        return this.#store.running(...ask.args);
      case 'verdicts':
        return this.#store.verdicts(...ask.args);
      case 'logPods':
        return this.#store.logPods(...ask.args);
      case 'tiedEntities':
        return this.#store.tiedEntities(...ask.args);
      case 'unclaimed':
        return this.#store.unclaimed(...ask.args);
      case 'missing':
        return this.#store.missing(...ask.args);
      case 'findings':
        return this.#store.findings(...ask.args);
      case 'incidents':
        return this.#store.answerIncidents(...ask.args);
      case 'evacuation':
        return this.#store.evacuation(...ask.args);
      case 'labelled':
        return this.#store.labelled(...ask.args);
    }
  }

  #answer(id: number, make: () => FleetReport): void {
    try {
      this.#options.tell(make());
    } catch (error) {
      if (!(error instanceof CallboardError)) this.#options.log.error({ error }, 'A question to the fleet failed');
      this.#options.tell({ type: 'failed', id, error: toWireError(error) });
    }
  }

  #putCluster(face: ClusterFace): void {
    this.#newest = Math.max(this.#newest, face.generation);
    const known = this.#clusters.get(face.name);
    if (known !== undefined) {
      if (known.face.generation !== face.generation) known.unreadable = 0;
      known.face = face;
      this.#store.putCluster(withWarnings(known));
      this.#takeEarly(face.name, known);
      return;
    }
    const held: Held = { face, isReady: false, unreadable: 0 };
    this.#clusters.set(face.name, held);
    this.#store.putCluster(face);
    this.#haveNamespacesChanged = true;
    this.#restoring += 1;
    void this.#restore(held);
  }

  async #restore(held: Held): Promise<void> {
    const { name, server } = held.face;
    await this.#snapshots.restore(name, server);
    this.#restoring -= 1;
    if (this.#restoring === 0) this.#options.tell({ type: 'restored' });
    if (this.#clusters.get(name) !== held) return;
    held.isReady = true;
    this.#takeEarly(name, held);
  }

  #dropCluster(name: string): void {
    this.#clusters.delete(name);
    this.#early.delete(name);
    this.#store.dropCluster(name);
    this.#snapshots.forget(name);
    this.#haveNamespacesChanged = true;
  }

  #takeEarly(name: string, held: Held): void {
    if (!held.isReady) return;
    const words = this.#early.get(name) ?? [];
    this.#early.delete(name);
    for (const { port, word } of words) this.#onWord(port, word);
  }

  #onWord(port: MessagePort, word: ReaderWord): void {
    const held = this.#clusters.get(word.cluster);
    const isEarly = held === undefined ? word.generation > this.#newest : word.generation > held.face.generation;
    if (isEarly || held?.isReady === false) {
      this.#keepEarly(port, word);
      return;
    }
    if (word.type === 'batch') this.#onBatch(port, word, held);
    else if (held?.face.generation === word.generation) this.#onClusterWord(port, word, held);
  }

  #keepEarly(port: MessagePort, word: ReaderWord): void {
    const words = this.#early.get(word.cluster) ?? [];
    if (words.length < MOST_EARLY) words.push({ port, word });
    this.#early.set(word.cluster, words);
  }

  #onBatch(port: MessagePort, batch: Batch, held: Held | undefined): void {
    const bytes = bytesOf(batch);
    if (held !== undefined) {
      this.#store.apply(batch);
      this.#batches += 1;
      if (held.face.generation === batch.generation) {
        this.#snapshots.changed(batch.cluster);
        this.#longestLagMs = Math.max(this.#longestLagMs, this.#options.clock.now() - batch.receivedAt);
      }
    }
    this.#owe(port, bytes);
  }

  #onClusterWord(port: MessagePort, word: Word, held: Held): void {
    const { cluster, generation } = word;
    switch (word.type) {
      case 'connected':
        this.#store.setConnection(cluster, generation, word);
        port.postMessage({
          type: 'from',
          cluster,
          generation,
          versions: this.#store.resourceVersions(cluster),
        } satisfies ReaderEcho);
        return;
      case 'state':
        this.#store.setKindState(cluster, generation, word.kind, word);
        return;
      case 'alive':
        this.#store.confirm(cluster, generation, word.at, word.kinds);
        return;
      case 'unreadable':
        held.unreadable = word.objects;
        this.#store.putCluster(withWarnings(held));
    }
  }

  /** Tells readers that batches were taken in: at once when it is much, else a little later. */
  #owe(port: MessagePort, bytes: number): void {
    const owed = (this.#owed.get(port) ?? 0) + bytes;
    this.#owed.set(port, owed);
    if (owed >= ECHO.bytes) this.#payBack();
    else this.#echo ??= this.#options.clock.after(ECHO.afterMs, () => this.#payBack());
  }

  #payBack(): void {
    this.#echo?.cancel();
    this.#echo = undefined;
    for (const [port, bytes] of this.#owed) port.postMessage({ type: 'applied', bytes } satisfies ReaderEcho);
    this.#owed.clear();
  }

  #tellOn(): void {
    this.#followers.flush();
    const { position } = this.#store;
    if (position.sequence !== this.#toldSequence) {
      this.#toldSequence = position.sequence;
      this.#options.tell({ type: 'position', position });
    }
    if (this.#haveNamespacesChanged) this.#tellNamespaces();
  }

  #tellNamespaces(): void {
    this.#haveNamespacesChanged = false;
    const known = this.#toldNamespaces ?? new Map<string, string>();
    const now = new Map<string, string>();
    const changed: (readonly [string, readonly string[] | undefined])[] = [];
    for (const [cluster, names] of this.#store.namespaces()) {
      const sorted = [...names].sort();
      const mark = sorted.join(' ');
      now.set(cluster, mark);
      if (known.get(cluster) !== mark) changed.push([cluster, sorted]);
    }
    for (const cluster of known.keys()) if (!now.has(cluster)) changed.push([cluster, undefined]);
    const isWhole = this.#toldNamespaces === undefined;
    this.#toldNamespaces = now;
    if (changed.length > 0 || isWhole) this.#options.tell({ type: 'namespaces', changed, isWhole });
  }

  #tick(): void {
    this.#store.tick();
    const { chronicle, incidents } = this.#store;
    const told = incidents.takeNews().map(incidentEntry);
    const happened = [...chronicle.take(this.#options.clock.now()), ...told];
    if (happened.length > 0) this.#options.tell({ type: 'timeline', writes: happened });
    this.#snapshots.tick();
    this.#facts.tick();
    this.#incidents.tick();
  }

  #numbers(): FleetNumbers {
    const longestLagSeconds = this.#longestLagMs / 1000;
    this.#longestLagMs = 0;
    return { ...this.#store.stats(), ...this.#snapshots.numbers, batches: this.#batches, longestLagSeconds };
  }
}

/** What is said of a cluster, with what its reader warns of. */
function withWarnings({ face, unreadable }: Held): ClusterFace {
  if (unreadable === 0) return face;
  const said = unreadable === 1 ? '1 object could not be read' : `${unreadable} objects could not be read`;
  return { ...face, warnings: [...face.warnings, `${said}: what they hold has types that it cannot have`] };
}

function toWireError(error: unknown): WireError {
  if (error instanceof CallboardError) return { code: error.code, details: error.details };
  return { code: 'LIVE_FAULT', details: {} };
}

/** Bytes in a buffer of their own, which can be handed over. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
