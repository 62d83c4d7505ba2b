import { expect, test } from 'vitest';
import { fieldText, type FindField, matchTexts, readFindQuestion, wordRanges } from './find-match.ts';

const desk: readonly (readonly [FindField, string])[] = [
  ['name', 'ticket-desk'],
  ['title', 'The Counter'],
  ['description', 'Sells seats, and takes them back'],
  ['tag', 'java'],
  ['email', 'desk@example.com'],
];

function match(typed: string, texts = desk) {
  return matchTexts(
    texts.map(([field, text]) => fieldText(field, text)),
    readFindQuestion(typed),
  );
}

test.each([
  ['ticket-desk', 'exact', 'name', [[0, 11]]],
  ['Ticket Desk', 'exact', 'name', [[0, 11]]],
  ['tick', 'prefix', 'name', [[0, 4]]],
  ['desk', 'word', 'name', [[7, 11]]],
  ['coun', 'word', 'title', [[4, 8]]],
  ['icke', 'part', 'name', [[1, 5]]],
  ['seat', 'text', 'description', [[6, 10]]],
  ['jav', 'text', 'tag', [[0, 3]]],
  ['example', 'text', 'email', [[5, 12]]],
  ['tikcet', 'typo', 'name', [[0, 6]]],
  ['cuonter', 'typo', 'title', [[4, 11]]],
])('%s is found as %s in the %s', (typed, kind, field, ranges) => {
  expect(match(typed)).toMatchObject({ kind, field, ranges });
});

test('all words must be found; the worst of them says how', () => {
  expect(match('desk ticket')).toMatchObject({
    kind: 'word',
    field: 'name',
    ranges: [
      [0, 6],
      [7, 11],
    ],
  });
  expect(match('desk sells')).toMatchObject({ kind: 'text', field: 'description' });
  expect(match('desk sells tikcet')).toMatchObject({ kind: 'typo', field: 'name' });
  expect(match('desk nowhere')).toBeUndefined();
  expect(match(' -- ')).toBeUndefined();
});

test('the middle of a word counts in what it is called only, and not for one letter', () => {
  expect(match('ells')).toBeUndefined();
  expect(match('k')).toBeUndefined();
  expect(match('t')).toMatchObject({ kind: 'prefix' });
  expect(match('s', [['description', 'sells']])).toBeUndefined();
});

test('typing errors count in what it is called only, from four letters on', () => {
  expect(match('slels')).toBeUndefined();
  expect(match('tci')).toBeUndefined();
});

test('ranges of words that overlap are joined', () => {
  expect(wordRanges(fieldText('name', 'ticketdesk'), ['tick', 'ticket', 'etde'])).toEqual([[0, 8]]);
});

test('reads eight words, each once', () => {
  expect(readFindQuestion('a-b A  c d e f g h i j').words).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});
