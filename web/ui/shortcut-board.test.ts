import { expect, test } from 'vitest';
import { ShortcutBoard } from './shortcut-board.ts';

const KEYS: Readonly<Record<string, string>> = {
  'go.catalog': 'g c',
  'star.toggle': 's',
  find: 'mod+k',
  close: 'Escape',
};

function openBoard(areCharactersOn = true) {
  const done: string[] = [];
  const board = new ShortcutBoard(() => ({ areCharactersOn, keysOf: (id) => KEYS[id] ?? '' }));
  const press = (chord: string, at = 0, isTaken = false): boolean => board.press({ chord, at, isTaken });
  const add = (id: string, word = id, outcome?: false): (() => void) =>
    board.add(id, () => {
      done.push(word);
      return outcome;
    });
  return { board, press, add, done };
}

test('a key does what the part of the page that is there says', () => {
  const { press, add, done } = openBoard();
  expect(press('s')).toBe(false);
  const remove = add('star.toggle');
  expect(press('s')).toBe(true);
  remove();
  expect(press('s')).toBe(false);
  expect(done).toEqual(['star.toggle']);
});

test('keys one after the other mean something together, for a second', () => {
  const { press, add, done } = openBoard();
  add('go.catalog');
  expect(press('g', 0)).toBe(true);
  expect(press('c', 900)).toBe(true);
  expect(done).toEqual(['go.catalog']);
  press('g', 2000);
  expect(press('c', 3001)).toBe(false);
  expect(press('c', 3002)).toBe(false);
  expect(done).toEqual(['go.catalog']);
});

test('a sequence that leads nowhere does nothing, and is over', () => {
  const { press, add, done } = openBoard();
  add('go.catalog');
  add('star.toggle');
  press('g', 0);
  expect(press('s', 10)).toBe(false);
  expect(press('s', 20)).toBe(true);
  expect(done).toEqual(['star.toggle']);
});

test('the part that came last wins, unless it has nothing to do', () => {
  const { press, add, done } = openBoard();
  add('star.toggle', 'list');
  const closePeek = add('star.toggle', 'peek');
  press('s');
  closePeek();
  add('star.toggle', 'idle', false);
  press('s');
  expect(done).toEqual(['peek', 'idle', 'list']);
});

test('in a field only commands act, and a sequence is forgotten', () => {
  const { press, add, done } = openBoard();
  for (const id of Object.keys(KEYS)) add(id);
  press('g', 0);
  expect(press('s', 1, true)).toBe(false);
  expect(press('c', 2)).toBe(false);
  expect(press('Escape', 3, true)).toBe(false);
  expect(press('mod+k', 4, true)).toBe(true);
  expect(done).toEqual(['find']);
});

test('switched off, keys that write characters do nothing; commands and Escape do', () => {
  const { press, add, done } = openBoard(false);
  for (const id of Object.keys(KEYS)) add(id);
  for (const chord of ['g', 'c', 's', 'mod+k', 'Escape']) press(chord);
  expect(done).toEqual(['find', 'close']);
});

test('a shortcut can be run without its keys', () => {
  const { board, add, done } = openBoard();
  expect(board.run('find')).toBe(false);
  add('find');
  expect(board.run('find')).toBe(true);
  expect(done).toEqual(['find']);
});
