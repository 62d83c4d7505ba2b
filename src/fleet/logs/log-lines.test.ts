import { expect, test } from 'vitest';
import { momentOf } from '../../api/log-cursor.ts';
import { LogLines, MOST_LINE_BYTES, plainText } from './log-lines.ts';

const at = '2026-05-04T09:14:22.317504112Z';

/** What comes of a text that arrives in pieces of a size. */
function cut(text: string, size: number): readonly string[] {
  const bytes = Buffer.from(text);
  const lines = new LogLines();
  const found = [];
  for (let from = 0; from < bytes.length; from += size) found.push(...lines.take(bytes.subarray(from, from + size)));
  return [...found, ...lines.rest()].map((line) => `${line.at}|${line.text}|${line.cut}`);
}

test('lines are the same however their bytes arrive', () => {
  const text = `${at} größer\n${at} \n${at}\nno time here\r\n${at} last`;
  const lines = [`${at}|größer|0`, `${at}||0`, `${at}||0`, '|no time here|0', `${at}|last|0`];
  for (const size of [1, 2, 7, 1000]) expect(cut(text, size)).toEqual(lines);
});

test('a line that is too long keeps its beginning, and the next one is whole', () => {
  const long = 'x'.repeat(MOST_LINE_BYTES * 3);
  for (const size of [100, MOST_LINE_BYTES, 1_000_000]) {
    const [first, second] = cut(`${at} ${long}\n${at} next\n`, size);
    expect(first).toHaveLength(`${at}|`.length + MOST_LINE_BYTES - at.length - 1 + '|32799'.length);
    expect(first?.endsWith(`x|${MOST_LINE_BYTES * 2 + at.length + 1}`)).toBe(true);
    expect(second).toBe(`${at}|next|0`);
  }
});

test('moments have their fraction and their zone; what is none is none', () => {
  expect(momentOf('1970-01-01T00:00:01.5Z')).toBe(1500);
  expect(momentOf('1970-01-01T02:00:01.000250+02:00')).toBeCloseTo(1000.25, 6);
  expect(momentOf('1970-01-01T00:00:01Z')).toBe(1000);
  expect(momentOf('never')).toBeUndefined();
});

test('a line without a time stands where the one before it does', () => {
  const [, second] = new LogLines().take(Buffer.from('1970-01-01T00:00:01Z a\n  at b\n'));
  expect(second).toEqual({ at: '', moment: 1000, text: '  at b', cut: 0 });
});

test('colours and other commands to a terminal are taken out', () => {
  expect(plainText('\u001B[1;31merror\u001B[0m \u001B]0;title\u0007x\u001B[?25l')).toBe('error x');
  expect(plainText('[31m is text')).toBe('[31m is text');
});
