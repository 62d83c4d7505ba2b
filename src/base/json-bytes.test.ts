import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinJsonValues } from './json-bytes.ts';

test('the joined text is the JSON of the list', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), fc.string({ unit: 'binary' }), (values, name) => {
      const bytes = values.map((value) => Buffer.from(JSON.stringify(value)));
      const [head, tail] = [`{"name":${JSON.stringify(name)},"items":[`, `],"töt":${values.length}}`];
      const expected = `{"name":${JSON.stringify(name)},"items":${JSON.stringify(values)},"töt":${values.length}}`;
      expect(joinJsonValues(head, bytes, tail).toString()).toBe(expected);
      const texts = values.map((value) => JSON.stringify(value));
      expect(joinJsonValues(head, texts, tail).toString()).toBe(expected);
    }),
  );
});
