import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ListBody } from './list-body.ts';
import { ProtocolViolation } from './reflector-failure.ts';
import type { KubeObject } from './reflection.ts';

interface Read {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  readonly next: string | undefined;
  /** How often objects were given before the end. */
  readonly pieces: number;
}

function read(text: string, chunkBytes = 16_384): Read {
  const bytes = Buffer.from(text);
  const body = new ListBody();
  const items: KubeObject[] = [];
  let pieces = 0;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const found = body.take(bytes.subarray(at, at + chunkBytes));
    if (found.length > 0) pieces += 1;
    items.push(...found);
  }
  const { items: last, ...head } = body.end();
  return { items: [...items, ...last], ...head, pieces };
}

/** An object of about `bytes`; with lists in it that look like the items of a list. */
function object(number: number, bytes: number): KubeObject {
  const template = { metadata: { name: 'data' }, spec: { text: '},{"metadata":' } };
  return {
    metadata: { name: `web-${number}`, resourceVersion: String(number), note: 'x'.repeat(bytes) },
    spec: { volumeClaimTemplates: [template, template, template] },
  };
}

const many = Array.from({ length: 700 }, (_, at) => object(at, 6_000));
const builtin = (items: readonly KubeObject[], meta: object = {}): string =>
  `${JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7', ...meta }, items })}\n`;
const custom = (items: readonly KubeObject[]): string =>
  `${JSON.stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    items: items.map((item) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', ...item })),
    kind: 'RolloutList',
    metadata: { continue: 'abc', resourceVersion: '9' },
  })}\n`;

describe('the body of a list', () => {
  test('is read in pieces, wherever it was cut', () => {
    for (const chunkBytes of [1_000, 16_384, 1_500_000, 100_000_000]) {
      const { items, resourceVersion, next, pieces } = read(builtin(many, { continue: 'next page' }), chunkBytes);
      expect(items).toEqual(many);
      expect([resourceVersion, next]).toEqual(['7', 'next page']);
      if (chunkBytes < 10_000_000) expect(pieces).toBeGreaterThan(1);
    }
  });

  test('may say of itself what it says at its end, as lists of custom resources do', () => {
    const { items, resourceVersion, next, pieces } = read(custom(many));
    expect(items.map(({ metadata }) => metadata)).toEqual(many.map(({ metadata }) => metadata));
    expect([resourceVersion, next]).toEqual(['9', 'abc']);
    expect(pieces).toBeGreaterThan(1);
  });

  test('may be laid out in any other way', () => {
    const pretty = JSON.stringify({ metadata: { resourceVersion: '7' }, items: many }, undefined, 2);
    expect(read(pretty).items).toEqual(many);
    expect(read('{"metadata":{"resourceVersion":"7"},"items":null}')).toMatchObject({ items: [], next: undefined });
    expect(read('{"metadata":{"resourceVersion":"7"}}').items).toEqual([]);
    expect(read(builtin([])).items).toEqual([]);
  });

  test('may hold an item that is larger than a piece', () => {
    const large = [object(1, 10), object(2, 5_000_000), object(3, 10)];
    expect(read(builtin(large)).items).toEqual(large);
  });

  test('is refused when it was cut off, anywhere', () => {
    const text = builtin(many.slice(0, 300));
    fc.assert(
      fc.property(fc.nat(text.length - 3), (end) => {
        expect(() => read(text.slice(0, end))).toThrow(ProtocolViolation);
      }),
      { numRuns: 50 },
    );
  });

  test('may hold objects that are none: one of them does not hide the others', () => {
    expect(read('{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":5}},null,1]}').items).toHaveLength(3);
  });

  test('is refused where it has no items or no resourceVersion', () => {
    expect(() => read('{"metadata":{"resourceVersion":"7"},"items":{}}')).toThrow(ProtocolViolation);
    expect(() => read('{"metadata":{},"items":[]}')).toThrow(ProtocolViolation);
    expect(() => read('[]')).toThrow(ProtocolViolation);
  });

  test('is refused when it is very large and no place is found to cut it', () => {
    const body = new ListBody();
    const chunk = Buffer.alloc(4 * 1024 * 1024, 'x');
    expect(() => {
      for (let at = 0; at < 20; at += 1) body.take(chunk);
    }).toThrow(ProtocolViolation);
  });
});
