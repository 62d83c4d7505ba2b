import type { StoredEntity } from '../model/change.ts';
import type { Subject, SubjectFact } from '../model/predicate.ts';
import type { History, PastChange } from './history.ts';
import { testSubject } from './predicate-test.ts';
import { readsFacts } from './predicate-text.ts';
import type { Queries } from './queries.ts';
import { EntitySubject } from './subject.ts';
import { part } from './touch-log.ts';
import type { EdgeChange, FactUndo } from './undo.ts';
import type { MatchChange } from './watcher.ts';
import type { WatchGroup } from './watch-group.ts';

/**
 * Works out what a watcher missed since a revision: each entity that changed is rebuilt as it was then and put to the
 * same tests as it is put to now, so that the watcher learns of exactly what entered, changed in, or left its set.
 *
 * @param group the watched set, up to date
 * @returns undefined when that can no longer be told
 */
export function missedSince(
  queries: Queries,
  history: History,
  group: WatchGroup,
  after: number,
): readonly MatchChange[] | undefined {
  if (after < history.floor) return undefined;
  if (history.hasUnloggedSince(after) && dependsOnFacts(group)) return undefined;
  const past = new Past(queries, group, history.since(after));
  const changes = new Map<string, MatchChange>();
  for (const change of past.changes.values()) past.compare(change, changes);
  past.addNeighbours(changes);
  for (const id of history.unloggedSince(after)) {
    const ref = queries.cache.nodes.refOf(id);
    if (!group.has(id)) continue;
    const known = changes.get(ref);
    changes.set(ref, { ref, before: known?.before ?? true, after: true, parts: (known?.parts ?? 0) | part.facts });
  }
  return [...changes.values()];
}

function dependsOnFacts(group: WatchGroup): boolean {
  return readsFacts(group.where) || (group.visibility.kind === 'filter' && readsFacts(group.visibility.predicate));
}

/** The entities that changed since, as they were. */
class Past {
  readonly changes: ReadonlyMap<string, PastChange>;
  readonly #queries: Queries;
  readonly #group: WatchGroup;
  readonly #visible = new Map<string, boolean>();
  readonly #subjects = new Map<string, Subject | undefined>();

  constructor(queries: Queries, group: WatchGroup, changes: ReadonlyMap<string, PastChange>) {
    this.#queries = queries;
    this.#group = group;
    this.changes = changes;
  }

  compare(change: PastChange, changes: Map<string, MatchChange>): void {
    const { ref, parts } = change;
    const before = this.#wasMatched(ref);
    const after = this.#isMatched(ref);
    if (before || after) changes.set(ref, { ref, before, after, parts });
  }

  /** Entities that themselves did not change show more or fewer relations when a neighbour appears or vanishes. */
  addNeighbours(changes: Map<string, MatchChange>): void {
    if (this.#group.visibility.kind !== 'filter') return;
    const { nodes, relations } = this.#queries.cache;
    for (const { ref } of this.changes.values()) {
      const id = nodes.idOf(ref);
      if (id === undefined || this.#wasVisible(ref) === this.#group.sees(id)) continue;
      relations.forEachEdge(id, (_type, target) => this.#addNeighbour(nodes.refOf(target), changes));
    }
  }

  #addNeighbour(ref: string, changes: Map<string, MatchChange>): void {
    const known = changes.get(ref);
    const before = known?.before ?? this.#wasMatched(ref);
    const after = known?.after ?? this.#isMatched(ref);
    if (before || after) changes.set(ref, { ref, before, after, parts: (known?.parts ?? 0) | part.relations });
  }

  #isMatched(ref: string): boolean {
    const id = this.#queries.cache.nodes.idOf(ref);
    return id !== undefined && this.#group.has(id);
  }

  #wasMatched(ref: string): boolean {
    const subject = this.#subject(ref);
    if (subject === undefined || !this.#wasVisible(ref)) return false;
    const { visibility, where } = this.#group;
    return testSubject(where, this.#asSeen(subject), { principal: visibility.principal }) === true;
  }

  #wasVisible(ref: string): boolean {
    let was = this.#visible.get(ref);
    if (was === undefined) {
      was = this.#testVisible(ref);
      this.#visible.set(ref, was);
    }
    return was;
  }

  #testVisible(ref: string): boolean {
    const { visibility } = this.#group;
    const id = this.#queries.cache.nodes.idOf(ref);
    if (!this.changes.has(ref)) return id !== undefined && this.#group.sees(id);
    const subject = this.#subject(ref);
    if (subject === undefined || visibility.kind === 'none') return false;
    if (visibility.kind === 'all') return true;
    return testSubject(visibility.predicate, subject, { principal: visibility.principal }) === true;
  }

  /** Without the relations whose other end existed but was hidden. */
  #asSeen(subject: Subject): Subject {
    if (this.#group.visibility.kind === 'all') return subject;
    const seen = Object.entries(subject.relations).map(([type, targets]): [string, readonly string[]] => {
      return [type, targets.filter((target) => this.#subject(target) === undefined || this.#wasVisible(target))];
    });
    const relations = Object.fromEntries(seen.filter(([, targets]) => targets.length > 0));
    return new EntitySubject(subject.ref, () => subject.entity, relations, subject.facts);
  }

  #subject(ref: string): Subject | undefined {
    if (!this.#subjects.has(ref)) this.#subjects.set(ref, this.#rebuild(ref));
    return this.#subjects.get(ref);
  }

  /** The entity as it was: what it is, with the undos applied from the newest to the oldest. */
  #rebuild(ref: string): Subject | undefined {
    const { nodes, subjects } = this.#queries.cache;
    const id = nodes.idOf(ref);
    const undos = this.changes.get(ref)?.undos ?? [];
    const stored = undos.reduce((now, undo) => (undo.entity ? undo.entity.stored : now), this.#stored(id));
    if (stored === undefined) return undefined;
    const relations = new Map(
      Object.entries(id === undefined ? {} : subjects.relationsOf(id)).map(([type, refs]) => [type, new Set(refs)]),
    );
    const facts: MutableFacts = structuredClone(id === undefined ? {} : subjects.factsOf(id));
    for (const undo of undos) {
      for (const edge of undo.edges.toReversed()) undoEdge(relations, edge);
      for (const fact of undo.facts?.values() ?? []) this.#undoFact(ref, facts, fact);
    }
    return new EntitySubject(ref, () => subjects.document(stored), shownRelations(relations), facts);
  }

  #stored(id: number | undefined): StoredEntity | undefined {
    return id === undefined ? undefined : this.#queries.cache.nodes.stored(id);
  }

  #undoFact(ref: string, facts: MutableFacts, { collector, path, before }: FactUndo): void {
    const { facts: index, freshness } = this.#queries.cache;
    if (index.get('volatile', { entityRef: ref, collector, path })) return;
    const known = (facts[collector] ??= {});
    if (before === undefined) delete known[path];
    else {
      const unknown = before.error !== undefined || freshness.isStale(collector, before.source);
      known[path] = { value: before.value, unknown };
    }
    if (Object.keys(known).length === 0) delete facts[collector];
  }
}

type MutableFacts = Record<string, Record<string, SubjectFact>>;

function undoEdge(relations: Map<string, Set<string>>, edge: EdgeChange): void {
  const targets = relations.get(edge.type) ?? new Set();
  if (edge.added) targets.delete(edge.target);
  else targets.add(edge.target);
  relations.set(edge.type, targets);
}

function shownRelations(relations: ReadonlyMap<string, ReadonlySet<string>>): Record<string, readonly string[]> {
  const shown: Record<string, readonly string[]> = {};
  for (const [type, targets] of relations) if (targets.size > 0) shown[type] = [...targets].sort();
  return shown;
}
