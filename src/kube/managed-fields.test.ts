import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWithoutManagedFields } from './managed-fields.ts';

/** What is left of a value when its managedFields are taken out after it was parsed. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'managedFields')
      .map(([key, inner]) => [key, without(inner)]),
  );
}

const parse = (value: unknown): unknown => parseWithoutManagedFields(Buffer.from(JSON.stringify(value)));

// Signs that could pass for the end of the field, within names that others choose.
const nasty = fc.oneof(
  fc.string(),
  fc
    .array(
      fc.constantFrom('}', ']', ',', '"', '\\', '{', '[', ':', 'managedFields', '}]},', '}],"', '"managedFields":['),
    )
    .map((all) => all.join('')),
);
const entry = fc.record({
  manager: nasty,
  operation: fc.constantFrom('Update', 'Apply'),
  apiVersion: fc.constant('v1'),
  time: fc.constant('2026-01-01T00:00:00Z'),
  fieldsType: fc.constant('FieldsV1'),
  fieldsV1: fc.dictionary(
    nasty.map((name) => `k:${JSON.stringify({ name })}`),
    fc.constant({ '.': {} }),
  ),
});

describe('managedFields', () => {
  test('are gone, and all else is as JSON.parse has it, whatever stands in them', () => {
    const pod = fc.record({
      metadata: fc.record({ name: nasty, labels: fc.dictionary(nasty, nasty), managedFields: fc.array(entry) }),
      spec: fc.record({ text: nasty, list: fc.array(nasty) }),
    });
    fc.assert(
      fc.property(fc.array(pod, { maxLength: 4 }), (items) => {
        expect(without(parse({ items }))).toEqual(without(JSON.parse(JSON.stringify({ items }))));
      }),
      { numRuns: 150 },
    );
  });

  test('are cut out where they stand last, in the middle, first or alone', () => {
    const managedFields = [{ manager: 'kubectl', fieldsV1: { 'f:a': { '.': {} } } }];
    expect(parse({ metadata: { name: 'a', managedFields }, spec: {} })).toEqual({ metadata: { name: 'a' }, spec: {} });
    expect(parse({ metadata: { labels: {}, managedFields, name: 'a' } })).toEqual({
      metadata: { labels: {}, name: 'a' },
    });
    expect(parse({ metadata: { managedFields, name: 'a' } })).toEqual({ metadata: { name: 'a' } });
    expect(parse({ metadata: { managedFields } })).toEqual({ metadata: {} });
    expect(parse([{ metadata: { managedFields } }, { metadata: { managedFields, name: 'b' } }])).toEqual([
      { metadata: {} },
      { metadata: { name: 'b' } },
    ]);
  });

  test('stay where they are laid out in another way', () => {
    const value = { metadata: { name: 'a', managedFields: [{ manager: 'kubectl' }] } };
    expect(parseWithoutManagedFields(Buffer.from(JSON.stringify(value, undefined, 1)))).toEqual(value);
    expect(parse({ managedFields: [] })).toEqual({ managedFields: [] });
  });

  test('do not make good JSON of bad', () => {
    expect(() => parseWithoutManagedFields(Buffer.from('{"managedFields":[{}],"a"'))).toThrow(SyntaxError);
    expect(() => parseWithoutManagedFields(Buffer.from('{"managedFields":[{"a":1'))).toThrow(SyntaxError);
  });
});
