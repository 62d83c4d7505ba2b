import { expect, test } from 'vitest';
import type { Ui } from '../../src/api/ui.ts';
import { SignInWatch } from './sign-in-watch.ts';

function uiOf(kind: Ui['principal']['kind'], ref: string): Ui {
  return {
    organization: 'Theatre',
    version: '1.0.0',
    demo: false,
    principal: { kind, ref },
    signIn: { providers: [], contact: 'Ask at the stage door.' },
    abilities: { allowed: [], conditional: [] },
    pages: [],
  };
}

const ann = uiOf('user', 'user:default/ann');
const ben = uiOf('user', 'user:default/ben');
const nobody = uiOf('anonymous', 'anonymous');

/** A watch whose server answers `now.ui`, and notes of what it asked of the page. */
function start(ui: Ui) {
  const notes: string[] = [];
  const now: { ui: Ui | undefined } = { ui };
  const watch = new SignInWatch({
    ask: () => Promise.resolve(now.ui),
    resume: () => notes.push('resume'),
    startOver: () => notes.push('start over'),
  });
  watch.subscribe(() => notes.push(watch.read() ? 'ended' : 'signed in'));
  return { watch, notes, now };
}

test('a page goes on showing whom it showed when the sign-in ends, and says so once', () => {
  const { watch, notes } = start(ann);
  expect(watch.settle(ann)).toBe(ann);
  expect(watch.settle(nobody)).toBe(ann);
  watch.end();
  expect(watch.read()).toBe(true);
  expect(notes).toEqual(['ended']);
});

test('nobody who was shown cannot be signed out', () => {
  const { watch, notes } = start(nobody);
  watch.end();
  expect(watch.settle(nobody)).toBe(nobody);
  watch.end();
  expect(watch.read()).toBe(false);
  expect(notes).toEqual([]);
});

test('the same principal who comes back goes on where the page stands', async () => {
  const { watch, notes, now } = start(nobody);
  watch.settle(ann);
  watch.end();
  await watch.check();
  expect(watch.read()).toBe(true);
  now.ui = ann;
  await watch.check();
  expect(watch.read()).toBe(false);
  expect(notes).toEqual(['ended', 'signed in', 'resume']);
});

test('for somebody else, or where nobody was, the page starts over', async () => {
  const { watch, notes } = start(ben);
  watch.settle(ann);
  watch.end();
  await watch.check();
  expect(notes).toEqual(['ended', 'start over']);
  const waiting = start(ann);
  waiting.watch.settle(nobody);
  await waiting.watch.check();
  expect(waiting.notes).toEqual(['start over']);
});

test('while somebody is signed in nothing is asked', async () => {
  const { watch, notes } = start(ben);
  watch.settle(ann);
  await watch.check();
  expect(notes).toEqual([]);
});

test('a server that is away is asked again the next time', async () => {
  const { watch, notes, now } = start(ann);
  watch.settle(ann);
  watch.end();
  now.ui = undefined;
  await watch.check();
  now.ui = ann;
  await watch.check();
  expect(notes).toEqual(['ended', 'signed in', 'resume']);
});
