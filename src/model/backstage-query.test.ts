import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallboardError } from '../base/errors.ts';
import { parseBackstageQuery } from './backstage-query.ts';
import type { JsonValue } from './json.ts';
import type { Predicate } from './predicate.ts';

const field = (key: string, ...values: string[]): Predicate => ({ op: 'field', key, values });
const present = (key: string): Predicate => ({ op: 'field', key });

test.each<[string, JsonValue, Predicate]>([
  ['an empty object holds for everything', {}, { op: 'constant', value: true }],
  ['a value is compared as lower-case text', { kind: 'Component' }, field('kind', 'component')],
  [
    'numbers and booleans too',
    { 'spec.N': 1.5, 'spec.b': false },
    { op: 'and', args: [field('spec.n', '1.5'), field('spec.b', 'false')] },
  ],
  ['$in', { kind: { $in: ['API', 'x', 3] } }, field('kind', 'api', 'x', '3')],
  ['an empty $in holds for nothing', { kind: { $in: [] } }, { op: 'constant', value: false }],
  ['$exists', { 'spec.x': { $exists: true } }, present('spec.x')],
  ['$exists false', { 'spec.x': { $exists: false } }, { op: 'not', arg: present('spec.x') }],
  ['$exists goes before $in', { 'spec.x': { $in: ['a'], $exists: true } }, present('spec.x')],
  ['$contains a value', { 'metadata.tags': { $contains: 'JAVA' } }, field('metadata.tags', 'java')],
  [
    '$hasPrefix',
    { 'metadata.title': { $hasPrefix: '100%' } },
    { op: 'fieldPrefix', key: 'metadata.title', prefix: '100%' },
  ],
  ['relations by type', { relations: { $contains: { type: 'ownedBy' } } }, present('relations.ownedby')],
  [
    'relations by type and target',
    { relations: { $contains: { type: 'ownedBy', targetRef: 'group:default/A' } } },
    field('relations.ownedby', 'group:default/a'),
  ],
  [
    'relations by type and targets',
    { relations: { $contains: { type: 'ownedBy', targetRef: { $in: ['a:b/c', 'd:e/f'] } } } },
    field('relations.ownedby', 'a:b/c', 'd:e/f'),
  ],
  ['$all of nothing is true', { $all: [] }, { op: 'constant', value: true }],
  ['$any of nothing is false', { $any: [] }, { op: 'constant', value: false }],
  ['$not', { $not: { kind: 'api' } }, { op: 'not', arg: field('kind', 'api') }],
  [
    'nesting',
    { $all: [{ kind: 'api' }, { $any: [{ 'spec.type': 'grpc' }, { 'spec.type': 'graphql' }] }] },
    {
      op: 'and',
      args: [field('kind', 'api'), { op: 'or', args: [field('spec.type', 'grpc'), field('spec.type', 'graphql')] }],
    },
  ],
])('%s', (_, query, expected) => {
  expect(parseBackstageQuery(query)).toEqual(expected);
});

test.each<[string, JsonValue, RegExp]>([
  ['a text as the root', 'component', /expected an object/],
  ['a list as the root', [{ kind: 'api' }], /got a list/],
  ['nothing as a value', { kind: null }, /kind: expected a value or an operator, got nothing/],
  ['a list as a value', { kind: ['api'] }, /kind: .* got a list/],
  ['an empty operator object', { kind: {} }, /kind: expected \$exists/],
  ['an unknown value operator', { kind: { $foo: 1 } }, /kind: expected \$exists/],
  ['$in of a text', { kind: { $in: 'api' } }, /kind: expected \$exists/],
  ['$in of lists', { kind: { $in: [['api']] } }, /kind: expected \$exists/],
  ['an unknown logical operator', { $and: [] }, /\$and: unknown operator/],
  ['$all of a value', { $all: [5] }, /\$all\[0\]: expected an object/],
  ['$not of a list', { $not: [] }, /\$not: expected an object/],
  ['$not of a text', { $not: 'x' }, /\$not: expected an object .* got the string "x"/],
  ['$all beside a field', { $all: [], kind: 'api' }, /\$all must stand alone/],
  ['two operators', { $all: [], $any: [] }, /\$all must stand alone/],
  [
    'an object in $contains elsewhere',
    { 'metadata.links': { $contains: { url: 'x' } } },
    /only supported for the field "relations"/,
  ],
  ['relations without a type', { relations: { $contains: { targetRef: 'a:b/c' } } }, /needs a type/],
  ['relations with a foreign key', { relations: { $contains: { type: 'x', other: 1 } } }, /unsupported key "other"/],
  [
    'relations with a wrong target',
    { relations: { $contains: { type: 'x', targetRef: { $in: [] } } } },
    /targetRef must be/,
  ],
])('refuses %s', (_, query, message) => {
  expect(() => parseBackstageQuery(query)).toThrow(message);
  expect(() => parseBackstageQuery(query)).toThrow(expect.objectContaining({ code: 'PREDICATE_INVALID', status: 400 }));
});

test('refuses what is nested too deep or too large', () => {
  let deep: JsonValue = {};
  for (let level = 0; level < 40; level++) deep = { $not: deep };
  expect(() => parseBackstageQuery(deep)).toThrow(/deeper than 32/);
  expect(() => parseBackstageQuery({ kind: { $in: Array.from({ length: 20_001 }, (_, n) => n) } })).toThrow(
    /20000 parts/,
  );
  expect(() => parseBackstageQuery({ $any: Array.from({ length: 20_001 }, () => ({})) })).toThrow(/20000 parts/);
});

test('any JSON is either compiled or refused with its code', () => {
  const leaf = fc.oneof(fc.string({ maxLength: 5 }), fc.double(), fc.boolean(), fc.constant(null));
  const keys = fc.constantFrom(
    'kind',
    'relations',
    '$all',
    '$any',
    '$not',
    '$in',
    '$exists',
    '$contains',
    '$hasPrefix',
    'type',
    'targetRef',
    '__proto__',
  );
  const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(keys, tie('tree'), { maxKeys: 3 }),
    ) as fc.Arbitrary<JsonValue>,
  }));
  fc.assert(
    fc.property(tree, (query) => {
      try {
        expect(parseBackstageQuery(query)).toHaveProperty('op');
      } catch (error) {
        expect(error).toBeInstanceOf(CallboardError);
        expect(error).toMatchObject({ code: 'PREDICATE_INVALID' });
      }
    }),
  );
});
