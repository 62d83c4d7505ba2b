import { expect, test } from 'vitest';
import { NumberList } from './number-list.ts';

test('holds as many numbers as are added, in order', () => {
  const list = new NumberList();
  for (let number = 0; number < 5000; number += 2) list.push(number, number + 1);
  expect(list.length).toBe(5000);
  expect([...list.numbers()]).toEqual(Array.from({ length: 5000 }, (_, index) => index));
});

test('what was taken stays as it was when more come', () => {
  const list = new NumberList();
  list.push(1);
  const taken = list.numbers();
  for (let number = 0; number < 3000; number += 1) list.push(7);
  expect([...taken]).toEqual([1]);
});
