import { expect, test } from 'vitest';
import { ageText } from './age-text.ts';

test('an age is told in its largest unit, rounded down', () => {
  expect(ageText(0)).toBe('0 s');
  expect(ageText(59_999)).toBe('59 s');
  expect(ageText(60_000)).toBe('1 min');
  expect(ageText(3_599_999)).toBe('59 min');
  expect(ageText(86_399_999)).toBe('23 h');
  expect(ageText(8 * 86_400_000)).toBe('8 d');
});

test('a moment ahead of the own clock is now', () => {
  expect(ageText(-5000)).toBe('0 s');
});
