import { expect, test } from 'vitest';
import { bytesText } from './bytes-text.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [512 * 2 ** 20, '512 MiB'],
  [2.13 * 2 ** 40, '2.1 TiB'],
  [3000 * 2 ** 50, '3000 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
