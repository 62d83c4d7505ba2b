import { expect, test } from 'vitest';
import { relationText } from './relation-text.ts';

test('relations read as words', () => {
  expect(relationText('ownedBy')).toBe('Owned by');
  expect(relationText('apiProvidedBy')).toBe('API provided by');
  expect(relationText('hasPart')).toBe('Has part');
});
