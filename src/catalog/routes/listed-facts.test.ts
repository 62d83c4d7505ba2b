import { expect, test } from 'vitest';
import type { Subject } from '../../model/predicate.ts';
import { factAt, factPaths } from './listed-facts.ts';

function subjectWith(slots: Subject['facts'][string]): Subject {
  return { ref: 'component:default/a', entity: {} as Subject['entity'], relations: {}, facts: { probe: slots } };
}

test('a part of a fact is found, at the longest fact that has it', () => {
  const subject = subjectWith({
    load: { value: { now: 7, 'a.b': 1 }, unknown: false },
    'load.now': { value: 8, unknown: true },
    'load.then': { value: {}, unknown: false },
  });
  expect(factAt(subject, 'probe.load')).toEqual({ value: { now: 7, 'a.b': 1 } });
  expect(factAt(subject, 'probe.load.now')).toEqual({ value: 8, unknown: true });
  expect(factAt(subject, 'probe.load.then.x')).toBeUndefined();
  expect(factAt(subject, 'probe.loa')).toBeUndefined();
  expect(factAt(subject, 'probe')).toBeUndefined();
  expect(factAt(subject, 'none.load')).toBeUndefined();
  expect(factAt(subject, 'probe.constructor')).toBeUndefined();
});

test('a path of a thousand parts is not tried in a thousand ways', () => {
  let looks = 0;
  const watched = new Proxy<Subject['facts'][string]>(
    { load: { value: 1, unknown: false } },
    {
      getOwnPropertyDescriptor: (target, key) => {
        looks += 1;
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    },
  );
  expect(factAt(subjectWith(watched), `probe${'.a'.repeat(1_000)}`)).toBeUndefined();
  expect(looks).toBeLessThan(5);
});

test('a list shows each fact once, and no more than a hundred', () => {
  expect(factPaths(['kind,facts.a.b', 'facts.a.b, facts.c.d,facts.e'])).toEqual(['a.b', 'c.d']);
  expect(factPaths(Array.from({ length: 300 }, (_, at) => `facts.a.b${at}`))).toHaveLength(100);
});
