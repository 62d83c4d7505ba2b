/** A copy of an array of numbers with more room: half more, and at least what is needed. */
export function grown(numbers: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(needed, 8, numbers.length + (numbers.length >>> 1)));
  larger.set(numbers);
  return larger;
}
