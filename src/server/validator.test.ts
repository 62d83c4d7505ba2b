import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import type { FieldError } from '../api/problem-details.ts';
import { closedQuery, createValidators } from './validator.ts';

const validators = createValidators();

function errorsOf(schema: object, part: string, data: unknown): readonly FieldError[] {
  const result = validators.validator(schema, part)(data);
  return result === true ? [] : (result.error.cause as readonly FieldError[]);
}

describe('queries', () => {
  const schema = closedQuery(
    Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
      explain: Type.Optional(Type.Boolean()),
      filter: Type.Optional(Type.Array(Type.String())),
      order: Type.Optional(Type.Union([Type.Literal('asc'), Type.Literal('desc')])),
      name: Type.Optional(Type.String()),
    }),
  );
  const parse = (query: Record<string, unknown>): unknown => {
    expect(errorsOf(schema, 'querystring', query)).toEqual([]);
    return query;
  };

  test('numbers, booleans and lists come from text; defaults are filled in', () => {
    expect(parse({ limit: '7', explain: 'true', filter: 'a' })).toEqual({ limit: 7, explain: true, filter: ['a'] });
    expect(parse({ filter: ['a', 'b'] })).toEqual({ limit: 20, filter: ['a', 'b'] });
    expect(parse({ name: '7' })).toEqual({ limit: 20, name: '7' });
  });

  test('an unknown parameter is named, and so are the known ones', () => {
    expect(errorsOf(schema, 'querystring', { limits: '3' })).toEqual([
      { path: 'query.limits', message: 'is not known here; known: limit, explain, filter, order, name' },
    ]);
    expect(errorsOf(closedQuery(undefined), 'querystring', { a: '1' })).toEqual([
      { path: 'query.a', message: 'is not known here; known: none' },
    ]);
  });

  test('all that is wrong is named', () => {
    const errors = errorsOf(schema, 'querystring', { limit: '1000', explain: 'maybe', order: 'up' });
    expect(errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['query.limit', 'query.explain', 'query.order']),
    );
  });

  test('a parameter given twice is not taken for one', () => {
    expect(errorsOf(schema, 'querystring', { limit: ['1', '2'] })).not.toEqual([]);
  });
});

describe('bodies', () => {
  const schema = Type.Object({ limit: Type.Integer(), order: Type.Object({ path: Type.String() }) });

  test('are taken as they are: nothing is coerced, nothing is dropped', () => {
    expect(errorsOf(schema, 'body', { limit: '7', order: { path: 'a' } })).toEqual([
      { path: 'body.limit', message: 'must be integer' },
    ]);
    const body = { limit: 7, order: { path: 'a', extra: [1] } };
    expect(errorsOf(schema, 'body', body)).toEqual([]);
    expect(body.order.extra).toEqual([1]);
  });

  test('a missing field is named by its path', () => {
    expect(errorsOf(schema, 'body', { limit: 7, order: {} })).toEqual([
      { path: 'body.order.path', message: 'is missing' },
    ]);
  });

  test('only the first of many errors is named', () => {
    const many = Type.Array(Type.Integer());
    expect(
      errorsOf(
        many,
        'body',
        Array.from({ length: 10_000 }, () => 'x'),
      ),
    ).toHaveLength(1);
  });
});

test('a schema with a misspelt keyword cannot be used', () => {
  expect(() => validators.assertUsable({ type: 'object', propertys: {} })).toThrow(/propertys/);
  expect(() => validators.assertUsable(Type.Object({ a: Type.String() }))).not.toThrow();
});
