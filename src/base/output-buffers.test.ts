import { expect, test } from 'vitest';
import { OutputBuffers } from './output-buffers.ts';

test('memory that was given back is used again, by buffers of about the size', () => {
  const buffers = new OutputBuffers();
  const first = buffers.take(40_000);
  expect(first.length).toBe(40_000);
  const other = buffers.take(40_000);
  expect(other.buffer).not.toBe(first.buffer);
  buffers.giveBack(first);
  expect(buffers.take(80_000).buffer).not.toBe(first.buffer);
  const again = buffers.take(50_000);
  expect(again.length).toBe(50_000);
  expect(again.buffer).toBe(first.buffer);
});

test('memory is given back once, and only what was taken', () => {
  const buffers = new OutputBuffers();
  const taken = buffers.take(9_000);
  buffers.giveBack(taken);
  buffers.giveBack(taken);
  buffers.giveBack(taken.subarray(10));
  buffers.giveBack(Buffer.alloc(16_384));
  const [one, two] = [buffers.take(9_000), buffers.take(9_000)];
  expect(one.buffer).toBe(taken.buffer);
  expect(two.buffer).not.toBe(taken.buffer);
});

test('sizes beyond the largest are not kept', () => {
  const buffers = new OutputBuffers();
  const taken = buffers.take(3_000_000);
  expect(taken.length).toBe(3_000_000);
  buffers.giveBack(taken);
  expect(buffers.take(3_000_000).buffer === taken.buffer).toBe(false);
  expect(buffers.take(0).length).toBe(0);
});

test('no more is kept than a bound', () => {
  const buffers = new OutputBuffers();
  const taken = Array.from({ length: 12 }, () => buffers.take(2 * 1024 * 1024));
  for (const buffer of taken) buffers.giveBack(buffer);
  const known = new Set(taken.map((buffer) => buffer.buffer));
  const again = Array.from({ length: 12 }, () => buffers.take(2 * 1024 * 1024));
  expect(again.filter((buffer) => known.has(buffer.buffer)).length).toBe(8);
});
