import fc from 'fast-check';
import type { JsonValue } from '../../src/model/json.ts';
import type { Subject } from '../../src/model/predicate.ts';
import { fresh, stale, subjectOf } from './expressions.ts';

/** Few names and few values, so that expressions and subjects meet. */
const keys = ['a', 'b', 'c'] as const;
const scalars = [0, 1, 2, -1, 2.5, '', 'a', 'b', 'ab', '1', true, false, null, '\u{1F600}', '\uFFFD'] as const;

const scalar: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue[]>(...scalars);
function isPlain(value: unknown): boolean {
  return typeof value !== 'string' || !/[\ud800-\uffff]/.test(value);
}

function jsonOf(leaf: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
}

const json = jsonOf(scalar);
const plainJson = jsonOf(scalar.filter(isPlain));
const map = fc.dictionary(fc.constantFrom(...keys), json, { maxKeys: 3, noNullPrototype: true });
const fact = fc.oneof(json.map(fresh), scalar.map(stale));

/** A subject with every field of `spec` and no text beyond the basic plane. */
export const denseSubject: fc.Arbitrary<Subject> = fc
  .record({ a: plainJson, b: plainJson, c: plainJson, tags: plainJson })
  .map(({ tags, ...spec }) => subjectOf({ metadata: { tags }, spec, relations: { ownedBy: ['a', 'b'] } }));

/** A subject with missing fields, mixed types, stale facts. */
export const randomSubject: fc.Arbitrary<Subject> = fc
  .record({
    kind: fc.constantFrom('a', 'b'),
    spec: fc.option(map, { nil: undefined }),
    tags: json,
    owners: fc.option(fc.subarray(['a', 'b']), { nil: undefined }),
    facts: fc.dictionary(
      fc.constantFrom('k', 'l'),
      fc.dictionary(fc.constantFrom('a', 'a.b', 'b.c', 'c'), fact, { noNullPrototype: true }),
      {
        noNullPrototype: true,
      },
    ),
  })
  .map(({ kind, spec, tags, owners, facts }) =>
    subjectOf({
      kind,
      metadata: { tags },
      ...(spec ? { spec } : {}),
      relations: owners && owners.length > 0 ? { ownedBy: owners } : {},
      facts,
    }),
  );

/** How much of the language an expression may use. */
export interface Grammar {
  /** Variables and macros that only Callboard has, and what cel-js computes otherwise. */
  readonly own: boolean;
}

const numbers = ['1.0', '2.0', '-2.5'];
const literal = fc.constantFrom(...scalars.map((value) => JSON.stringify(value)), ...numbers);
// cel-js orders text by UTF-16 units.
const plainLiteral = fc.constantFrom(...scalars.filter(isPlain).map((value) => JSON.stringify(value)), ...numbers);
const key = fc.constantFrom(...keys);

function paths({ own }: Grammar): fc.Arbitrary<string> {
  const roots = own
    ? ['spec', 'entity.spec', 'metadata.tags', 'facts.k', 'facts.l', 'facts']
    : ['spec', 'spec', 'spec.a', 'metadata.tags'];
  const step = fc.oneof(
    key.map((name) => `.${name}`),
    key.map((name) => `["${name}"]`),
  );
  const below = fc
    .tuple(fc.constantFrom(...roots), fc.array(step, { minLength: 1, maxLength: own ? 3 : 1 }))
    .map(([root, steps]) => root + steps.join(''));
  return fc.oneof(
    { weight: 6, arbitrary: below },
    {
      weight: 1,
      arbitrary: fc.constantFrom('metadata.tags', 'kind', 'relations.ownedBy', ...(own ? ['facts.k', 'ref'] : [])),
    },
  );
}

/** `a.b` as `a.?b`, `a["b"]` as `a[?"b"]`. */
function optional(path: string): string {
  return path.replace(/\.(\w+)$/, '.?$1').replace(/\["(\w+)"\]$/, '[?"$1"]');
}

/** A random condition, as text. Not each of them compiles: types may not fit. */
export function randomExpression(grammar: Grammar): fc.Arbitrary<string> {
  const path = paths(grammar);
  const scalarText = grammar.own ? literal : plainLiteral;
  const list = fc.array(scalarText, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`);
  const compare = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
  const text = fc.constantFrom('startsWith', 'endsWith', 'contains', ...(grammar.own ? ['matches'] : []));
  return fc.letrec<{ condition: string; value: string }>((tie) => {
    const value = fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      path,
      scalarText,
      list,
      fc.tuple(tie('condition'), tie('value'), tie('value')).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
      ...(grammar.own
        ? [
            fc
              .tuple(tie('value'), fc.constantFrom('+', '-', '*', '/', '%'), tie('value'))
              .map((parts) => `(${parts.join(' ')})`),
            fc.tuple(path, tie('value')).map(([target, other]) => `${optional(target)}.orValue(${other})`),
            tie('value').map((inner) => `size(${inner})`),
          ]
        : []),
    );
    const condition = fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.tuple(path, compare, scalarText).map((parts) => parts.join(' ')),
      fc.tuple(scalarText, compare, path).map((parts) => parts.join(' ')),
      fc.tuple(tie('value'), compare, tie('value')).map(([left, op, right]) => `(${left}) ${op} (${right})`),
      fc.tuple(path, list).map((parts) => parts.join(' in ')),
      fc.tuple(scalarText, path).map((parts) => parts.join(' in ')),
      fc.tuple(path, text, fc.constantFrom('a', 'b', '')).map(([target, name, arg]) => `${target}.${name}("${arg}")`),
      fc
        .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
        .map(([left, op, right]) => `(${left} ${op} ${right})`),
      tie('condition').map((inner) => `!(${inner})`),
      fc
        .tuple(path, fc.constantFrom('all', 'exists', 'exists_one'), compare, tie('value'))
        .map(([target, macro, op, other]) => `${target}.${macro}(x, x ${op} ${other})`),
      fc.tuple(path, tie('condition')).map(([target, inner]) => `${target}.exists(x, x == 1 || ${inner})`),
      ...(grammar.own
        ? [
            path,
            path.map((target) => `has(${target.replace(/\["(\w+)"\]$/, '.$1')})`),
            fc.constantFrom('true', 'false', 'owns(principal, entity)', '"a" in principal.claims'),
          ]
        : []),
    );
    return { condition, value };
  }).condition;
}
