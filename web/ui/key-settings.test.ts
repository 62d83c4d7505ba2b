import { describe, expect, test } from 'vitest';
import {
  chooseKeys,
  conflictsOf,
  formatKeySettings,
  keysOf,
  NO_KEY_SETTINGS,
  parseKeySettings,
  type Shortcut,
} from './key-settings.ts';

const go: Shortcut = { id: 'go.catalog', group: 'Go to', title: 'Catalog', keys: 'g c' };
const star: Shortcut = { id: 'star.toggle', group: 'Item', title: 'Star', keys: 's' };
const close: Shortcut = { id: 'layer.close', group: 'Anywhere', title: 'Close', keys: 'Escape', isFixed: true };
const all = [go, star, close];

describe('what the browser keeps', () => {
  test('nothing is kept of what nobody chose', () => {
    expect(formatKeySettings(NO_KEY_SETTINGS)).toBeUndefined();
    expect(parseKeySettings(undefined)).toEqual(NO_KEY_SETTINGS);
  });

  test('choices come back as they were', () => {
    const chosen = { areCharactersOn: false, keys: { 'star.toggle': 'mod+s', 'go.catalog': '' } };
    expect(parseKeySettings(formatKeySettings(chosen))).toEqual(chosen);
  });

  test('the word of earlier versions still switches the keys off', () => {
    expect(parseKeySettings('off')).toEqual({ areCharactersOn: false, keys: {} });
  });

  test.each([
    '{',
    'null',
    '7',
    '[]',
    '{"keys":7}',
    '{"keys":{"a":7}}',
    JSON.stringify({ keys: { a: 'x'.repeat(61) } }),
  ])('of %s nothing is taken', (text) => {
    expect(parseKeySettings(text)).toEqual(NO_KEY_SETTINGS);
  });
});

test('chosen keys hold until they are taken back; the keys of some cannot be chosen', () => {
  const chosen = chooseKeys(NO_KEY_SETTINGS, star, 'mod+s');
  expect(keysOf(star, chosen)).toBe('mod+s');
  expect(chooseKeys(chosen, star, undefined)).toEqual(NO_KEY_SETTINGS);
  expect(chooseKeys(chosen, star, 's')).toEqual(NO_KEY_SETTINGS);
  expect(keysOf(close, { areCharactersOn: true, keys: { 'layer.close': 'q' } })).toBe('Escape');
});

test('keys conflict with those of others as they are set, not as they were made', () => {
  const conflicts = (keys: string, settings = NO_KEY_SETTINGS): readonly string[] =>
    conflictsOf(keys, star, all, settings).map(({ id }) => id);
  expect(conflicts('g')).toEqual(['go.catalog']);
  expect(conflicts('Escape')).toEqual(['layer.close']);
  expect(conflicts('s')).toEqual([]);
  expect(conflicts('')).toEqual([]);
  expect(conflicts('g', chooseKeys(NO_KEY_SETTINGS, go, ''))).toEqual([]);
  expect(conflicts('g k', chooseKeys(NO_KEY_SETTINGS, go, 'g k'))).toEqual(['go.catalog']);
});
