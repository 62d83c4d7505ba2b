import { expect, test } from 'vitest';
import type { ApiOutline } from './api-outline.ts';
import { readGraphql } from './graphql-outline.ts';

function outlineOf(text: string): ApiOutline {
  const reading = readGraphql(text);
  if (reading.status !== 'read') throw new Error(JSON.stringify(reading));
  return reading.outline;
}

const schema = `
schema { query: Ask }
"Where one asks."
type Ask {
  "One cue."
  cue(id: ID!, show: String = "storm"): Cue
  old: Int @deprecated(reason: "Use cue")
}
extend type Ask { more: [Cue!]! }
type Cue { number: Int! next: Cue kind: Kind! }
enum Kind { LIGHT "By ear." SOUND }
union Any = Cue
`;

test('roots are operations, by the names that the schema gives them, with their extensions', () => {
  const { groups } = outlineOf(schema);
  expect(groups.map(({ title, operations }) => [title, operations.map(({ id }) => id)])).toEqual([
    ['Queries', ['query cue', 'query old', 'query more']],
    ['Types', ['type Cue', 'type Kind', 'type Any']],
  ]);
});

test('arguments and answers are rows that open, and circles close', () => {
  const [cue] = outlineOf(schema).groups[0]?.operations ?? [];
  const [given, answer] = cue?.parts() ?? [];
  expect(given?.fields.map(({ name, type, isRequired, notes }) => [name, type, isRequired, ...notes])).toEqual([
    ['id', 'ID!', true],
    ['show', 'String', false, 'default "storm"'],
  ]);
  const below = answer?.fields[0]?.fields?.() ?? [];
  expect(below.map(({ name, type, notes }) => [name, type, ...notes])).toEqual([
    ['number', 'Int!'],
    ['next', 'Cue', 'as above'],
    ['kind', 'Kind!'],
  ]);
  expect(below[2]?.fields?.().map(({ name, description }) => [name, description])).toEqual([
    ['LIGHT', undefined],
    ['SOUND', 'By ear.'],
  ]);
});

test('what is deprecated says why', () => {
  const old = outlineOf(schema).groups[0]?.operations[1];
  expect(old).toMatchObject({ isDeprecated: true, description: 'Use cue' });
});

test('a mistake has its line', () => {
  expect(readGraphql('type Query {\n  a: Int\n  b Int\n}')).toMatchObject({ status: 'failed', line: 3 });
});

test('deep nesting and floods of tokens are refused, not suffered', () => {
  expect(readGraphql(`type Query { a: ${'['.repeat(100_000)}Int`)).toMatchObject({ status: 'failed' });
  expect(readGraphql(`type Query { ${'a: Int '.repeat(200_000)} }`)).toMatchObject({ status: 'failed' });
});
