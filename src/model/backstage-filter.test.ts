import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallboardError } from '../base/errors.ts';
import { parseBackstageFilter } from './backstage-filter.ts';
import type { Predicate } from './predicate.ts';

/** Values by lower-cased key, as an index holds them. */
type Row = Readonly<Record<string, readonly string[]>>;

function holds(predicate: Predicate | undefined, row: Row): boolean {
  if (predicate === undefined) return true;
  switch (predicate.op) {
    case 'and':
      return predicate.args.every((arg) => holds(arg, row));
    case 'or':
      return predicate.args.some((arg) => holds(arg, row));
    case 'field': {
      const { key, values } = predicate;
      const found = row[key];
      return found !== undefined && (values === undefined || values.some((value) => found.includes(value)));
    }
    default:
      throw new Error(`unexpected ${predicate.op}`);
  }
}

const field = (key: string, ...values: string[]): Predicate => ({
  op: 'field',
  key,
  values: values.length > 0 ? values : undefined,
});

test('joins keys by AND, a repeated key and repeated parameters by OR', () => {
  expect(parseBackstageFilter(['kind=Component,Kind=api , spec.type = Service', 'metadata.tags=java'])).toEqual({
    op: 'or',
    args: [
      { op: 'and', args: [field('kind', 'component', 'api'), field('spec.type', 'service')] },
      field('metadata.tags', 'java'),
    ],
  });
});

test.each([
  [
    'a key alone exists',
    ['metadata.annotations.github.com/project-slug'],
    field('metadata.annotations.github.com/project-slug'),
  ],
  ['a key with = and nothing is the empty text', ['spec.x='], field('spec.x', '')],
  ['values decide beside the bare key', ['kind=api,kind'], field('kind', 'api')],
  ['values decide beside the bare key before them', ['kind,kind=api'], field('kind', 'api')],
  ['only the first = divides', ['kind==component'], field('kind', '=component')],
  ['empty statements say nothing', [' , kind=api ,'], field('kind', 'api')],
  ['an empty parameter says nothing beside others', ['', 'kind=api', ','], field('kind', 'api')],
  ['nothing at all asks for nothing', ['', ','], undefined],
  ['keys of an object prototype are keys like any other', ['__proto__=x'], field('__proto__', 'x')],
])('%s', (_, filters, expected) => {
  expect(parseBackstageFilter(filters)).toEqual(expected);
});

test.each(['=x', '=', 'kind=api, =y'])('refuses %j: it names no key', (filter) => {
  expect(() => parseBackstageFilter([filter])).toThrow(
    expect.objectContaining({ code: 'FILTER_INVALID', status: 400 }),
  );
});

test('refuses more statements than a URL could carry', () => {
  expect(() => parseBackstageFilter([Array.from({ length: 2001 }, (_, n) => `k${n}`).join(',')])).toThrow(
    /2000 statements/,
  );
});

const key = fc.constantFrom('kind', 'spec.type', 'metadata.tags', 'metadata.annotations.a.b/c');
const value = fc.constantFrom('', 'a', 'b', 'c=d', 'ünïcode');
const statement = fc.record({
  key,
  value: fc.option(value, { nil: undefined }),
  shout: fc.boolean(),
  pad: fc.boolean(),
});
const parameter = fc.array(statement, { maxLength: 4 });
const row = fc.dictionary(key, fc.array(value, { minLength: 1, maxLength: 3 }), { noNullPrototype: true });

test('means what the rules say, for any filter over any entity', () => {
  fc.assert(
    fc.property(fc.array(parameter, { maxLength: 3 }), row, (parameters, entity) => {
      const filters = parameters.map((statements) =>
        statements
          .map(({ key: name, value: wanted, shout, pad }) => {
            const text = wanted === undefined ? name : `${name}${pad ? ' = ' : '='}${wanted}`;
            return shout ? text.toUpperCase() : text;
          })
          .join(','),
      );
      const said = parameters.filter((statements) => statements.length > 0);
      const meant = said.some((statements) =>
        statements.every(({ key: name }) => {
          const wanted = statements.filter((other) => other.key === name && other.value !== undefined);
          const found = entity[name];
          if (found === undefined) return false;
          return wanted.length === 0 || wanted.some((other) => found.includes(other.value ?? ''));
        }),
      );
      expect(holds(parseBackstageFilter(filters), entity)).toBe(said.length === 0 || meant);
    }),
  );
});

test('any text is either compiled or refused with its code', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 4 }), (filters) => {
      try {
        parseBackstageFilter(filters);
      } catch (error) {
        expect(error).toBeInstanceOf(CallboardError);
        expect(error).toMatchObject({ code: 'FILTER_INVALID' });
      }
    }),
  );
});
