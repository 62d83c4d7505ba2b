import { isJsonObject, type JsonValue } from '../model/json.ts';
import { containsLike } from '../model/like-pattern.ts';
import type { Predicate, Scalar, Subject } from '../model/predicate.ts';
import { LONGEST_KEY, unsearchable } from './dictionary.ts';
import { LONGEST_VALUE, reservedRoots } from './flatten.ts';
import { lowerText } from './term.ts';

type FieldLeaf = Extract<Predicate, { op: 'field' | 'fieldPrefix' | 'fieldText' }>;

/** One (dotted key, value) of an entity, both in lower case; no value for null and for long texts. */
type Row = readonly [key: string, value: string | undefined];

/**
 * Tests a Backstage condition on one subject by itself, by writing out its rows: for entities as they were, of which no
 * index knows any more. Answers what `fieldMatches` answers.
 */
export function testField(leaf: FieldLeaf, subject: Subject): boolean {
  const keys = (leaf.op === 'fieldText' ? leaf.keys : [leaf.key]).map((key) => key.toLowerCase());
  for (const [key, value] of rowsOf(subject)) {
    if (!keys.includes(key)) continue;
    if (leaf.op === 'field' && leaf.values === undefined) return true;
    if (value !== undefined && matches(leaf, value)) return true;
  }
  return false;
}

function matches(leaf: FieldLeaf, value: string): boolean {
  switch (leaf.op) {
    case 'field':
      return leaf.values?.includes(value) ?? true;
    case 'fieldPrefix':
      return value.startsWith(leaf.prefix);
    case 'fieldText':
      return textTest(leaf)(value);
  }
}

/** What a full-text condition asks of one value. */
export function textTest({ term, like }: Extract<Predicate, { op: 'fieldText' }>): (text: string) => boolean {
  return like === true ? containsLike(term) : (text) => text.includes(term);
}

function* rowsOf(subject: Subject): IterableIterator<Row> {
  for (const [key, value] of Object.entries(subject.entity)) {
    if (value !== undefined && !reservedRoots.has(key)) yield* rowsAt(key, value as JsonValue);
  }
  for (const [collector, facts] of Object.entries(subject.facts)) yield* factRows(collector, facts);
  for (const [type, targets] of Object.entries(subject.relations)) {
    for (const target of targets) yield [`relations.${type}`.toLowerCase(), target];
  }
}

/** Nothing is said at a path, nor below it, where a fact is unknown, whatever another fact has there. */
function* factRows(collector: string, facts: Subject['facts'][string]): IterableIterator<Row> {
  const all = Object.entries(facts).map(([path, fact]) => ({ path, fact, segments: path.split('.') }));
  const unknown = new Set(all.filter(({ fact }) => fact.unknown).map(({ segments }) => segments.join(PART)));
  for (const { path, fact, segments } of all) {
    const isUnknown = segments.some((_, index) => unknown.has(segments.slice(0, index + 1).join(PART)));
    if (!isUnknown) yield* rowsAt(`facts.${collector}.${path}`, fact.value, { at: segments.join(PART), unknown });
  }
}

/** Stands between the segments of a path under a collector. */
const PART = '\u0000';

/** Where a value of a fact stands, and which places of that collector are unknown. */
interface FactPlace {
  readonly at: string;
  readonly unknown: ReadonlySet<string>;
}

function* rowsAt(path: string, value: JsonValue, place?: FactPlace): IterableIterator<Row> {
  if (path.length > LONGEST_KEY || unsearchable.has(path) || place?.unknown.has(place.at)) return;
  if (Array.isArray(value)) {
    for (const item of value) {
      yield* rowsAt(path, item, place);
      if (typeof item === 'string' && item.length <= LONGEST_VALUE) {
        const key = `${path}.${item}`.toLowerCase();
        if (key.length <= LONGEST_KEY) yield [key, 'true'];
      }
    }
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield* rowsAt(`${path}.${key}`, item, place && { ...place, at: `${place.at}${PART}${key}` });
    }
  } else {
    yield [path.toLowerCase(), rowText(value as Scalar)];
  }
}

function rowText(value: Scalar): string | undefined {
  return typeof value === 'string' && value.length > LONGEST_VALUE ? undefined : lowerText(value);
}
