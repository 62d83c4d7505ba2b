import { describe, expect, test } from 'vitest';
import { chordOf, collide, isCharacter, keyLabels, type KeyPress } from './chord.ts';

function press(key: string, held: Partial<KeyPress> = {}, isThird = false): KeyPress {
  const none = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return { key, ...none, getModifierState: (name) => isThird && name === 'AltGraph', ...held };
}

describe('the name of a key press', () => {
  test.each([
    ['j', {}, 'j'],
    ['X', { shiftKey: true }, 'shift+x'],
    // Caps Lock writes capitals too.
    ['J', {}, 'j'],
    ['?', { shiftKey: true }, '?'],
    ['Escape', {}, 'Escape'],
    ['Enter', { shiftKey: true }, 'shift+Enter'],
    [' ', {}, 'Space'],
    ['7', { altKey: true }, 'alt+7'],
  ] as const)('%s with %j is %s', (key, held, chord) => {
    expect(chordOf(press(key, held), false)).toBe(chord);
  });

  test('the key for commands is Command on Apple’s keyboards and Control elsewhere', () => {
    expect(chordOf(press('k', { ctrlKey: true }), false)).toBe('mod+k');
    expect(chordOf(press('k', { metaKey: true }), true)).toBe('mod+k');
    expect(chordOf(press('k', { metaKey: true }), false)).toBe('meta+k');
    expect(chordOf(press('k', { ctrlKey: true }), true)).toBe('ctrl+k');
    expect(chordOf(press('K', { ctrlKey: true, shiftKey: true }), false)).toBe('mod+shift+k');
  });

  test('a symbol is itself on every keyboard, also where it needs a third level', () => {
    expect(chordOf(press('[', { ctrlKey: true, altKey: true }, true), false)).toBe('[');
    expect(chordOf(press('[', { altKey: true }), true)).toBe('[');
  });

  test('on a keyboard of another script the place tells the letter', () => {
    expect(chordOf(press('о', { code: 'KeyJ' }), false)).toBe('j');
    expect(chordOf(press('Л', { code: 'KeyK', shiftKey: true }), false)).toBe('shift+k');
    // A Latin keyboard has its letters where it wants them.
    expect(chordOf(press('z', { code: 'KeyY' }), false)).toBe('z');
  });

  test.each(['Shift', 'Control', 'AltGraph', 'Dead', 'Process'])('%s alone is none', (key) => {
    expect(chordOf(press(key), false)).toBeUndefined();
  });
});

test('letters, digits, symbols and the space bar write characters; named keys and commands do not', () => {
  expect(['j', 'shift+x', '?', '7', 'Space', 'é', '+'].filter((chord) => !isCharacter(chord))).toEqual([]);
  expect(['Escape', 'Enter', 'shift+Tab', 'mod+k', 'alt+7', 'F1'].filter(isCharacter)).toEqual([]);
});

test('keys collide when they are equal or one begins with the other', () => {
  expect(collide('g', 'g c')).toBe(true);
  expect(collide('g c', 'g')).toBe(true);
  expect(collide('g c', 'g c')).toBe(true);
  expect(collide('g c', 'g s')).toBe(false);
  expect(collide('g', 'gg')).toBe(false);
});

test('keys are written as on the keyboard', () => {
  expect(keyLabels('mod+k', true)).toEqual(['⌘K']);
  expect(keyLabels('mod+shift+k', false)).toEqual(['Ctrl Shift K']);
  expect(keyLabels('g c', false)).toEqual(['g', 'c']);
  expect(keyLabels('Escape', false)).toEqual(['Esc']);
  expect(keyLabels('mod++', false)).toEqual(['Ctrl +']);
});
