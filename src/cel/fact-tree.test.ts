import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fresh, outcomeOf, stale, subjectOf } from '../../test/support/expressions.ts';
import type { SubjectFact } from '../model/predicate.ts';
import { FactTree, readFact } from './fact-tree.ts';
import { Unknown } from './value.ts';

function read(facts: Readonly<Record<string, SubjectFact>>, ...path: string[]): unknown {
  const found = readFact(facts, path, path.join('.'));
  return found instanceof FactTree ? found.toMap() : found;
}

describe('overlapping facts', () => {
  const facts = {
    image: fresh({ age: 1, os: 'linux', layers: { count: 3 } }),
    'image.age': fresh(12),
    'image.layers.size': fresh(9),
    'image.digest': stale('sha'),
  };

  test('the fact with the longest path wins over what a shorter one says', () => {
    expect(read(facts, 'image', 'age')).toBe(12);
    expect(read(facts, 'image', 'os')).toBe('linux');
    expect(read(facts, 'image', 'layers')).toEqual({ count: 3, size: 9 });
    expect(read(facts, 'image', 'layers', 'count')).toBe(3);
    expect(read(facts, 'image', 'digest')).toBeInstanceOf(Unknown);
    expect(read(facts, 'image', 'nothing')).toBeUndefined();
    expect(read(facts, 'nothing')).toBeUndefined();
  });

  test('under a stale map only what has a fact of its own is known', () => {
    const under = { image: stale({ age: 1, os: 'linux' }), 'image.age': fresh(12) };
    expect(read(under, 'image', 'age')).toBe(12);
    expect(read(under, 'image', 'os')).toBeInstanceOf(Unknown);
    expect(read(under, 'image')).toBeInstanceOf(Unknown);
  });

  test('a scalar hides what is below it where it is read as a whole', () => {
    const scalar = { image: fresh('a'), 'image.age': fresh(12) };
    expect(read(scalar, 'image')).toBe('a');
    expect(new FactTree(scalar).toMap()).toEqual({ image: 'a' });
  });
});

test('a fact whose path is the beginning of another word is not above it', () => {
  expect(read({ imagery: fresh(1) }, 'image')).toBeUndefined();
  expect(read({ 'image.age': fresh(1) }, 'ima')).toBeUndefined();
});

test('names that JavaScript gives a meaning to are names like others', () => {
  const facts = JSON.parse('{"__proto__": {"value": {"x": 1}, "unknown": false}}') as Record<string, SubjectFact>;
  expect(read(facts, '__proto__', 'x')).toBe(1);
  expect(read({}, 'constructor')).toBeUndefined();
});

test('reading by a path, key by key, and of the whole gives the same', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const value = fc.oneof(fc.integer(), fc.dictionary(key, fc.integer(), { noNullPrototype: true }));
  // Scalars above other facts are left out: the one case where the whole says less.
  const leaves = fc.dictionary(fc.constantFrom('a', 'b.a', 'b.b', 'c.a.a', 'c.a.b', 'c.b'), value, {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(leaves, fc.array(key, { minLength: 1, maxLength: 4 }), (values, path) => {
      const facts = Object.fromEntries(Object.entries(values).map(([name, each]) => [name, fresh(each)]));
      const subject = subjectOf({ facts: { k: facts } });
      const dotted = `facts.k.${path.join('.')}`;
      const stepwise = `facts[kind == "x" ? "" : "k"]${path.map((each) => `[kind == "x" ? "" : "${each}"]`).join('')}`;
      const whole = `cel.bind(w, dyn(facts.k), w.${path.join('.')})`;
      expect(outcomeOf(`${dotted} == ${stepwise}`, subject)).toBe(outcomeOf(`${dotted} == ${whole}`, subject));
      const parent = path.length === 1 ? 'facts.k' : `facts.k.${path.slice(0, -1).join('.')}`;
      const present = read(facts, ...path) !== undefined;
      expect(outcomeOf(`${dotted} == ${stepwise}`, subject)).toBe(present ? true : 'unknown');
      expect(outcomeOf(`"${path.at(-1)}" in ${parent}`, subject)).toBe(outcomeOf(`has(${dotted})`, subject));
    }),
    { numRuns: 300 },
  );
});
