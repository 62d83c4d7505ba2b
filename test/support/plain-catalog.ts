import type { StoredEntity } from '../../src/model/change.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { Fact, Lease } from '../../src/model/fact.ts';
import { isJsonObject, type JsonValue } from '../../src/model/json.ts';
import type {
  EvaluationContext,
  Predicate,
  PrincipalContext,
  Scalar,
  Subject,
  SubjectFact,
  Tri,
} from '../../src/model/predicate.ts';
import { type KindTable, relationsOf } from '../../src/model/relations.ts';
import type { FacetValue, SortOrder, Visibility } from '../../src/graph/view.ts';

/** A volatile fact as it stands, with its lease. */
export interface PlainVolatile {
  readonly fact: Fact;
  readonly expiresAt: number;
}

/** What is in a catalog at one moment, without any index. */
export interface PlainContent {
  readonly entities: readonly StoredEntity[];
  readonly facts: readonly Fact[];
  readonly leases: readonly Lease[];
  readonly volatile: readonly PlainVolatile[];
  readonly now: number;
}

/** The catalog by the simplest possible means, to hold the graph's answers against: everything is a scan. */
export class PlainCatalog {
  /** As the permission layer sees them. */
  readonly subjects: ReadonlyMap<string, Subject>;
  /** `source|type|target`, in both directions, whether or not the ends exist. */
  readonly #edges: ReadonlySet<string>;

  constructor(content: PlainContent, kinds: KindTable) {
    const entities = new Map(content.entities.map((stored) => [stored.ref, JSON.parse(stored.body) as Entity]));
    const edges = new Set<string>();
    for (const entity of entities.values()) {
      for (const { source, target, type, reverse } of relationsOf(entity, kinds).relations) {
        edges.add(`${source}|${type}|${target}`);
        edges.add(`${target}|${reverse}|${source}`);
      }
    }
    const subjects = new Map<string, Subject>();
    for (const [ref, entity] of entities) {
      subjects.set(ref, { ref, entity, relations: relationsFrom(edges, ref), facts: factsOf(content, ref) });
    }
    this.subjects = subjects;
    this.#edges = edges;
  }

  /** Refs that a reader sees. */
  visible(visibility: Visibility): Set<string> {
    const refs = [...this.subjects.keys()];
    if (visibility.kind === 'none') return new Set();
    if (visibility.kind === 'all') return new Set(refs);
    const { predicate, principal } = visibility;
    return new Set(refs.filter((ref) => outcome(predicate, this.subject(ref), { principal }) === true));
  }

  /** An entity as a reader sees it: without relations to hidden entities. */
  seen(ref: string, visible: ReadonlySet<string>): Subject {
    const subject = this.subject(ref);
    const relations: Record<string, readonly string[]> = {};
    for (const [type, targets] of Object.entries(subject.relations)) {
      const shown = targets.filter((target) => visible.has(target) || !this.subjects.has(target));
      if (shown.length > 0) relations[type] = shown;
    }
    return { ...subject, relations };
  }

  /** Outcome of a condition for every visible entity. */
  outcomes(visibility: Visibility, where: Predicate): Map<string, Tri> {
    const visible = this.visible(visibility);
    const { principal } = visibility;
    return new Map([...visible].map((ref) => [ref, outcome(where, this.seen(ref, visible), { principal })]));
  }

  /** Refs for which a condition is true, in order. */
  list(visibility: Visibility, where: Predicate, order?: SortOrder): string[] {
    const found = [...this.outcomes(visibility, where)].filter(([, result]) => result === true).map(([ref]) => ref);
    const keys = new Map(found.map((ref) => [ref, order && sortKey(this.subject(ref), order.path)]));
    return found.sort((a, b) => compare(keys.get(a), keys.get(b), order?.direction ?? 'asc') || (a < b ? -1 : 1));
  }

  facet(visibility: Visibility, where: Predicate, path: string): FacetValue[] {
    const visible = this.visible(visibility);
    const counts = new Map<string, number>();
    for (const ref of this.list(visibility, where)) {
      const values = new Set(
        rowsOf(this.seen(ref, visible))
          .filter((row) => row.key === path.toLowerCase())
          .map((row) => row.value),
      );
      for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  }

  subject(ref: string): Subject {
    const subject = this.subjects.get(ref);
    if (!subject) throw new Error(`no entity ${ref}`);
    return subject;
  }

  /** Groups that a group is directly in, whether or not they exist. */
  parents(ref: string): readonly string[] {
    return relationsFrom(this.#edges, ref)['childOf'] ?? [];
  }

  /** Claims by following membership and parents. */
  principal(ref: string): PrincipalContext {
    const claims = new Set([ref]);
    const groups = [...(relationsFrom(this.#edges, ref)['memberOf'] ?? [])];
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      if (claims.has(group)) continue;
      claims.add(group);
      groups.push(...(relationsFrom(this.#edges, group)['childOf'] ?? []));
    }
    return { ref, claims };
  }
}

function relationsFrom(edges: ReadonlySet<string>, ref: string): Record<string, string[]> {
  const byType: Record<string, string[]> = {};
  for (const edge of edges) {
    const [source, type, target] = edge.split('|') as [string, string, string];
    if (source === ref) (byType[type] ??= []).push(target);
  }
  for (const targets of Object.values(byType)) targets.sort();
  return byType;
}

function factsOf({ facts, leases, volatile, now }: PlainContent, ref: string): Subject['facts'] {
  const byCollector: Record<string, Record<string, SubjectFact>> = {};
  for (const fact of facts) {
    if (fact.entityRef !== ref) continue;
    const lease = leases.find((one) => one.collector === fact.collector && one.source === fact.source);
    const hasFailed = fact.error !== undefined;
    const unknown = hasFailed || !lease || lease.expiresAt <= now;
    (byCollector[fact.collector] ??= {})[fact.path] = { value: hasFailed ? null : fact.value, unknown };
  }
  for (const { fact, expiresAt } of volatile) {
    if (fact.entityRef === ref)
      (byCollector[fact.collector] ??= {})[fact.path] = { value: fact.value, unknown: expiresAt <= now };
  }
  return byCollector;
}

/** What a condition says of one subject. */
export function outcome(predicate: Predicate, subject: Subject, context: EvaluationContext): Tri {
  switch (predicate.op) {
    case 'constant':
      return predicate.value;
    case 'and':
    case 'or': {
      const parts = predicate.args.map((arg) => outcome(arg, subject, context));
      const decisive = predicate.op === 'or';
      if (parts.includes(decisive)) return decisive;
      return parts.includes('unknown') ? 'unknown' : !decisive;
    }
    case 'not': {
      const part = outcome(predicate.arg, subject, context);
      return part === 'unknown' ? part : !part;
    }
    case 'field': {
      const rows = rowsOf(subject).filter((row) => row.key === predicate.key.toLowerCase());
      const { values } = predicate;
      return values === undefined
        ? rows.length > 0
        : rows.some((row) => row.value !== null && values.includes(row.value.toLowerCase()));
    }
    case 'fieldPrefix':
      return rowsOf(subject).some(
        (row) => row.key === predicate.key.toLowerCase() && row.value?.toLowerCase().startsWith(predicate.prefix),
      );
    case 'fieldText': {
      const keys = predicate.keys.map((key) => key.toLowerCase());
      return rowsOf(subject).some((row) => keys.includes(row.key) && row.value?.toLowerCase().includes(predicate.term));
    }
    default:
      return predicate.evaluate(subject, context);
  }
}

interface Row {
  readonly key: string;
  readonly value: string | null;
  /** The value before it became text. */
  readonly raw: Scalar;
}

/** Backstage's search rows of an entity, in its own words: docs "filter semantics" and its catalog backend's rules. */
function rowsOf(subject: Subject): Row[] {
  const found: { key: string; value: Scalar }[] = [];
  const visit = (path: string, value: JsonValue): void => {
    if (['status', 'attachments', 'metadata.etag', 'relations', 'facts'].includes(path)) return;
    if (Array.isArray(value)) {
      for (const item of value) {
        visit(path, item);
        if (typeof item === 'string') found.push({ key: `${path}.${item}`, value: true });
      }
    } else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) visit(path === '' ? key : `${path}.${key}`, item ?? null);
    } else found.push({ key: path, value: value as Scalar });
  };
  visit('', subject.entity as unknown as JsonValue);
  for (const [collector, facts] of Object.entries(subject.facts)) {
    const unknown = Object.keys(facts).filter((path) => facts[path]?.unknown);
    for (const [path, fact] of Object.entries(facts)) {
      visit(`facts.${collector}.${path}`, known(fact.value, path.split('.'), unknown));
    }
  }
  for (const [type, targets] of Object.entries(subject.relations)) {
    for (const target of targets) found.push({ key: `relations.${type}`, value: target });
  }
  return found
    .filter(({ key }) => key.length <= 200)
    .map(({ key, value }) => {
      const text = value === null ? null : String(value);
      return { key: key.toLowerCase(), value: text !== null && text.length > 200 ? null : text, raw: value };
    });
}

/** What is left of a fact's value where no fact is unknown at its place or above it. */
function known(value: JsonValue, at: readonly string[], unknown: readonly string[]): JsonValue {
  const covers = (path: string): boolean => path.split('.').every((segment, index) => at[index] === segment);
  if (unknown.some(covers)) return {};
  if (Array.isArray(value)) return value.map((item: JsonValue) => known(item, at, unknown));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, known(item ?? null, [...at, key], unknown)]),
  );
}

/** Smallest of the values at a path; relations and the names of list elements are no values to sort by. */
function sortKey(subject: Subject, path: string): number | string | undefined {
  const without: Subject = { ...subject, relations: {} };
  const facts = Object.fromEntries(
    Object.entries(subject.facts).map(([name, all]) => [
      name,
      Object.fromEntries(Object.entries(all).map(([key, fact]) => [key, { ...fact, unknown: false }])),
    ]),
  );
  const keys = rowsOf({ ...without, facts })
    .filter((row) => row.key === path.toLowerCase() && row.value !== null)
    .map((row) => (typeof row.raw === 'number' ? row.raw : String(row.value).toLowerCase()));
  return keys.sort((a, b) => compare(a, b, 'asc'))[0];
}

function compare(a: number | string | undefined, b: number | string | undefined, direction: 'asc' | 'desc'): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  const order = typeof a === typeof b ? (a < b ? -1 : 1) : typeof a === 'number' ? -1 : 1;
  return direction === 'asc' ? order : -order;
}
