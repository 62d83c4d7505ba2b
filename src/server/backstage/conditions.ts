import { RecentMap } from '../../base/recent-map.ts';
import { parseBackstageFilter } from '../../model/backstage-filter.ts';
import { parseBackstageQuery } from '../../model/backstage-query.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Predicate } from '../../model/predicate.ts';
import type { Question } from './cursor.ts';

/** All conditions at once; `undefined` where there is none. */
export function allOf(conditions: readonly (Predicate | undefined)[]): Predicate | undefined {
  const args = conditions.filter((condition) => condition !== undefined);
  return args.length > 1 ? { op: 'and', args } : args[0];
}

/** The condition of `filter` and `query` together. @throws FILTER_INVALID, PREDICATE_INVALID */
export function chosenBy(filter: readonly string[] = [], query?: JsonObject): Predicate | undefined {
  if (query !== undefined) return allOf([parseBackstageFilter(filter), parseBackstageQuery(query)]);
  return keptCondition(JSON.stringify(filter), () => parseBackstageFilter(filter));
}

/** Holds for entities that have a value at the path. */
export function hasField(path: string): Predicate {
  return { op: 'field', key: path.toLowerCase() };
}

/** Questions of which the condition is kept: parsed once, the graph knows it again. Longer ones are parsed each time. */
const KEPT_QUESTIONS = 2000;
const LONGEST_KEPT = 2000;
const conditions = new RecentMap<string, Predicate | 'none'>(KEPT_QUESTIONS);

/** @param text the whole question, so that no other one has the same */
function keptCondition(text: string, parse: () => Predicate | undefined): Predicate | undefined {
  if (text.length > LONGEST_KEPT) return parse();
  const condition = conditions.of(text, () => parse() ?? 'none');
  return condition === 'none' ? undefined : condition;
}

/** The condition of a whole question: a list ordered by a field holds only entities that have it. */
export function questionPredicate(question: Question): Predicate | undefined {
  const { filter, query, orderField, fullText } = question;
  if (query !== undefined) return parseQuestion(question);
  return keptCondition(JSON.stringify([filter, orderField?.field, fullText]), () => parseQuestion(question));
}

function parseQuestion({ filter, query, orderField, fullText }: Question): Predicate | undefined {
  return allOf([
    parseBackstageFilter(filter),
    query === undefined ? undefined : parseBackstageQuery(query),
    orderField === undefined ? undefined : hasField(orderField.field),
    fullText === undefined ? undefined : containsText(fullText, orderField?.field),
  ]);
}

function containsText({ term, fields }: NonNullable<Question['fullText']>, orderField: string | undefined): Predicate {
  const keys = fields.length > 0 ? fields : [orderField ?? 'metadata.uid'];
  return { op: 'fieldText', keys: keys.map((key) => key.toLowerCase()), term: term.toLowerCase(), like: true };
}

/** Text parameters as they are joined by commas or repeated, without empty ones. */
export function splitList(values: readonly string[] = []): readonly string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
