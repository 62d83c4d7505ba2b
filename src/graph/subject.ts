import { forEachId, type IdSet, NO_IDS } from '../base/postings.ts';
import type { StoredEntity } from '../model/change.ts';
import type { Entity } from '../model/entity.ts';
import type { Subject, SubjectFact } from '../model/predicate.ts';
import type { FactIndex } from './fact-index.ts';
import type { Freshness } from './freshness.ts';
import type { NodeTable } from './node-table.ts';
import type { RelationIndex } from './relation-index.ts';

type Facts = Subject['facts'];

/** An entity as expressions see it. The document is parsed when it is first read; it never changes. */
export class EntitySubject implements Subject {
  readonly ref: string;
  readonly relations: Subject['relations'];
  readonly facts: Facts;
  readonly #read: () => Entity;

  constructor(ref: string, read: () => Entity, relations: Subject['relations'], facts: Facts) {
    this.ref = ref;
    this.relations = relations;
    this.facts = facts;
    this.#read = read;
  }

  get entity(): Entity {
    return this.#read();
  }
}

/**
 * An entity as expressions see it, read from the indexes only where they look: for evaluations that end before the
 * cache changes. Most conditions read one field of many entities.
 */
class PassingSubject implements Subject {
  readonly ref: string;
  readonly #id: number;
  readonly #subjects: Subjects;
  readonly #stored: StoredEntity | undefined;
  readonly #shows: ShowsTarget | undefined;
  #relations: Subject['relations'] | undefined;
  #facts: Facts | undefined;

  constructor(
    subjects: Subjects,
    id: number,
    node: { ref: string; stored: StoredEntity | undefined },
    shows?: ShowsTarget,
  ) {
    this.ref = node.ref;
    this.#id = id;
    this.#subjects = subjects;
    this.#stored = node.stored;
    this.#shows = shows;
  }

  get entity(): Entity {
    return this.#subjects.document(this.#stored);
  }

  get relations(): Subject['relations'] {
    return (this.#relations ??= this.#subjects.relationsOf(this.#id, this.#shows));
  }

  get facts(): Facts {
    return (this.#facts ??= this.#subjects.factsOf(this.#id));
  }
}

/** Says whether an edge to a node may show. */
export type ShowsTarget = (target: number) => boolean;

/** Parsed documents kept for the next evaluation; about 5 kB each, and little time to make again. */
const KEPT_DOCUMENTS = 2_000;

/** Makes subjects from the state of the cache. */
export class Subjects {
  readonly #nodes: NodeTable;
  readonly #relations: RelationIndex;
  readonly #facts: FactIndex;
  readonly #freshness: Freshness;
  readonly #documents = new Map<StoredEntity, Entity>();

  constructor(nodes: NodeTable, relations: RelationIndex, facts: FactIndex, freshness: Freshness) {
    this.#nodes = nodes;
    this.#relations = relations;
    this.#facts = facts;
    this.#freshness = freshness;
  }

  /** The subject of an existing entity. Relations and facts are copied now: a subject is one moment. */
  of(id: number, shows?: ShowsTarget): Subject {
    const stored = this.#nodes.stored(id);
    const read = (): Entity => this.document(stored);
    return new EntitySubject(this.#nodes.refOf(id), read, this.relationsOf(id, shows), this.factsOf(id));
  }

  /** The same for an evaluation that ends before the cache changes. */
  passing(id: number, shows?: ShowsTarget): Subject {
    return new PassingSubject(this, id, { ref: this.#nodes.refOf(id), stored: this.#nodes.stored(id) }, shows);
  }

  /** The parsed declaration of an entity. */
  document(stored: StoredEntity | undefined): Entity {
    if (stored === undefined) throw new Error('a subject needs an entity');
    let entity = this.#documents.get(stored);
    if (entity === undefined) {
      entity = JSON.parse(stored.body) as Entity;
      this.remember(stored, entity);
    }
    return entity;
  }

  /** Keeps the parsed declaration of an entity for whoever asks for it soon. */
  remember(stored: StoredEntity, entity: Entity): void {
    this.#documents.set(stored, entity);
    if (this.#documents.size > KEPT_DOCUMENTS) this.#dropOldest();
  }

  /** Drops all parsed declarations. */
  clear(): void {
    this.#documents.clear();
  }

  /** Drops the parsed declaration of an entity that is no more. */
  forget(stored: StoredEntity): void {
    this.#documents.delete(stored);
  }

  /** Target refs by type, sorted; only edges that show. */
  relationsOf(id: number, shows?: ShowsTarget): Record<string, readonly string[]> {
    const byType: Record<string, readonly string[]> = {};
    for (const type of this.#relations.types.values()) {
      const targets = type.targetsOf(id);
      if (targets === NO_IDS) continue;
      const refs = this.#refs(targets, shows);
      if (refs.length > 0) byType[type.name] = refs;
    }
    return byType;
  }

  /** Facts by collector and path, each with whether it is known now. */
  factsOf(id: number): Facts {
    const byCollector = new Map<string, [string, SubjectFact][]>();
    for (const { fact, source } of this.#facts.factsOf(id)) {
      const unknown = fact.error !== undefined || this.#freshness.isStale(fact.collector, source);
      const entry: [string, SubjectFact] = [fact.path, { value: fact.value, unknown }];
      const entries = byCollector.get(fact.collector);
      if (entries) entries.push(entry);
      else byCollector.set(fact.collector, [entry]);
    }
    // Own properties whatever their name: a path may be `__proto__`.
    return Object.fromEntries(Array.from(byCollector, ([name, entries]) => [name, Object.fromEntries(entries)]));
  }

  #refs(targets: IdSet, shows?: ShowsTarget): string[] {
    const refs: string[] = [];
    forEachId(targets, (target) => {
      if (shows === undefined || shows(target)) refs.push(this.#nodes.refOf(target));
    });
    return refs.sort();
  }

  #dropOldest(): void {
    for (const stored of this.#documents.keys()) {
      this.#documents.delete(stored);
      if (this.#documents.size <= KEPT_DOCUMENTS * 0.9) break;
    }
  }
}
