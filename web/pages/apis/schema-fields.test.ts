import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import type { SchemaField } from './api-outline.ts';
import { parseDefinition } from './definition-document.ts';
import { LocalRefs } from './local-refs.ts';
import { sampleValue } from './sample-value.ts';
import { schemaField } from './schema-fields.ts';
import { boundedCopy } from './schema-notes.ts';

function fieldOf(schema: JsonValue, root: JsonObject = {}): SchemaField {
  return schemaField('', schema, { refs: new LocalRefs(root), above: new Set() });
}

test.each([
  [{ type: 'string', format: 'date' }, 'text (date)'],
  [{ type: ['string', 'null'] }, 'text or null'],
  [{ type: 'integer', nullable: true }, 'integer or null'],
  [{ type: 'array', items: { type: 'array', items: { type: 'number' } } }, 'list of list of number'],
  [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'map of boolean'],
  [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }, 'one of text, integer'],
  [{ enum: ['a', 'b'] }, 'text'],
  [{}, 'anything'],
  [true, 'anything'],
  [false, 'nothing'],
] as const)('%j is %s', (schema, type) => {
  expect(fieldOf(schema).type).toBe(type);
});

test('properties of allOf stand beside the own ones, each once', () => {
  const root: JsonObject = {
    defs: { Named: { type: 'object', required: ['name'], properties: { name: {}, size: {} } } },
  };
  const schema = { allOf: [{ $ref: '#/defs/Named' }], properties: { size: { type: 'integer' } } };
  const below = fieldOf(schema, root).fields?.() ?? [];
  expect(below.map(({ name, type, isRequired }) => [name, type, isRequired])).toEqual([
    ['size', 'integer', false],
    ['name', 'anything', true],
  ]);
});

test('a circle closes, also through words beside the reference', () => {
  const root: JsonObject = {
    defs: { Cue: { type: 'object', properties: { next: { $ref: '#/defs/Cue', description: 'What follows.' } } } },
  };
  const [next] = fieldOf({ $ref: '#/defs/Cue' }, root).fields?.() ?? [];
  expect(next).toMatchObject({ type: 'Cue', description: 'What follows.', notes: ['as above'] });
  expect(next?.fields).toBeUndefined();
});

test('a reference to itself is no schema and no endless work', () => {
  const root: JsonObject = { defs: { A: { $ref: '#/defs/B' }, B: { $ref: '#/defs/A' } } };
  expect(fieldOf({ $ref: '#/defs/A' }, root).fields).toBeUndefined();
});

test('aliases of YAML that stand for a thousand million values cost little', () => {
  const levels = Array.from(
    { length: 9 },
    (_, at) => `l${at + 1}: &l${at + 1} [${Array(10).fill(`*l${at}`).join(', ')}]`,
  );
  const parsed = parseDefinition(['l0: &l0 [1, 1]', ...levels, 'me: &me { properties: { again: *me } }'].join('\n'));
  if (!parsed.ok) throw new Error(parsed.message);
  expect(JSON.stringify(boundedCopy(parsed.document)).length).toBeLessThan(100_000);
  const [again] = fieldOf(parsed.document['me'] ?? null).fields?.() ?? [];
  expect(again?.notes).toEqual(['as above']);
  expect(JSON.stringify(sampleValue(parsed.document['me'], new LocalRefs({}))).length).toBeLessThan(1000);
});

test.each(['allOf', 'oneOf', 'anyOf', 'items'])('aliases in %s cost little too', (key) => {
  const inner = (at: number): string => (key === 'items' ? `*s${at}` : `[${Array(30).fill(`*s${at}`).join(', ')}]`);
  const levels = Array.from(
    { length: 20 },
    (_, at) => `s${at + 1}: &s${at + 1} { ${key}: ${inner(at)}, type: [array, array] }`,
  );
  const parsed = parseDefinition(['s0: &s0 { properties: { a: {} } }', ...levels].join('\n'));
  if (!parsed.ok) throw new Error(parsed.message);
  const field = fieldOf(parsed.document['s20'] ?? null);
  expect(field.type.length).toBeLessThan(1000);
  expect((field.fields?.() ?? []).length).toBeLessThan(100);
});

test('more properties than anybody reads are counted', () => {
  const properties = Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`p${at}`, { type: 'string' }]));
  const below = fieldOf({ type: 'object', properties }).fields?.() ?? [];
  expect(below.length).toBe(501);
  expect(below.at(-1)).toMatchObject({ name: '…' });
});

test('a sample is made of examples, defaults and formats, without what only answers hold', () => {
  const schema = {
    type: 'object',
    properties: {
      id: { type: 'string', readOnly: true },
      seat: { type: 'string', examples: ['C-14'] },
      count: { type: 'integer', minimum: 1 },
      on: { type: 'string', format: 'date' },
      kinds: { type: 'array', items: { enum: ['full', 'half'] } },
    },
  };
  const sample = sampleValue(schema, new LocalRefs({}));
  expect(sample).toEqual({ seat: 'C-14', count: 1, on: '2026-01-31', kinds: ['full'] });
});
