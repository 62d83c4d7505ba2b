import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DigestSum, hash64, quickHash64 } from './digest.ts';

function digestOf(texts: Iterable<string>): string {
  const sum = new DigestSum();
  for (const text of texts) sum.add(hash64(text));
  return sum.toString();
}

test('a digest does not depend on the order of the records', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), (texts) => {
      expect(digestOf(texts.toReversed())).toBe(digestOf(texts));
    }),
  );
});

test('taking a record out leaves the digest of the others', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), fc.nat(), (texts, pick) => {
      const out = texts[pick % texts.length]!;
      const sum = new DigestSum();
      for (const text of texts) sum.add(hash64(text));
      sum.remove(hash64(out));
      expect(sum.toString()).toBe(digestOf(texts.filter((text) => text !== out)));
    }),
  );
});

test('sets that differ have different digests', () => {
  expect(digestOf(['a'])).not.toBe(digestOf(['b']));
  expect(digestOf(['a', 'b'])).not.toBe(digestOf(['a']));
  expect(digestOf([])).toBe('0000000000000000-0');
  // The same record twice is a fault that must show.
  expect(digestOf(['a', 'a'])).not.toBe(digestOf([]));
});

test('texts that differ a little have hashes that differ in both halves', () => {
  for (const hashOf of [hash64, quickHash64]) {
    const [high, low] = [new Set<number>(), new Set<number>()];
    for (let index = 0; index < 20_000; index += 1) {
      const found = hashOf(`entity|component:default/part-${index}|["file:/a.yaml",${index % 7}]`);
      high.add(found.high);
      low.add(found.low);
    }
    // By chance about one of 20,000 numbers of 32 bits meets another.
    expect(high.size, hashOf.name).toBeGreaterThan(19_990);
    expect(low.size, hashOf.name).toBeGreaterThan(19_990);
  }
});

test('a sum that was kept as text goes on where it was', () => {
  const [first, second] = [new DigestSum(), new DigestSum()];
  for (const text of ['a', 'b', 'c']) first.add(hash64(text));
  second.addSum(first.toString());
  expect(second.toString()).toBe(first.toString());
  second.add(hash64('d'));
  second.remove(hash64('a'));
  first.add(hash64('d'));
  first.remove(hash64('a'));
  expect(second.toString()).toBe(first.toString());
});
