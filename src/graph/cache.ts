import { sameJson } from '../base/canonical-json.ts';
import { DigestSum, type Hash64 } from '../base/digest.ts';
import { forEachId, idsOf } from '../base/postings.ts';
import { type Change, type ChangeType, factKey, type StoredEntity } from '../model/change.ts';
import type { LocationState } from '../model/location.ts';
import type { FieldPath } from '../model/predicate.ts';
import type { Problem } from '../model/problem.ts';
import { type PresentRecord, recordDigest } from '../store/digest.ts';
import { Dictionary } from './dictionary.ts';
import { EntityStatuses } from './entity-status.ts';
import { FactIndex, type FactPlace } from './fact-index.ts';
import { Freshness, type SourceKey, volatileSource } from './freshness.ts';
import type { CacheImage } from './image.ts';
import { NodeTable } from './node-table.ts';
import { RelationIndex } from './relation-index.ts';
import type { StagedChange } from './staging.ts';
import { Subjects } from './subject.ts';
import { flavour, type Term } from './term.ts';
import { part, TouchLog, type Touched } from './touch-log.ts';
import { noteFact, type Undo, UndoList } from './undo.ts';
import type { VolatileFact } from './view.ts';

/** What one step did to the cache. */
export interface Step {
  readonly revision: number;
  readonly touched: Touched;
  /** True when problems, locations or leases changed. */
  readonly sources: boolean;
  /** How to see the entities as they were before a transaction; absent where the step is not of the log. */
  readonly undo: UndoList | undefined;
  /** Nodes of which facts changed without the log: volatile values, and leases that began or ended. */
  readonly unlogged: ReadonlySet<number>;
}

const UID_PATH: FieldPath = ['metadata', 'uid'];
const LOCATION_PATH: FieldPath = ['metadata', 'annotations', 'backstage.io/managed-by-location'];
const ORIGIN_PATH: FieldPath = ['metadata', 'annotations', 'backstage.io/managed-by-origin-location'];

const changeTypes: readonly ChangeType[] = ['entity', 'fact', 'lease', 'problem', 'location'];

/**
 * The catalog in memory at one revision: the records and every index over them. It changes only by `apply`,
 * `setVolatileFacts` and `advance`, each of which is one step: readers never see half of one.
 */
export class Cache {
  readonly dictionary = new Dictionary();
  readonly nodes = new NodeTable();
  readonly relations: RelationIndex;
  readonly facts: FactIndex;
  readonly freshness = new Freshness();
  readonly subjects: Subjects;
  readonly touches = new TouchLog();
  readonly problems = new Map<string, Problem>();
  readonly locations = new Map<string, LocationState>();
  readonly statuses = new EntityStatuses((location) => this.locations.get(location)?.parentEntity);
  readonly #digests: Readonly<Record<ChangeType, DigestSum>>;
  /** Entities whose body is not JSON: they are not shown, but the store has them. */
  readonly #unreadable = new Map<string, StoredEntity>();
  #revision = 0;
  #touched = new Map<number, number>();
  #unlogged = new Set<number>();
  #sources = false;
  #undo: UndoList | undefined;
  #isFirst = false;

  constructor() {
    this.relations = new RelationIndex(this.nodes, (source, type, target, added) => {
      this.#touch(source, part.relations)?.edges.push({ type, target: this.nodes.refOf(target), added });
    });
    this.facts = new FactIndex(this.dictionary, this.nodes);
    this.subjects = new Subjects(this.nodes, this.relations, this.facts, this.freshness);
    this.#digests = {
      entity: new DigestSum(),
      fact: new DigestSum(),
      lease: new DigestSum(),
      problem: new DigestSum(),
      location: new DigestSum(),
    };
  }

  get revision(): number {
    return this.#revision;
  }

  /** All stored records, as the changes that would put them. */
  *records(): IterableIterator<Change> {
    for (const value of this.nodes.allStored()) yield { type: 'entity', key: value.ref, value };
    yield* this.otherRecords();
  }

  /** All records but the entities that are shown. */
  *otherRecords(): IterableIterator<Change> {
    for (const value of this.#unreadable.values()) yield { type: 'entity', key: value.ref, value };
    for (const value of this.facts.allStored()) yield { type: 'fact', key: factKey(value), value };
    for (const [key, value] of this.freshness.leases) yield { type: 'lease', key, value };
    for (const [key, value] of this.problems) yield { type: 'problem', key, value };
    for (const [key, value] of this.locations) yield { type: 'location', key, value };
  }

  /** The number of an entity by its uid, which stands in its document. */
  idOfUid(uid: string): number | undefined {
    const ids = this.dictionary.find(UID_PATH)?.column(flavour.scalar)?.terms.get(uid)?.ids;
    return ids === undefined ? undefined : idsOf(ids)[0];
  }

  /** All terms of an entity, of its declaration and of its facts. */
  *termsOf(id: number): IterableIterator<Term> {
    yield* this.nodes.terms(id);
    yield* this.facts.termsOf(id);
  }

  /** The digests of the stored records, as `Store.digest` gives them. */
  digests(): Record<ChangeType, string> {
    return Object.fromEntries(changeTypes.map((type) => [type, this.#digests[type].toString()])) as Record<
      ChangeType,
      string
    >;
  }

  /** Takes the entities of an image into an empty cache; `apply` must follow with its other records. */
  load(image: CacheImage): void {
    this.dictionary.load(image.columns());
    this.nodes.load(image.nodes, (numbers) => this.dictionary.loadedTerms(numbers));
    this.relations.load(image.relations);
    this.#digests.entity.addSum(image.header.entityDigest);
  }

  /**
   * Lets go of what an image of this revision says as well, and reads it there from now on: a third of the memory, and
   * nothing that anybody notices. Numbers of nodes stay. Nothing may be staged.
   */
  adopt(image: CacheImage): void {
    this.dictionary.load(image.columns());
    this.nodes.adopt(image.nodes, (numbers) => this.dictionary.loadedTerms(numbers));
    this.relations.load(image.relations);
    this.subjects.clear();
  }

  /**
   * Applies the changes of one transaction.
   * @param options `now` in ms since the epoch; `undo: false` where watches cannot go on from here; `first` while the
   *   cache is being filled, when nothing is derived from it yet and nothing need be told
   */
  apply(
    revision: number,
    changes: readonly StagedChange[],
    options: { readonly now: number; readonly undo: boolean; readonly first?: boolean },
  ): Step {
    this.#undo = options.undo ? new UndoList((id) => this.nodes.refOf(id)) : undefined;
    this.#isFirst = options.first ?? false;
    for (const staged of changes) this.#applyChange(staged, options.now);
    this.facts.reindex();
    for (const staged of changes) this.dictionary.unpin(staged.terms);
    this.#revision = revision;
    return this.#endStep();
  }

  /** Sets volatile facts of one collector x source, and until when they hold. */
  setVolatileFacts(key: SourceKey, expiresAt: number, facts: readonly VolatileFact[], now: number): Step {
    for (const { entityRef, path, value, error } of facts) {
      const at = { entityRef, collector: key.collector, path };
      const before = this.facts.get('volatile', at);
      const isSame =
        before?.error === error && (before === undefined ? value === undefined : sameJson(before.value, value));
      if (isSame && (before === undefined || before.source === key.source)) continue;
      const said = error === undefined ? undefined : { error };
      const fact = value === undefined ? undefined : { ...at, value, ...said, source: key.source, observedAt: now };
      const id = this.facts.set('volatile', at, fact);
      if (id !== undefined) this.#touchUnlogged(id);
    }
    this.facts.reindex();
    const own = { collector: key.collector, source: volatileSource(key.source) };
    if (this.freshness.setVolatile(key, expiresAt, now)) {
      this.#touchHolders(own);
      this.#sources = true;
    }
    return this.#endStep();
  }

  /** Lets leases end that end until `now`. @returns the step, where one ended */
  advance(now: number): Step | undefined {
    const ended = this.freshness.advance(now);
    if (ended.length === 0) return undefined;
    for (const key of ended) this.#touchHolders(key);
    return this.#endStep();
  }

  #applyChange(staged: StagedChange, now: number): void {
    const { change } = staged;
    this.#updateDigest(staged);
    switch (change.type) {
      case 'entity':
        if (staged.entity !== undefined || change.value === null) this.#unreadable.delete(change.key);
        else this.#unreadable.set(change.key, change.value);
        this.#applyEntity(change.key, (staged.entity && change.value) ?? undefined, staged);
        break;
      case 'fact':
        this.#applyFact(change);
        break;
      case 'lease': {
        const key = change.value ?? this.freshness.leases.get(change.key);
        if (key && this.freshness.setLease(key, change.value ?? undefined, now)) this.#touchHolders(key);
        this.#sources = true;
        break;
      }
      case 'problem':
        setOrDelete(this.problems, change.key, change.value);
        this.#touchAll(this.statuses.set(change.key, change.value ?? undefined));
        this.#sources = true;
        break;
      case 'location': {
        const before = this.locations.get(change.key)?.parentEntity;
        setOrDelete(this.locations, change.key, change.value);
        this.#touchAll(this.statuses.moved(change.key, before));
        this.#sources = true;
        break;
      }
    }
  }

  #applyEntity(ref: string, stored: StoredEntity | undefined, staged: StagedChange): void {
    const known = this.nodes.idOf(ref);
    const before = known === undefined ? undefined : this.nodes.stored(known);
    if (before === undefined && stored === undefined) return;
    const id = this.nodes.hold(ref);
    const undo = this.#touch(id, part.entity);
    if (undo) undo.entity ??= { stored: this.nodes.detached(id) };
    if (before) this.subjects.forget(before);
    this.dictionary.replace(id, this.nodes.terms(id), staged.terms);
    this.relations.declare(id, staged.edges);
    const kept = stored && this.#sharingTexts(id, stored);
    this.nodes.setStored(id, kept, staged.terms);
    // Whoever follows the graph looks at what has just changed.
    if (kept && staged.entity && !this.#isFirst) this.subjects.remember(kept, staged.entity);
    // An entity holds its node; the hold taken above stays where it is new.
    if (before) this.nodes.release(id);
    if (!stored) this.nodes.release(id);
    if (!this.#isFirst && (before === undefined) !== (stored === undefined)) {
      this.relations.forEachEdge(id, (_type, target) => this.#touch(target, part.relations));
    }
  }

  /** The record with the texts that the index has too, so that they are in memory once. */
  #sharingTexts(id: number, stored: StoredEntity): StoredEntity {
    const location = this.#indexed(LOCATION_PATH, stored.location);
    const source = this.#indexed(ORIGIN_PATH, stored.source);
    return { ...stored, ref: this.nodes.refOf(id), uid: this.#indexed(UID_PATH, stored.uid), location, source };
  }

  #indexed(path: FieldPath, text: string): string {
    const known = this.dictionary.find(path)?.column(flavour.scalar)?.terms.get(text)?.value;
    return typeof known === 'string' ? known : text;
  }

  #applyFact(change: Extract<Change, { type: 'fact' }>): void {
    const at = change.value ?? factKeyParts(change.key);
    if (at === undefined) return;
    const before = this.facts.get('stored', at);
    const id = this.facts.set('stored', at, change.value ?? undefined);
    if (id === undefined) return;
    const undo = this.#touch(id, part.facts);
    if (undo) noteFact(undo, { collector: at.collector, path: at.path, before });
  }

  #updateDigest({ change, digest }: StagedChange): void {
    const sum = this.#digests[change.type];
    const before = this.#digestOf(change.type, change.key);
    if (before) sum.remove(before);
    if (digest) sum.add(digest);
  }

  /** The digest of a record as it is now. */
  #digestOf(type: ChangeType, key: string): Hash64 | undefined {
    const value = this.#value(type, key);
    return value && recordDigest({ type, key, value } as PresentRecord);
  }

  #value(type: ChangeType, key: string): PresentRecord['value'] | undefined {
    switch (type) {
      case 'entity': {
        const id = this.nodes.idOf(key);
        return (id === undefined ? undefined : this.nodes.stored(id)) ?? this.#unreadable.get(key);
      }
      case 'fact': {
        const at = factKeyParts(key);
        return at && this.facts.get('stored', at);
      }
      case 'lease':
        return this.freshness.leases.get(key);
      case 'problem':
        return this.problems.get(key);
      case 'location':
        return this.locations.get(key);
    }
  }

  /** @returns where to note how it was, if that is kept */
  #touch(id: number, parts: number): Undo | undefined {
    if (this.#isFirst) return undefined;
    if (this.#undo) return this.#undo.touch(id, parts);
    this.#touched.set(id, (this.#touched.get(id) ?? 0) | parts);
    return undefined;
  }

  /** Entities whose status changed, and so what is shown of them. */
  #touchAll(refs: readonly string[]): void {
    for (const ref of refs) {
      const id = this.nodes.idOf(ref);
      if (id !== undefined && this.nodes.existing.has(id)) this.#touch(id, part.entity);
    }
  }

  #touchUnlogged(id: number): void {
    this.#unlogged.add(id);
  }

  #touchHolders(key: SourceKey): void {
    this.facts.forEachHolder(key, (ids) => forEachId(ids, (id) => this.#touchUnlogged(id)));
  }

  #endStep(): Step {
    const touched = this.#undo?.touched() ?? this.#touched;
    for (const id of this.#unlogged) touched.set(id, (touched.get(id) ?? 0) | part.facts);
    const step = {
      revision: this.#revision,
      touched,
      sources: this.#sources,
      undo: this.#undo,
      unlogged: this.#unlogged,
    };
    this.touches.note(step.touched);
    this.#touched = new Map();
    this.#unlogged = new Set();
    this.#sources = false;
    this.#undo = undefined;
    this.#isFirst = false;
    return step;
  }
}

/** The parts of `entityRef|collector|path`; only the path may hold a bar. */
function factKeyParts(key: string): FactPlace | undefined {
  const first = key.indexOf('|');
  const second = key.indexOf('|', first + 1);
  if (first === -1 || second === -1) return undefined;
  return { entityRef: key.slice(0, first), collector: key.slice(first + 1, second), path: key.slice(second + 1) };
}

function setOrDelete<Value>(map: Map<string, Value>, key: string, value: Value | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
