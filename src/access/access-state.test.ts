import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { MemoryAccessStore } from '../../test/support/memory-access-store.ts';
import type { AccessWrite } from '../store/access-records.ts';
import { type AccessChange, type AccessState, openAccessState } from './access-state.ts';

const log = pino({ level: 'silent' });
const states: AccessState[] = [];

async function open(store: MemoryAccessStore, clock = new ManualClock()): Promise<AccessState> {
  const state = await openAccessState({ store, clock, log });
  states.push(state);
  return state;
}

afterEach(async () => {
  for (const state of states.splice(0)) await state.close();
});

const put = (key: string, value: number, expiresAt?: number): AccessWrite => ({
  op: 'put',
  type: 'session',
  key,
  value,
  expiresAt,
});

test('what was committed before is there from the start, and an own commit as soon as it resolves', async () => {
  const store = new MemoryAccessStore();
  await store.commit([put('a', 1)], []);
  const state = await open(store);
  expect(state.get('session', 'a')?.value).toBe(1);
  expect(state.get('token', 'a')).toBeUndefined();
  const result = await state.commit([put('a', 2), put('b', 3)], []);
  expect(result).toEqual({ status: 'written', sequence: 3 });
  expect(state.get('session', 'a')).toMatchObject({ value: 2, sequence: 2 });
  expect([...state.all('session')].map(({ key }) => key).sort()).toEqual(['a', 'b']);
});

test('a conflict leaves what the other one wrote in memory', async () => {
  const store = new MemoryAccessStore();
  const [here, there] = [await open(store), await open(store)];
  await there.commit([put('a', 1)], []);
  const write: AccessWrite = { op: 'put', type: 'session', key: 'a', value: 2, expect: 0 };
  expect(await here.commit([write], [])).toMatchObject({ status: 'conflict', key: 'a' });
  expect(here.get('session', 'a')?.value).toBe(1);
});

test('changes of another server arrive by a hint, and listeners are told all of a reading at once', async () => {
  const store = new MemoryAccessStore();
  const [here, there] = [await open(store), await open(store)];
  const told: (readonly AccessChange[])[] = [];
  here.onChange((changes) => told.push(changes));
  await there.commit([put('a', 1), put('b', 1)], []);
  await expect.poll(() => here.get('session', 'b')?.value).toBe(1);
  await there.commit([{ op: 'delete', type: 'session', key: 'a' }], []);
  await expect.poll(() => here.get('session', 'a')).toBeUndefined();
  expect(told.flat()).toMatchObject([{ key: 'a' }, { key: 'b' }, { key: 'a', gone: true }]);
});

test('a credential that is not known here is found by catching up, whatever became of the hint', async () => {
  const store = new MemoryAccessStore();
  store.hints = false;
  const [here, there] = [await open(store), await open(store)];
  await there.commit([put('new', 1)], []);
  expect(here.get('session', 'new')).toBeUndefined();
  await here.catchUp();
  expect(here.get('session', 'new')?.value).toBe(1);
});

test('a flood of unknown credentials costs one reading now and one a tenth of a second later', async () => {
  const store = new MemoryAccessStore();
  const clock = new ManualClock();
  const state = await open(store, clock);
  const before = store.readings;
  await Promise.all(Array.from({ length: 100 }, () => state.catchUp()));
  expect(store.readings - before).toBe(1);
  const flood = Promise.all(Array.from({ length: 100 }, () => state.catchUp()));
  expect(store.readings - before).toBe(1);
  clock.advance(100);
  await flood;
  expect(store.readings - before).toBe(2);
});

test('while the store cannot be read, what was known stays, a commit and a catch-up fail, and a poll recovers', async () => {
  const store = new MemoryAccessStore();
  const clock = new ManualClock();
  const state = await open(store, clock);
  await state.commit([put('a', 1)], []);
  store.fault = new Error('away');
  await expect(state.catchUp()).rejects.toThrow('away');
  await expect(state.commit([put('b', 1)], [])).rejects.toThrow('away');
  expect(state.get('session', 'a')?.value).toBe(1);
  store.fault = undefined;
  store.hints = false;
  await store.commit([put('c', 1)], []);
  clock.advance(500);
  await expect.poll(() => state.get('session', 'c')?.value).toBe(1);
});

test('a record that ran out is as gone, without a word of the store', async () => {
  const store = new MemoryAccessStore();
  const clock = new ManualClock(1_000);
  const state = await open(store, clock);
  await state.commit([put('a', 1, 2_000)], []);
  clock.drift(999);
  expect(state.get('session', 'a')).toBeDefined();
  clock.drift(1);
  expect(state.get('session', 'a')).toBeUndefined();
  expect([...state.all('session')]).toEqual([]);
});

test('a store that went back is read anew: what it does not have is told as gone', async () => {
  const store = new MemoryAccessStore();
  const state = await open(store);
  await state.commit([put('a', 1), put('b', 1)], []);
  const told: AccessChange[] = [];
  state.onChange((changes) => told.push(...changes));
  const older = new MemoryAccessStore();
  await older.commit([put('b', 2)], []);
  store.become(older);
  await state.catchUp();
  expect(state.get('session', 'a')).toBeUndefined();
  expect(state.get('session', 'b')?.value).toBe(2);
  expect(told).toMatchObject([{ key: 'a', gone: true }, { key: 'b' }]);
});

test('a listener that throws keeps no other from its news', async () => {
  const state = await open(new MemoryAccessStore());
  let heard = 0;
  state.onChange(() => {
    throw new Error('broken');
  });
  state.onChange(() => (heard += 1));
  await state.commit([put('a', 1)], []);
  expect(heard).toBe(1);
});
