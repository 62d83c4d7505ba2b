import type { ClaimChange } from '../live/claim.ts';
import type { LabelledQuery } from '../live/labelled.ts';
import type { FindingsQuery } from '../live/findings.ts';
import type { IncidentsQuery } from '../live/incidents.ts';
import type { EvacuationQuestion } from '../live/evacuation.ts';
import type { LiveKind } from '../live/live-kind.ts';
import type { LogPodsQuery } from '../live/log-pods.ts';
import type { TiedQuery } from '../live/tied-entities.ts';
import type {
  LiveChange,
  LivePosition,
  LiveScope,
  LiveTold,
  ObjectQuery,
  SearchQuery,
  UnclaimedQuery,
} from '../live/live-reader.ts';
import type { Batch } from './batch.ts';
import { ChangeRing } from './change-ring.ts';
import { answerClusters } from './cluster-answer.ts';
import { ClusterCounts } from './cluster-counts.ts';
import type { ClusterFace } from './cluster-face.ts';
import { type Layout, layoutOf } from './columns.ts';
import { answerEvents, answerObjects, answerSearch } from './fleet-answers.ts';
import { evacuationAnswer } from './evacuation/evacuation-answer.ts';
import { findingsAnswer } from './findings/findings-answer.ts';
import { FindingsBook } from './findings/findings-book.ts';
import { IncidentBook } from './incidents/incident-book.ts';
import { incidentsAnswer } from './incidents/incidents-answer.ts';
import { HeldCluster } from './held-cluster.ts';
import type { KindNews } from './held-kind.ts';
import { Intake } from './intake.ts';
import { labelledAnswer } from './labelled/labelled-answer.ts';
import { matchedHoldings, type MatchedHoldings } from './matching/matched-holdings.ts';
import { logPodsAnswer } from './logs/pods-answer.ts';
import { tiedEntitiesAnswer } from './running/tied-entities.ts';
import { runningAnswer, verdictsAnswer } from './running/running-answer.ts';
import { type ClusterSnapshot, shardsOf, takeSnapshot } from './snapshot.ts';
import { Chronicle } from './timeline/chronicle.ts';
import { WordsSweeper } from './words-sweep.ts';
import { missingAnswer } from './unclaimed/missing-answer.ts';
import { unclaimedAnswer } from './unclaimed/unclaimed-answer.ts';
import { FactRounds } from './facts/fact-rounds.ts';
import { type FleetStoreNumbers, heldNumbers } from './fleet-numbers.ts';

/** What a store is made with. */
export interface FleetStoreOptions {
  readonly kinds: readonly LiveKind[];
  readonly epoch: string;
  /** ms since 1970 */
  readonly now: () => number;
}

/**
 * All live objects of the fleet, in the memory of one thread. Nothing here waits or does I/O: batches of readers are taken in, and
 * questions are answered with finished bytes.
 */
export class FleetStore {
  /** What happened, for the timeline. */
  readonly chronicle: Chronicle;
  readonly #now: () => number;
  readonly #layouts: ReadonlyMap<string, Layout>;
  readonly #clusters = new Map<string, HeldCluster>();
  readonly #intake: Intake;
  readonly #holdings: MatchedHoldings;
  readonly #counts: ClusterCounts;
  readonly #findings: FindingsBook;
  /** What fails together, for who looks and keeps it. */
  readonly incidents: IncidentBook;
  /** What is to be said of entities, for who tells it on. */
  readonly facts: FactRounds;
  readonly #ring: ChangeRing;
  readonly #sweeper: WordsSweeper;
  readonly #namespaceListeners = new Set<(clusters: readonly string[]) => void>();

  constructor({ kinds, epoch, now }: FleetStoreOptions) {
    this.#now = now;
    this.#layouts = new Map(kinds.map((kind) => [kind.id, layoutOf(kind)]));
    this.#holdings = matchedHoldings(this.#clusters, this.#layouts);
    const { words, pairs } = this.#holdings;
    this.#counts = new ClusterCounts(words);
    this.#sweeper = new WordsSweeper(this.#clusters, words, pairs);
    this.#findings = new FindingsBook(this.#holdings, now);
    this.incidents = new IncidentBook(this.#holdings, this.#findings, now);
    this.chronicle = new Chronicle(this.#holdings, now);
    this.#intake = new Intake(this.#holdings, (kind) => this.chronicle.witnessOf(kind));
    this.facts = new FactRounds(this.#holdings, now);
    this.#ring = new ChangeRing(epoch);
  }

  get position(): LivePosition {
    return this.#ring.position;
  }

  /** A cluster came, has another face, or is connected to anew: what is held of it stays, unconfirmed, if its server is the same. */
  putCluster(face: ClusterFace): void {
    const known = this.#clusters.get(face.name);
    if (known !== undefined && known.face.server !== face.server) this.dropCluster(face.name);
    const cluster = this.#clusters.get(face.name);
    if (cluster === undefined) {
      this.#clusters.set(
        face.name,
        new HeldCluster(this.#freeNumber(), face, [...this.#layouts.values()], this.#now()),
      );
    } else {
      const isAnew = cluster.face.generation !== face.generation;
      cluster.face = face;
      if (isAnew) for (const kind of cluster.kinds.values()) kind.unconfirm(this.#now());
      cluster.review(this.#now());
    }
    this.#otherPlaces();
    this.#ring.add([], [face.name]);
  }

  /** A cluster is not read any more: all that was held of it is gone. */
  dropCluster(name: string): void {
    const cluster = this.#clusters.get(name);
    if (cluster === undefined) return;
    const changes: LiveChange[] = [];
    for (const kind of cluster.kinds.values()) this.#intake.empty(cluster, kind, changes);
    this.#clusters.delete(name);
    this.#otherPlaces();
    this.#intake.otherNamespaces.add(name);
    this.#ring.add(changes, [name]);
    this.#tellNamespaces();
  }

  /** A cluster answered, and says what it is. Another identity is another cluster: what was held is gone. */
  setConnection(
    name: string,
    generation: number,
    { version, identity }: { readonly version?: string | undefined; readonly identity?: string | undefined },
  ): void {
    const cluster = this.#current(name, generation);
    if (cluster === undefined) return;
    const changes: LiveChange[] = [];
    const isOther = cluster.identity !== undefined && identity !== undefined && cluster.identity !== identity;
    if (isOther) for (const kind of cluster.kinds.values()) this.#intake.empty(cluster, kind, changes);
    const isNews = isOther || (version !== undefined && cluster.version !== version);
    cluster.version = version ?? cluster.version;
    cluster.identity = identity ?? cluster.identity;
    if (!isNews) return;
    cluster.review(this.#now());
    this.#ring.add(changes, [name]);
    this.#tellNamespaces();
  }

  /** How a kind of a cluster is read. What is absent is not held. */
  setKindState(name: string, generation: number, kindId: string, news: KindNews): void {
    const cluster = this.#current(name, generation);
    const kind = cluster?.kinds.get(kindId);
    if (cluster === undefined || kind === undefined) return;
    const changes: LiveChange[] = [];
    if (news.state === 'absent') this.#intake.empty(cluster, kind, changes);
    const isNews = kind.tell(news);
    cluster.review(news.at);
    if (isNews || changes.length > 0) this.#ring.add(changes, [name]);
    this.#tellNamespaces();
  }

  /**
   * Watches live: what is held of these kinds (default: of all that are ok) was so at this time, ms since 1970. It says nothing of
   * kinds that are polled.
   */
  confirm(name: string, generation: number, at: number, kinds?: readonly string[]): void {
    const cluster = this.#current(name, generation);
    if (cluster === undefined) return;
    const ids = kinds ?? [...cluster.kinds.keys()];
    let isNews = false;
    for (const id of ids) {
      const kind = cluster.kinds.get(id);
      if (kind?.isWatched === true) isNews = kind.confirm(at) || isNews;
    }
    cluster.review(at);
    if (isNews) this.#ring.add([], [name]);
  }

  /**
   * Looks for what nothing confirms any more, and forgets a part of the words that nothing holds. To be called every second or
   * so: it takes about a millisecond.
   */
  tick(): void {
    this.#sweeper.step(this.position.sequence);
    const now = this.#now();
    for (const cluster of this.#clusters.values()) {
      let isNews = false;
      for (const kind of cluster.kinds.values()) isNews = kind.tick(now) || isNews;
      if (!isNews) continue;
      cluster.review(now);
      this.#ring.add([], [cluster.name]);
    }
  }

  /** Signs for searches what came and changed. @param isOver whether the time for it is over */
  sign(isOver: () => boolean): void {
    this.#holdings.rowSignatures.renew(this.#clusters.values(), isOver);
  }

  /** Takes rows in. Those of an earlier connection and those that do not fit their kind are dropped and counted. */
  apply(batch: Batch): void {
    const cluster = this.#current(batch.cluster, batch.generation);
    const kind = cluster?.kinds.get(batch.kind);
    if (cluster === undefined || kind === undefined) {
      this.#intake.droppedRows += batch.rows;
      return;
    }
    const changes: LiveChange[] = [];
    const isKnown = this.#intake.take(cluster, kind, batch, changes);
    if (!isKnown) {
      if (changes.length > 0) this.#ring.add(changes, []);
    } else {
      kind.resourceVersion = batch.resourceVersion ?? kind.resourceVersion;
      const isNews = kind.confirm(batch.receivedAt);
      if (isNews) cluster.review(batch.receivedAt);
      if (isNews || changes.length > 0) this.#ring.add(changes, isNews ? [cluster.name] : []);
    }
    this.#tellNamespaces();
  }

  /** resourceVersions by id of kind of what is held of a cluster, from which reading may go on. */
  resourceVersions(name: string): Readonly<Record<string, string>> {
    const versions: Record<string, string> = {};
    for (const [id, { resourceVersion }] of this.#clusters.get(name)?.kinds ?? []) {
      if (resourceVersion !== undefined) versions[id] = resourceVersion;
    }
    return versions;
  }

  /** Takes up what entities claim. */
  changeClaims(change: ClaimChange): void {
    this.#holdings.matches.change(change);
    this.facts.claimsChanged();
  }

  /** A copy of all that is held of a cluster; undefined: nobody knows it. */
  snapshot(name: string): ClusterSnapshot | undefined {
    const cluster = this.#clusters.get(name);
    return cluster === undefined ? undefined : takeSnapshot(cluster, this.#holdings, this.#now());
  }

  /**
   * Shows a cluster as it was saved, until its kinds are confirmed or listed anew. Kinds of which something is held stay as they are.
   *
   * @returns resourceVersions by id of kind, as `resourceVersions`
   */
  restore(name: string, snapshot: ClusterSnapshot): Readonly<Record<string, string>> {
    const cluster = this.#clusters.get(name);
    if (cluster === undefined) return {};
    for (const [id, { shard, asOf, resourceVersion }] of shardsOf(snapshot, this.#holdings, cluster.number)) {
      const kind = cluster.kinds.get(id);
      if (kind === undefined || kind.asOf !== undefined) continue;
      Object.assign(kind, { shard, resourceVersion });
      kind.restored(asOf, this.#now());
      for (let row = 0; row < shard.end; row += 1) this.#intake.countNamespace(cluster, kind, shard, row, 1);
    }
    this.#otherPlaces();
    cluster.changes += 1;
    cluster.version ??= snapshot.version;
    cluster.identity ??= snapshot.identity;
    cluster.review(this.#now());
    this.#ring.addMany();
    this.#tellNamespaces();
    return this.resourceVersions(name);
  }

  /** As `LiveReader.clusters`. */
  clusters(scope: LiveScope, hasKinds?: boolean): Uint8Array {
    return answerClusters(this.#holdings, this.#counts, { scope, hasKinds }, this.position);
  }

  /** As `LiveReader.objects`. @throws LIVE_QUERY_INVALID */
  objects(query: ObjectQuery, scope: LiveScope): Uint8Array {
    return answerObjects(this.#holdings, query, scope, this.position);
  }

  /** As `LiveReader.events`. @throws LIVE_QUERY_INVALID */
  events(query: ObjectQuery, scope: LiveScope): Uint8Array {
    return answerEvents(this.#holdings, query, scope, this.position);
  }

  /** As `LiveReader.search`. @throws LIVE_QUERY_INVALID */
  search(query: SearchQuery, scope: LiveScope): Uint8Array {
    return answerSearch(this.#holdings, query, scope, this.position);
  }

  /** As `LiveReader.running`. @throws LIVE_QUERY_INVALID */
  running(ref: string, scope: LiveScope): Uint8Array {
    return runningAnswer(this.#holdings, ref, scope, this.position);
  }

  /** As `LiveReader.verdicts`. */
  verdicts(refs: readonly string[], scope: LiveScope): Uint8Array {
    return verdictsAnswer(this.#holdings, refs, scope, this.position);
  }

  /** As `LiveReader.evacuation`. @throws LIVE_QUERY_INVALID */
  evacuation(question: EvacuationQuestion, scope: LiveScope): Uint8Array {
    return evacuationAnswer(this.#holdings, question, scope, this.position);
  }

  /** As `LiveReader.labelled`. @throws LIVE_QUERY_INVALID */
  labelled(query: LabelledQuery, scope: LiveScope): Uint8Array {
    return labelledAnswer(this.#holdings, query, scope);
  }

  /** As `LiveReader.unclaimed`. */
  unclaimed(query: UnclaimedQuery, scope: LiveScope): Uint8Array {
    return unclaimedAnswer(this.#holdings, query, scope, this.position);
  }

  /** As `LiveReader.missing`. */
  missing(scope: LiveScope): Uint8Array {
    return missingAnswer(this.#holdings, scope, this.position);
  }

  /** As `LiveReader.incidents`. */
  answerIncidents(query: IncidentsQuery, scope: LiveScope): Uint8Array {
    return incidentsAnswer(this.#holdings, this.incidents, query, scope, this.position);
  }

  /** As `LiveReader.findings`. @throws LIVE_QUERY_INVALID */
  findings(query: FindingsQuery, scope: LiveScope): Uint8Array {
    return findingsAnswer(this.#holdings, this.#findings, query, scope, this.position);
  }

  /** As `LiveReader.logPods`. */
  logPods(query: LogPodsQuery, scope: LiveScope): Uint8Array {
    return logPodsAnswer(this.#holdings, query, scope);
  }

  /** As `LiveReader.tiedEntities`. */
  tiedEntities(query: TiedQuery): Uint8Array {
    return tiedEntitiesAnswer(this.#holdings, query);
  }

  /** As `LiveReader.follow`. */
  follow(after: LivePosition | undefined, scope: LiveScope, listener: (told: LiveTold) => void): () => void {
    return this.#ring.follow(after, scope, listener);
  }

  /** Namespaces by cluster. */
  namespaces(): Map<string, Set<string>> {
    return new Map([...this.#clusters.keys()].map((name) => [name, this.namespacesOf(name)]));
  }

  /** Namespaces of a cluster; none of one that nobody knows. */
  namespacesOf(name: string): Set<string> {
    const words = this.#clusters.get(name)?.namespaces.keys() ?? [];
    return new Set(Array.from(words, (word) => this.#holdings.words.text(word)));
  }

  /** Calls with the names of clusters whose namespaces are others than before. @returns how to stop */
  onNamespaces(listener: (clusters: readonly string[]) => void): () => void {
    this.#namespaceListeners.add(listener);
    return () => void this.#namespaceListeners.delete(listener);
  }

  /** What it holds and did. */
  stats(): FleetStoreNumbers {
    const { objects, states, bytes } = heldNumbers(this.#clusters.values());
    const { sequence } = this.position;
    const { words, pairs } = this.#holdings;
    const { droppedRows } = this.#intake;
    return {
      objects,
      states,
      bytes: bytes + words.byteLength,
      words: words.size,
      pairSets: pairs.size,
      sequence,
      droppedRows,
    };
  }

  /** The least number that no cluster has. */
  #freeNumber(): number {
    const taken = new Set(Array.from(this.#clusters.values(), ({ number }) => number));
    let free = 0;
    while (taken.has(free)) free += 1;
    return free;
  }

  #otherPlaces(): void {
    this.#holdings.turn.number += 1;
    this.#holdings.turn.places += 1;
  }

  #current(name: string, generation: number): HeldCluster | undefined {
    const cluster = this.#clusters.get(name);
    return cluster?.face.generation === generation ? cluster : undefined;
  }

  #tellNamespaces(): void {
    if (this.#intake.otherNamespaces.size === 0) return;
    const clusters = [...this.#intake.otherNamespaces];
    this.#intake.otherNamespaces.clear();
    for (const listener of this.#namespaceListeners) listener(clusters);
  }
}
