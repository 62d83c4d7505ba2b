import type { MessagePort } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../base/clock.ts';
import type { ClaimChange, ClaimTaker, EntityClaim } from '../live/claim.ts';
import type { LabelledQuery } from '../live/labelled.ts';
import type { FindingsQuery } from '../live/findings.ts';
import type { IncidentsQuery } from '../live/incidents.ts';
import type { EvacuationQuestion } from '../live/evacuation.ts';
import type { FactsTold } from '../live/facts.ts';
import type { LiveKind } from '../live/live-kind.ts';
import type { LogPodsQuery } from '../live/log-pods.ts';
import type { TiedQuery } from '../live/tied-entities.ts';
import type {
  LivePosition,
  LiveReader,
  LiveScope,
  LiveTold,
  ObjectQuery,
  SearchQuery,
  UnclaimedQuery,
} from '../live/live-reader.ts';
import { CallboardError } from '../base/errors.ts';
import { fleetError } from './errors.ts';
import { FleetStore } from './fleet-store.ts';
import type { FleetNumbers } from './fleet-numbers.ts';
import type { Ask, FleetOrder, FleetReport } from './messages.ts';
import { ThreadLink } from './thread-link.ts';
import { TimelineOutbox } from './timeline/timeline-outbox.ts';
import type { LogLine } from './thread-log.ts';

/** Questions that may wait for the fleet's thread. */
const MOST_ASKS = 1_000;
/** How long an answer may take, ms. */
const ANSWER_MS = 10_000;
/** How long others wait until what was saved is shown, ms. */
const RESTORE_MS = 10_000;
/** How long the last snapshots may take, ms. */
const CLOSE_MS = 8_000;
/** Most memory of the fleet's thread, MiB: arrays outside the heap do not count. */
const MEMORY = { young: 48, old: 1_536 };

/** What a link needs. */
export interface FleetLinkOptions {
  readonly kinds: readonly LiveKind[];
  /** Where snapshots are kept. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The thread runs and waits to be told of readers and clusters. */
  readonly onStart: () => void;
}

interface Waiting {
  readonly resolve: (value: Uint8Array | FleetNumbers) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: Timer;
}

interface Follower {
  readonly scope: LiveScope;
  readonly listener: (told: LiveTold) => void;
}

/**
 * The live objects as the server's thread reads them: every question goes to the fleet's thread, and the bytes of its answer
 * come back as they are. While that thread starts again, questions fail with LIVE_UNAVAILABLE; who follows is told `relist`.
 */
export class FleetLink implements LiveReader, ClaimTaker {
  /** What happened, for the store. */
  readonly timeline = new TimelineOutbox();
  readonly #options: FleetLinkOptions;
  readonly #thread: ThreadLink<FleetOrder, FleetReport>;
  /** Answers while there has never been a cluster. */
  readonly #empty: FleetStore;
  readonly #waiting = new Map<number, Waiting>();
  readonly #followers = new Map<number, Follower>();
  readonly #claims = new Map<string, EntityClaim>();
  #factListener: ((told: FactsTold) => void) | undefined;
  /** Another map where anything in it differs. */
  #namespaces: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  #position: LivePosition;
  #isStarted = false;
  readonly #restored = Promise.withResolvers<void>();
  #lastId = 0;

  constructor(options: FleetLinkOptions) {
    const { clock, log } = options;
    this.#options = options;
    this.#empty = new FleetStore({ kinds: options.kinds, epoch: clock.token(8), now: () => clock.now() });
    this.#position = this.#empty.position;
    this.#thread = new ThreadLink({
      entry: 'fleet-worker',
      name: 'fleet',
      memory: MEMORY,
      clock,
      log,
      onStart: () => this.#onStart(),
      onReport: (report) => this.#onReport(report),
      onDeath: (reason) => this.#fail(reason),
    });
  }

  /** Starts the thread, if it was not started yet. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#thread.start();
  }

  /** Resolves when clusters show as they were saved, and in a while in any case; at once where there are none. */
  async restored(): Promise<void> {
    if (!this.#isStarted) return;
    const limit = this.#options.clock.after(RESTORE_MS, this.#restored.resolve);
    await this.#restored.promise;
    limit.cancel();
  }

  /** Tells the thread something that needs no answer. */
  tell(order: FleetOrder, transfer: readonly MessagePort[] = []): void {
    this.#thread.tell(order, transfer);
  }

  get position(): LivePosition {
    return this.#position;
  }

  async clusters(scope: LiveScope, hasKinds?: boolean): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.clusters(scope);
    return this.#ask({ name: 'clusters', args: [scope, hasKinds] });
  }

  async objects(query: ObjectQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.objects(query, scope);
    return this.#ask({ name: 'objects', args: [query, scope] });
  }

  async search(query: SearchQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.search(query, scope);
    return this.#ask({ name: 'search', args: [query, scope] });
  }

  async events(query: ObjectQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.events(query, scope);
    return this.#ask({ name: 'events', args: [query, scope] });
  }

  async running(ref: string, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.running(ref, scope);
    return this.#ask({ name: 'running', args: [ref, scope] });
  }

  async verdicts(refs: readonly string[], scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.verdicts(refs, scope);
    return this.#ask({ name: 'verdicts', args: [refs, scope] });
  }

  async evacuation(question: EvacuationQuestion, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.evacuation(question, scope);
    return this.#ask({ name: 'evacuation', args: [question, scope] });
  }

  async labelled(query: LabelledQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.labelled(query, scope);
    return this.#ask({ name: 'labelled', args: [query, scope] });
  }

  async unclaimed(query: UnclaimedQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.unclaimed(query, scope);
    return this.#ask({ name: 'unclaimed', args: [query, scope] });
  }

  async missing(scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.missing(scope);
    return this.#ask({ name: 'missing', args: [scope] });
  }

  async incidents(query: IncidentsQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.answerIncidents(query, scope);
    return this.#ask({ name: 'incidents', args: [query, scope] });
  }

  async findings(query: FindingsQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.findings(query, scope);
    return this.#ask({ name: 'findings', args: [query, scope] });
  }

  async logPods(query: LogPodsQuery, scope: LiveScope): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.logPods(query, scope);
    return this.#ask({ name: 'logPods', args: [query, scope] });
  }

  async tiedEntities(query: TiedQuery): Promise<Uint8Array> {
    if (!this.#isStarted) return this.#empty.tiedEntities(query);
    return this.#ask({ name: 'tiedEntities', args: [query] });
  }

  /** Tells the thread what entities claim; one that starts again is told all. */
  changeClaims({ isWhole, put, dropped }: ClaimChange): void {
    if (isWhole) this.#claims.clear();
    for (const ref of dropped) this.#claims.delete(ref);
    for (const claim of put) this.#claims.set(claim.ref, claim);
    this.#thread.tell({ type: 'claims', change: { isWhole, put, dropped } });
  }

  onFacts(listener: (told: FactsTold) => void): () => void {
    this.#factListener = listener;
    this.#thread.tell({ type: 'facts' });
    return () => {
      if (this.#factListener === listener) this.#factListener = undefined;
    };
  }

  namespaces(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#namespaces;
  }

  follow(after: LivePosition | undefined, scope: LiveScope, listener: (told: LiveTold) => void): () => void {
    const id = ++this.#lastId;
    this.#followers.set(id, { scope, listener });
    this.#thread.tell({ type: 'follow', id, after, scope });
    return () => {
      this.#followers.delete(id);
      this.#thread.tell({ type: 'unfollow', id });
    };
  }

  /** What the thread holds and did; undefined while there is none that answers. */
  async numbers(): Promise<FleetNumbers | undefined> {
    try {
      return (await this.#send((id) => ({ type: 'numbers', id }))) as FleetNumbers;
    } catch (error) {
      if (error instanceof CallboardError && error.code === 'LIVE_UNAVAILABLE') return undefined;
      throw error;
    }
  }

  /** Lets the thread write its last snapshots, and ends it. */
  async close(): Promise<void> {
    await this.#thread.close({ type: 'close', withinMs: CLOSE_MS / 2 }, CLOSE_MS);
    this.#fail('the fleet closes');
  }

  #ask(ask: Ask): Promise<Uint8Array> {
    return this.#send((id) => ({ type: 'ask', id, ask })) as Promise<Uint8Array>;
  }

  #send(orderOf: (id: number) => FleetOrder): Promise<Uint8Array | FleetNumbers> {
    if (!this.#thread.runs) return Promise.reject(unavailable('it starts again'));
    if (this.#waiting.size >= MOST_ASKS) return Promise.reject(unavailable('too many questions wait'));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const deadline = this.#options.clock.after(ANSWER_MS, () => {
        this.#waiting.delete(id);
        reject(unavailable('it took too long'));
      });
      this.#waiting.set(id, { resolve, reject, deadline });
      this.#thread.tell(orderOf(id));
    });
  }

  #onStart(): void {
    const { kinds, folder, clock, onStart } = this.#options;
    const epoch = clock.token(8);
    this.#position = { epoch, sequence: 0 };
    this.#thread.tell({ type: 'start', settings: { kinds, folder, epoch } });
    this.#thread.tell({ type: 'claims', change: { isWhole: true, put: [...this.#claims.values()], dropped: [] } });
    if (this.#factListener !== undefined) this.#thread.tell({ type: 'facts' });
    onStart();
    for (const [id, { scope, listener }] of this.#followers) {
      this.#thread.tell({ type: 'follow', id, after: undefined, scope });
      listener({ type: 'relist', position: this.#position, reason: 'epoch' });
    }
  }

  #onReport(report: Exclude<FleetReport, LogLine>): void {
    switch (report.type) {
      case 'answer':
        this.#take(report.id)?.resolve(report.bytes);
        return;
      case 'numbers':
        this.#take(report.id)?.resolve(report.numbers);
        return;
      case 'failed':
        this.#take(report.id)?.reject(
          fleetError(report.error.code as Parameters<typeof fleetError>[0], report.error.details),
        );
        return;
      case 'told':
        this.#position = report.told.position;
        this.#followers.get(report.id)?.listener(report.told);
        return;
      case 'position':
        this.#position = report.position;
        return;
      case 'restored':
        this.#restored.resolve();
        return;
      case 'namespaces':
        this.#namespaces = withChanges(report.isWhole ? [] : this.#namespaces, report.changed);
        return;
      case 'facts':
        this.#factListener?.(report.told);
        return;
      case 'timeline':
        this.timeline.put(report.writes);
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.deadline.cancel();
    return waiting;
  }

  #fail(reason: string): void {
    this.#restored.resolve();
    for (const id of this.#waiting.keys()) this.#take(id)?.reject(unavailable(reason));
  }
}

function withChanges(
  known: Iterable<readonly [string, ReadonlySet<string>]>,
  changed: readonly (readonly [string, readonly string[] | undefined])[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const namespaces = new Map(known);
  for (const [cluster, names] of changed) {
    if (names === undefined) namespaces.delete(cluster);
    else namespaces.set(cluster, new Set(names));
  }
  return namespaces;
}

function unavailable(reason: string): Error {
  return fleetError('LIVE_UNAVAILABLE', { reason });
}
