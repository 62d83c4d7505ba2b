import { expect, test } from 'vitest';
import { yamlParts } from './yaml-parts.ts';

test('keys, values and list signs of a text are told apart; nothing of it is lost', () => {
  const text =
    'kind: Pod\nspec:\n  containers:\n    - name: "a: b"\n      ports: [80]\n      args:\n        - --port=80\n  n: 3\n' +
    '  script: |-\n    key: no key\n\n    x\n  last: true\n';
  const lines = yamlParts(text);
  expect(`${lines.map(({ lead, key, value }) => lead + key + value).join('\n')}\n`).toBe(text);
  const parts = lines.map(({ lead, key, value, sort }) => [lead, key, value, sort]);
  expect(parts[0]).toEqual(['', 'kind:', ' Pod', 'text']);
  expect(parts[3]).toEqual(['    - ', 'name:', ' "a: b"', 'text']);
  expect(parts[6]).toEqual(['        - ', '', '--port=80', 'text']);
  expect(parts[7]?.[3]).toBe('literal');
  expect(parts[9]).toEqual(['', '', '    key: no key', 'text']);
  expect(parts[12]).toEqual(['  ', 'last:', ' true', 'literal']);
});
