import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { outcomeOf, subjectOf } from '../../test/support/expressions.ts';
import { compileExpression } from './expression.ts';

const howTo = readFileSync(new URL('../../docs/how-to/expressions.md', import.meta.url), 'utf8');

test('every expression of the how-to compiles', () => {
  const blocks = [...howTo.matchAll(/```cel\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.split('\n')).filter((line) => line !== '');
  const asked = [...howTo.matchAll(/callboard query (?:--\w+ )?'(.*)'/g)].map(([, source = '']) => source);
  expect(lines.length).toBeGreaterThan(10);
  expect(asked.length).toBe(2);
  expect([...lines, ...asked].filter((source) => !compileExpression(source).ok)).toEqual([]);
});

test('the table of outcomes is right', () => {
  const rows = [...howTo.matchAll(/^\| `(.+)` \| (true|false|unknown)/gm)];
  expect(rows.length).toBe(7);
  for (const [, source = '', outcome] of rows) {
    expect(`${source} ${outcome}`).toBe(
      `${source} ${outcomeOf(source.replaceAll('\\|', '|'), subjectOf({ spec: {} }))}`,
    );
  }
});
