import { expect, test } from 'vitest';
import { CellJson } from './cell-json.ts';
import { PairSets } from './pair-sets.ts';
import { Words } from './words.ts';

test('words and sets are written in the form of their column, however often', () => {
  const words = new Words();
  const pairs = new PairSets(words);
  const json = new CellJson(words, pairs);
  const images = words.idOf('a:1\nb:2');
  const broken = words.idOf('{"a":');
  const set = pairs.idOf('app=web\nnote=a=b\nbare');
  for (let time = 0; time < 2; time += 1) {
    expect(json.word(images, 'lines')).toBe('["a:1","b:2"]');
    expect(json.word(images, undefined)).toBe('"a:1\\nb:2"');
    expect(json.word(words.idOf('{"a":1}'), 'json')).toBe('{"a":1}');
    expect(json.word(broken, 'json')).toBe('"{\\"a\\":"');
    expect(json.set(set)).toBe('{"app":"web","note":"a=b","bare":""}');
  }
});

test('an id that came to mean something else is written as that', () => {
  const words = new Words();
  const pairs = new PairSets(words);
  const json = new CellJson(words, pairs);
  const old = { word: words.idOf('old'), set: pairs.idOf('app=old') };
  expect([json.word(old.word, undefined), json.set(old.set)]).toEqual(['"old"', '{"app":"old"}']);
  words.beginMarking();
  pairs.beginMarking();
  pairs.sweep(1, pairs.end);
  words.sweep(1, words.end);
  const pair = words.idOf('app=new');
  const now = { word: words.idOf('new'), set: pairs.idOf('app=new') };
  expect([old.word, old.set].every((id) => [now.word, pair, now.set].includes(id))).toBe(true);
  expect([json.word(now.word, undefined), json.set(now.set)]).toEqual(['"new"', '{"app":"new"}']);
});

test('long texts, and more than a few thousand, are written but not kept', () => {
  const words = new Words();
  const json = new CellJson(words, new PairSets(words));
  const long = 'x'.repeat(5_000);
  expect(json.word(words.idOf(long), undefined)).toBe(JSON.stringify(long));
  const ids = Array.from({ length: 20_000 }, (_, number) => words.idOf(`word ${number}`));
  for (const id of ids) json.word(id, undefined);
  expect(ids.every((id, number) => json.word(id, undefined) === `"word ${number}"`)).toBe(true);
});
