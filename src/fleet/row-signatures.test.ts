// Searches pass over blocks of rows by their signatures: what comes, changes and goes must be found as if every row were read.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { liveObject, memoryFleet } from '../../test/support/memory-fleet.ts';
import type { FoundObjects } from '../api/fleet.ts';
import { Needle } from './needle.ts';
import { markTrigrams, SIGNATURE_WORDS } from './trigrams.ts';

const parts = fc.constantFrom('till', 'desk', 'lamp', 'Office', 'box', 'x1');
const joined = fc.array(parts, { minLength: 1, maxLength: 3 }).map((some) => some.join('-'));
const odd = fc.integer({ min: 1e9, max: 1e10 }).map((number) => number.toString(36));

test('a search finds what is there after any changes, few or many', () => {
  const object = fc.record({
    number: fc.integer({ min: 0, max: 99 }),
    images: fc.oneof(joined, odd),
    labels: fc.oneof(joined, odd).map((value) => `app=${value}`),
  });
  const step = fc.record({
    objects: fc.oneof(
      fc.array(object, { minLength: 1, maxLength: 5 }),
      fc.array(object, { maxLength: 400, minLength: 200 }),
    ),
    isSigned: fc.boolean(),
    gone: fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 40 }),
    texts: fc.array(fc.oneof(joined, fc.constantFrom('pod-7', 'd-1', 'app=box-desk', 'ice-t')), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
      const fleet = memoryFleet();
      fleet.putCluster('east');
      fleet.watchAll('east');
      const held = new Map<string, string>();
      for (const { objects, gone, texts, isSigned } of steps) {
        const named = objects.map(({ number, ...cells }) =>
          liveObject(`pod-${number}`, { namespace: 'shop', ...cells }),
        );
        fleet.put('east', 'Pod', named);
        for (const { name, images, labels } of named)
          held.set(String(name), `${name} ${images} ${labels}`.toLowerCase());
        for (const number of gone) {
          fleet.remove('east', 'Pod', liveObject(`pod-${number}`, { namespace: 'shop' }));
          held.delete(`pod-${number}`);
        }
        if (isSigned) fleet.store.sign(() => false);
        const last = objects.slice(-3).flatMap(({ images, labels }) => [images, labels]);
        for (const text of [...texts, ...last].map((one) => one.toLowerCase())) {
          const answer = Buffer.from(fleet.store.search({ text, limit: 200 }, 'all')).toString();
          const found = (JSON.parse(answer) as FoundObjects).items.map(({ name }) => name);
          const wanted = [...held].filter(([, all]) => all.includes(text)).map(([name]) => name);
          expect([text, found.sort()]).toEqual([text, wanted.sort()]);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a signature holds every piece of its texts, and few others', () => {
  const mayHold = (piece: string, texts: readonly string[]): boolean => {
    const marks = new Int32Array(2 * SIGNATURE_WORDS);
    for (const text of texts) markTrigrams(marks, SIGNATURE_WORDS, Buffer.from(text), 0, Buffer.byteLength(text));
    return new Needle(piece).mayBeIn(marks, SIGNATURE_WORDS);
  };
  const texts = ['app.kubernetes.io/name=account-api', 'Box-Office:1.4', 'wéb'];
  for (const text of texts) {
    for (let start = 0; start < text.length; start += 1) {
      for (let end = start + 1; end <= text.length; end += 1) expect(mayHold(text.slice(start, end), texts)).toBe(true);
    }
  }
  expect(['ticket', 'api-box', 'account-office', 'office-1.4'].filter((piece) => mayHold(piece, texts))).toEqual([]);
});
