import { expect, test } from 'vitest';
import { findAsk, readQuestion } from './palette-question.ts';

test.each([
  ['pay', { kind: 'all', text: 'pay' }, { q: 'pay' }],
  ['  ', { kind: 'all', text: '' }, undefined],
  ['> theme', { kind: 'actions', text: 'theme' }, undefined],
  ['@', { kind: 'people', text: '' }, { q: '', kind: ['user', 'group'] }],
  ['@ada', { kind: 'people', text: 'ada' }, { q: 'ada', kind: ['user', 'group'] }],
  ['#jav', { kind: 'tags', text: 'jav' }, undefined],
  ['#java pay', { kind: 'tags', text: 'pay', tag: 'java' }, { q: 'pay', search: 'tag:"java"' }],
  ['#ja"va ', { kind: 'tags', text: '', tag: 'ja"va' }, { q: '', search: 'tag:"java"' }],
  [':ap', { kind: 'kinds', text: 'ap' }, undefined],
  [':api pay', { kind: 'kinds', text: 'pay', of: 'api' }, { q: 'pay', kind: ['api'] }],
  ['?', { kind: 'help', text: '' }, undefined],
])('%j means %j', (typed, question, ask) => {
  expect(readQuestion(typed)).toEqual(question);
  expect(findAsk(readQuestion(typed))).toEqual(ask);
});

test('no more is asked than the server takes', () => {
  expect(findAsk(readQuestion('x'.repeat(900)))?.q).toHaveLength(200);
});
