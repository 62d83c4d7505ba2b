import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFindQuestion } from '../../src/model/find-match.ts';
import {
  callingTexts,
  entityItem,
  GROUP_ROWS,
  matchItems,
  type PaletteGroup,
  type PaletteRow,
} from './palette-item.ts';
import { groupRows, inGroups, mergeRows } from './palette-rows.ts';

function row(id: string, group: PaletteGroup = 'catalog'): PaletteRow {
  return { item: { id, group, label: id, texts: callingTexts(id) }, match: undefined };
}

const idsOf = (rows: readonly PaletteRow[]): readonly string[] => rows.map(({ item }) => item.id);

test('rows stand in the order of the groups, each once, and no more than are shown', () => {
  const many = Array.from({ length: 20 }, (_, at) => row(`c${at}`));
  const rows = inGroups([row('page', 'pages'), ...many, row('c1'), row('ada', 'people')]);
  expect(idsOf(rows)).toEqual([...idsOf(many).slice(0, GROUP_ROWS), 'ada', 'page']);
});

test('what comes later goes below the highlighted row, which stays where it is', () => {
  const shown = [row('old'), row('mine'), row('page', 'pages')];
  const wanted = [row('best'), row('mine'), row('other'), row('page', 'pages')];
  expect(idsOf(mergeRows(shown, 1, wanted))).toEqual(['old', 'mine', 'best', 'other', 'page']);
  expect(idsOf(mergeRows(shown, -1, wanted))).toEqual(['best', 'mine', 'other', 'page']);
  expect(idsOf(mergeRows([], -1, wanted))).toEqual(idsOf(wanted));
});

test('whatever comes, the row that is highlighted stays the same at its place, and nothing is there twice or lost', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 15 });
  const check = fc.property(ids, ids, fc.nat(14), (before, after, at) => {
    const active = Math.min(at, before.length - 1);
    const merged = idsOf(
      mergeRows(
        before.map((id) => row(id)),
        active,
        after.map((id) => row(id)),
      ),
    );
    expect(merged.slice(0, active + 1)).toEqual(before.slice(0, active + 1));
    expect(new Set(merged).size).toBe(merged.length);
    expect(merged).toEqual(expect.arrayContaining(after));
  });
  fc.assert(check, { numRuns: 300 });
});

test('titles stand over runs of rows', () => {
  const groups = groupRows([row('a'), row('b'), row('p', 'pages'), row('c')]);
  expect(groups.map(({ group, first, rows }) => [group, first, rows.length])).toEqual([
    ['catalog', 0, 2],
    ['pages', 2, 1],
    ['catalog', 3, 1],
  ]);
});

test('here, as on the server, better matches come first, then what is familiar, then production and short names', () => {
  const entity = (name: string, more: object = {}) => ({
    ref: `component:default/${name}`,
    kind: 'Component',
    name,
    ...more,
  });
  const items = [
    entityItem(entity('lamp-old', { lifecycle: 'deprecated' })),
    entityItem(entity('lamp-stand')),
    entityItem(entity('lamp-x')),
    entityItem(entity('lamp-production', { lifecycle: 'production' })),
    entityItem(entity('lamp-of-mine'), { isFamiliar: true }),
    entityItem(entity('lamp')),
    entityItem(entity('rope', { description: 'holds a lamp' })),
    entityItem(entity('my-lamp'), { isFamiliar: true }),
  ];
  const found = matchItems(items, readFindQuestion('lamp')).map(({ item }) => item.label);
  expect(found).toEqual([
    'lamp',
    'lamp-of-mine',
    'lamp-production',
    'lamp-x',
    'lamp-stand',
    'lamp-old',
    'my-lamp',
    'rope',
  ]);
});
