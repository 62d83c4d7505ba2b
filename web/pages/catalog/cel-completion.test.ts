import { expect, test } from 'vitest';
import { celPath, typedPath, wrongSpan } from './cel-completion.ts';

test('the path before the caret is completed, but nothing inside a text', () => {
  expect(typedPath('kind == "API" && spec.ty', 24)).toEqual({ start: 17, prefix: 'spec.ty' });
  expect(typedPath('spec.ty == 1', 4)).toEqual({ start: 0, prefix: 'spec' });
  expect(typedPath('kind == "AP', 11)).toBeUndefined();
  expect(typedPath('kind == "a\\"b" && x', 19)).toEqual({ start: 18, prefix: 'x' });
  expect(typedPath('kind == ', 8)).toBeUndefined();
});

test('keys that are no names stand in brackets', () => {
  expect(celPath('metadata.annotations.example.org/size')).toBe('metadata.annotations["example.org/size"]');
  expect(celPath('metadata.labels.tier')).toBe('metadata.labels.tier');
  expect(celPath('spec.type')).toBe('spec.type');
});

test('the place of an error is counted in characters, by line', () => {
  expect(wrongSpan('a &&\n  b ==', { line: 2, column: 3, length: 1 })).toEqual({ start: 7, end: 8 });
  expect(wrongSpan('"🎭" == x', { line: 1, column: 8, length: 1 })).toEqual({ start: 8, end: 9 });
  expect(wrongSpan('ab', { line: 1, column: 3, length: 5 })).toEqual({ start: 2, end: 3 });
});
