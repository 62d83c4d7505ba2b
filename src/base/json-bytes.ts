import { outputBuffers } from './output-buffers.ts';

/** JSON values that are ready to be sent: all as UTF-8 bytes, or all as text. */
export type JsonValues = readonly Uint8Array[] | readonly string[];

/**
 * Joins ready JSON values to one JSON text: `head`, the values with commas between, `tail`. Nothing is parsed or
 * serialised again. Many bytes stand in one of the `outputBuffers`, which the sender gives back.
 *
 * @param head text up to and including the opening bracket of the list
 * @param values one value each
 * @param tail text from the closing bracket on
 */
export function joinJsonValues(head: string, values: JsonValues, tail: string): Buffer {
  if (isTexts(values)) return Buffer.from(head + values.join(',') + tail);
  const headLength = Buffer.byteLength(head);
  let size = headLength + Buffer.byteLength(tail) + Math.max(0, values.length - 1);
  for (const value of values) size += value.length;
  const joined = outputBuffers.take(size);
  let at = joined.write(head, 0);
  for (const value of values) {
    joined.set(value, at);
    at += value.length;
    joined[at++] = COMMA;
  }
  // The tail stands where the comma after the last value would.
  if (values.length > 0) at -= 1;
  // Never more than was written: the rest of the memory may hold another answer.
  return joined.subarray(0, at + joined.write(tail, at));
}

function isTexts(values: JsonValues): values is readonly string[] {
  return typeof values[0] === 'string';
}

const COMMA = 0x2c;
