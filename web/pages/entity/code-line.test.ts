import { expect, test } from 'vitest';
import { codeText, lineOfPath } from './code-line.ts';
import { jsonLines } from './json-text.ts';
import { yamlLines } from './yaml-text.ts';

const entity = { metadata: { name: 'desk', tags: ['a', 'b'] }, spec: { owner: 'stage', ports: [{ port: 1 }] } };

test.each([
  ['YAML', yamlLines(entity)],
  ['JSON', jsonLines(entity)],
])('a problem finds its line in %s, or the nearest above it', (_, lines) => {
  const textAt = (path: string | undefined): string =>
    codeText([lines[lineOfPath(lines, path)]].flatMap((line) => line ?? []));
  expect(textAt('metadata.name')).toContain('desk');
  expect(textAt('metadata.tags[1]')).toContain('b');
  expect(textAt('spec.ports.0.port')).toContain('port');
  expect(textAt('spec.owner.deeper.still')).toContain('stage');
  expect(lineOfPath(lines, 'nowhere')).toBe(0);
  expect(lineOfPath(lines, undefined)).toBe(0);
});

test('JSON lines are the text that JSON.stringify writes', () => {
  const values = [entity, {}, [], { a: [], b: {} }, [1, [null, true], 'x"y'], 'text', 3];
  for (const value of values) expect(codeText(jsonLines(value))).toBe(`${JSON.stringify(value, undefined, 2)}\n`);
});
