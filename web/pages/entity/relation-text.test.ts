import { expect, test } from 'vitest';
import { inReadingOrder, relationText } from './relation-text.ts';

test('relations read as words', () => {
  expect(relationText('ownedBy')).toBe('Owned by');
  expect(relationText('apiProvidedBy')).toBe('API provided by');
  expect(relationText('hasPart')).toBe('Has part');
});

test('on a kind that calls a relation otherwise, it is called so', () => {
  expect(relationText('hasPart', 'Component')).toBe('Subcomponents');
  expect(relationText('apiProvidedBy', 'API')).toBe('Providers');
  expect(relationText('ownedBy', 'API')).toBe('Owned by');
});

test('relations stand in reading order, unknown ones last', () => {
  expect(inReadingOrder(['watches', 'ownedBy', 'adores', 'dependsOn', 'partOf'])).toEqual([
    'partOf',
    'dependsOn',
    'ownedBy',
    'adores',
    'watches',
  ]);
});
