import { describe, expect, test } from 'vitest';
import { hashOf } from './encoded-text.ts';
import { Needle } from './needle.ts';
import { PairSets } from './pair-sets.ts';
import { Words } from './words.ts';

describe('words', () => {
  test('have one id each, and are read again as they were', () => {
    const words = new Words();
    const texts = [
      '',
      'web',
      'wéb',
      '日本',
      'a'.repeat(600_000),
      ...Array.from({ length: 5_000 }, (_, at) => `word-${at}`),
    ];
    const ids = texts.map((text) => words.idOf(text));
    expect(new Set(ids).size).toBe(texts.length);
    expect(ids.map((id) => words.text(id))).toEqual(texts);
    expect(texts.map((text) => words.find(text))).toEqual(ids);
    expect(words.find('never')).toBe(-1);
    const bytes = Buffer.from('xwéby');
    expect(words.idOfBytes(bytes, 1, bytes.length - 1, hashOf(bytes, 1, bytes.length - 1))).toBe(words.idOf('wéb'));
  });

  test('are found by a piece, whatever the case of their letters, also where others were before', () => {
    const words = new Words();
    const ids = ['box-office:1.4', 'Box-Office', 'office', 'off', 'back-off', ''].map((text) => words.idOf(text));
    const found = (piece: string): readonly string[] => {
      const answers = words.answersFor(new Needle(piece));
      return ids.filter((id) => answers.of(id)).map((id) => words.text(id));
    };
    expect(found('office')).toEqual(['box-office:1.4', 'Box-Office', 'office']);
    expect(found('off')).toEqual(['box-office:1.4', 'Box-Office', 'office', 'off', 'back-off']);
    expect(found('ff')).toEqual(['box-office:1.4', 'Box-Office', 'office', 'off', 'back-off']);
    expect(found('1.4box')).toEqual([]);
    words.beginMarking();
    words.mark(ids[0] ?? 0);
    words.sweep(0, words.end);
    const again = words.idOf('x-office');
    expect([ids[0], again].every((id) => words.answersFor(new Needle('office')).of(id ?? 0))).toBe(true);
  });

  test('are ordered by code point', () => {
    const words = new Words();
    const ids = ['b', 'a', 'ab', '\u{1F600}', '\uFFFD'].map((text) => words.idOf(text));
    expect(ids.sort((left, right) => words.compare(left, right)).map((id) => words.text(id))).toEqual([
      'a',
      'ab',
      'b',
      '\uFFFD',
      '\u{1F600}',
    ]);
  });

  test('that are not marked are forgotten, their ids and memory used again, and the others stay', () => {
    const words = new Words();
    const long = 'x'.repeat(200);
    const make = (round: number): number[] =>
      Array.from({ length: 8_000 }, (_, at) => words.idOf(`${round}-${at}-${long}`));
    const kept = words.idOf('kept');
    for (let round = 0; round < 5; round += 1) {
      const ids = make(round);
      words.beginMarking();
      words.mark(kept);
      for (const id of ids.slice(0, 10)) words.mark(id);
      const asked = words.idOf(`${round}-7999-${long}`);
      words.sweep(1, words.end);
      expect(words.size).toBe(12);
      expect(words.text(asked)).toBe(`${round}-7999-${long}`);
      expect(ids.slice(0, 10).map((id) => words.text(id))).toEqual(
        Array.from({ length: 10 }, (_, at) => `${round}-${at}-${long}`),
      );
      expect(words.find(`${round}-100-${long}`)).toBe(-1);
    }
    expect(words.text(kept)).toBe('kept');
    expect(words.end).toBeLessThan(8_100);
  });
});

describe('sets of pairs', () => {
  test('have one id each, whatever the number of their pairs', () => {
    const sets = new PairSets(new Words());
    const lines = ['', 'a=1', 'a=1\nb=2', 'b=2', 'b=2\na=1'];
    const ids = lines.map((one) => sets.idOf(one));
    expect(new Set(ids).size).toBe(5);
    expect(lines.map((one) => sets.idOf(one))).toEqual(ids);
    expect(ids.map((id) => sets.text(id))).toEqual(lines);
  });

  test('keep their words while they are marked, and go when they are not', () => {
    const words = new Words();
    const sets = new PairSets(words);
    const kept = sets.idOf('a=1\nb=2');
    for (let at = 0; at < 5_000; at += 1) sets.idOf(`a=1\nc=${at}`);
    words.beginMarking();
    sets.beginMarking();
    sets.mark(kept);
    sets.sweep(1, sets.end);
    words.sweep(1, words.end);
    expect([sets.size, words.size]).toEqual([1, 2]);
    expect(sets.text(kept)).toBe('a=1\nb=2');
    expect(sets.text(sets.idOf('z=9\na=1'))).toBe('z=9\na=1');
  });
});

describe('a needle', () => {
  test.each([
    ['web', 'the-WEB', 4],
    ['web', 'we', -1],
    ['a', 'bbba', 3],
    ['aab', 'aaaab', 2],
    ['ü', 'xü', 1],
    ['CrashLoop', 'crashloopbackoff', 0],
    ['x', '', -1],
  ])('%j in %j is at %i', (needle, text, at) => {
    const bytes = Buffer.from(`--${text}--`);
    expect(new Needle(needle).findIn(bytes, 2, bytes.length - 4)).toBe(at);
  });
});
