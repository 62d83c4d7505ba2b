import { expect, test } from 'vitest';
import { graphLink, readGraphSearch, toggleOpen, togglePin, toggleRelation, withRoot } from './graph-search.ts';

test('keeps what makes sense, and unknown keys', () => {
  const search = { root: 'Component:default/Desk', depth: '9', dir: 'in', fold: 'colour', twin: 'both', mine: 'x' };
  expect(readGraphSearch(search)).toEqual({ root: 'component:default/desk', dir: 'in', twin: 'both', mine: 'x' });
});

test('opening and pinning are taken back by the same choice; another root keeps the pins', () => {
  const opened = togglePin(toggleOpen(graphLink('a').search, 'b'), 'c');
  expect(opened).toMatchObject({ root: 'a', open: 'b', pin: 'c' });
  expect(toggleOpen(opened, 'b').open).toBeUndefined();
  expect(withRoot(opened, 'd')).toMatchObject({ root: 'd', open: undefined, pin: 'c' });
});

test('all relations shown, or none chosen, is no choice', () => {
  const all = ['dependsOn', 'ownedBy'];
  const one = toggleRelation({}, 'ownedBy', all);
  expect(one.rel).toBe('dependsOn');
  expect(toggleRelation(one, 'ownedBy', all).rel).toBeUndefined();
  expect(toggleRelation(one, 'dependsOn', all).rel).toBeUndefined();
});
