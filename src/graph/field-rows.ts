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
  for (const [collector, facts] of Object.entries(subject.facts)) {
    for (const [path, fact] of Object.entries(facts)) {
      if (!fact.unknown) yield* rowsAt(`facts.${collector}.${path}`, fact.value);
    }
  }
  for (const [type, targets] of Object.entries(subject.relations)) {
    for (const target of targets) yield [`relations.${type}`.toLowerCase(), target];
  }
}

function* rowsAt(path: string, value: JsonValue): IterableIterator<Row> {
  if (path.length > LONGEST_KEY || unsearchable.has(path)) return;
  if (Array.isArray(value)) {
    for (const item of value) {
      yield* rowsAt(path, item);
      if (typeof item === 'string' && item.length <= LONGEST_VALUE) {
        const key = `${path}.${item}`.toLowerCase();
        if (key.length <= LONGEST_KEY) yield [key, 'true'];
      }
    }
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) if (item !== undefined) yield* rowsAt(`${path}.${key}`, item);
  } else {
    yield [path.toLowerCase(), rowText(value as Scalar)];
  }
}

function rowText(value: Scalar): string | undefined {
  return typeof value === 'string' && value.length > LONGEST_VALUE ? undefined : lowerText(value);
}
