import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { codeText } from './code-line.ts';
import { yamlLines } from './yaml-text.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    'yes',
    'null',
    '1e3',
    '0x1f',
    '- a',
    'a: b',
    'a #b',
    ' a',
    'a\nb',
    'a\n\nb\n',
    'a\n',
    '\n',
    'é',
    '12:30',
    '=',
    '<<',
  ),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

test('what is written reads back as the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(parse(codeText(yamlLines(plain)))).toEqual(plain);
    }),
    { numRuns: 1000 },
  );
});

test('an ordinary descriptor looks as a person would write it', () => {
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'desk', description: 'Sells seats at the counter', tags: ['java', 'on'] },
    spec: {
      owner: 'group:default/box-office',
      definition: 'openapi: 3\ninfo: {}\n',
      links: [{ url: 'https://a.example' }],
    },
  };
  expect(codeText(yamlLines(entity))).toBe(`apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: desk
  description: Sells seats at the counter
  tags:
    - java
    - "on"
spec:
  owner: group:default/box-office
  definition: |
    openapi: 3
    info: {}
  links:
    - url: https://a.example
`);
});
