import { expect, test } from 'vitest';
import { foldText } from '../model/folded-text.ts';
import { FindColumn } from './find-column.ts';

test('typing errors are looked for only where few enough words are near', () => {
  const column = new FindColumn(true);
  for (let at = 0; at < 100; at += 1) column.add(`ticket-${at}`, foldText(`ticket-${at}`), at);
  column.finish();
  const found = column.typos('tikcet', 100);
  expect(found?.looks).toBe(100);
  expect(found?.entries).toHaveLength(100);
  expect(column.typos('tikcet', 99)).toBeUndefined();
});
