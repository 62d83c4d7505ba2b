import { expect, test } from 'vitest';
import { part, TouchLog } from './touch-log.ts';

test('what was touched since a step is told by the parts that matter', () => {
  const log = new TouchLog();
  log.note(new Map([[1, part.entity]]));
  const { step } = log;
  log.note(
    new Map([
      [2, part.entity | part.relations],
      [3, part.relations],
      [4, part.facts],
    ]),
  );
  expect(log.since(step).toArray()).toEqual([2, 3, 4]);
  expect(log.since(step, part.entity).toArray()).toEqual([2]);
  expect(log.since(step, part.entity | part.facts).toArray()).toEqual([2, 4]);
  expect(log.since(log.step).isEmpty).toBe(true);
});

test('a step that touched nothing is none', () => {
  const log = new TouchLog();
  log.note(new Map());
  expect(log.step).toBe(0);
});

test('whoever lags far behind is told all that was touched, each part by itself', () => {
  const log = new TouchLog();
  for (let id = 0; id < 5_000; id += 1) log.note(new Map([[id, id % 2 === 0 ? part.entity : part.relations]]));
  expect(log.since(0).size).toBe(5_000);
  expect(log.since(0, part.entity).size).toBe(2_500);
  const late = log.since(4_990, part.entity).toArray();
  expect(late).toEqual(expect.arrayContaining([4_990, 4_992, 4_998]));
  expect(late.every((id) => id % 2 === 0)).toBe(true);
});
