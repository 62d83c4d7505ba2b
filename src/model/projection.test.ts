import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from './json.ts';
import { parseFields } from './projection.ts';

const desk: JsonObject = {
  kind: 'Component',
  metadata: {
    name: 'ticket-desk',
    tags: ['java', 'web'],
    labels: { 'example.com/tier': 'gold', 'a.b.c': 'dots' },
  },
  spec: { type: 'service', nothing: null, objects: [{ name: 'a' }, { name: 'b' }] },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/x' }],
};

/** What a client would read. */
function cut(fields: readonly string[], input: JsonObject = desk): unknown {
  const projection = parseFields(fields);
  return projection && JSON.parse(JSON.stringify(projection.cut(input)));
}

test.each<[string, string[], unknown]>([
  ['paths in one parameter, with spaces', ['kind, spec.type'], { kind: 'Component', spec: { type: 'service' } }],
  ['repeated parameters', ['kind', 'metadata.name'], { kind: 'Component', metadata: { name: 'ticket-desk' } }],
  [
    'keys with dots',
    ['metadata.labels.example.com/tier', 'metadata.labels.a.b.c'],
    { metadata: { labels: { 'example.com/tier': 'gold', 'a.b.c': 'dots' } } },
  ],
  ['a whole branch', ['spec.objects'], { spec: { objects: [{ name: 'a' }, { name: 'b' }] } }],
  [
    'a branch and a part of it, in either order',
    ['spec.objects,spec.objects.0.name'],
    { spec: { objects: [{ name: 'a' }, { name: 'b' }] } },
  ],
  ['null is a value', ['spec.nothing'], { spec: { nothing: null } }],
  ['what is missing is left out', ['spec.nosuch', 'spec.type.deeper', 'status'], {}],
  [
    'lists by number only',
    ['relations.0.type', 'spec.objects.name', 'metadata.tags.length'],
    { relations: [{ type: 'ownedBy' }] },
  ],
  ['letter case counts', ['KIND'], {}],
  ['nothing inherited', ['constructor', '__proto__', 'spec.__proto__'], {}],
  ['the container of what is inherited, empty', ['spec.toString', 'kind.toString'], { spec: {} }],
])('%s', (_, fields, expected) => {
  expect(cut(fields)).toEqual(expected);
});

test('asks for nothing where all fields are empty', () => {
  expect(parseFields([])).toBeUndefined();
  expect(parseFields(['', ' , '])).toBeUndefined();
});

test('refuses array brackets', () => {
  expect(() => parseFields(['a[0]'])).toThrow(expect.objectContaining({ code: 'FIELDS_INVALID', status: 400 }));
});

test('a part after or before its branch leaves the input as it was', () => {
  const before = structuredClone(desk);
  cut(['spec.objects.0.name,spec.objects', 'spec,spec.type', 'spec.type,spec']);
  expect(desk).toEqual(before);
});

test('takes nothing but what is there, and never changes the input', () => {
  const key = fc.constantFrom('a', 'b', 'a.b', '0', '__proto__', 'length');
  const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.integer(),
      fc.array(tie('tree'), { maxLength: 2 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
    ) as fc.Arbitrary<JsonValue>,
  }));
  const field = fc.array(key, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.'));
  fc.assert(
    fc.property(fc.dictionary(key, tree), fc.array(field, { maxLength: 4 }), (input, fields) => {
      const text = JSON.stringify(input);
      const output = parseFields(fields)?.cut(input);
      expect(JSON.stringify(input)).toBe(text);
      if (output !== undefined) expectPart(output, input);
    }),
  );
});

/** Every leaf of `part` stands at the same place in `whole`. */
function expectPart(part: JsonValue | undefined, whole: JsonValue | undefined): void {
  if (typeof part !== 'object' || part === null) {
    expect(part).toBe(whole);
    return;
  }
  for (const [key, value] of Object.entries(part))
    expectPart(value as JsonValue, Object.getOwnPropertyDescriptor(whole, key)?.value as JsonValue);
}
