/**
 * Joins ready JSON values to one JSON text: `head`, the values with commas between, `tail`. Nothing is parsed or
 * serialised again.
 *
 * @param head text up to and including the opening bracket of the list
 * @param values UTF-8 JSON, one value each
 * @param tail text from the closing bracket on
 */
export function joinJsonValues(head: string, values: readonly Uint8Array[], tail: string): Buffer {
  const headLength = Buffer.byteLength(head);
  let size = headLength + Buffer.byteLength(tail) + Math.max(0, values.length - 1);
  for (const value of values) size += value.length;
  const joined = Buffer.allocUnsafe(size);
  let at = joined.write(head, 0);
  for (const [index, value] of values.entries()) {
    if (index > 0) joined[at++] = COMMA;
    joined.set(value, at);
    at += value.length;
  }
  joined.write(tail, at);
  return joined;
}

const COMMA = 0x2c;
