import { pino } from 'pino';
import { afterEach, expect, inject, test } from 'vitest';
import { describeEngines, type TestHome } from '../../test/support/store-engines.ts';
import { systemClock } from '../base/clock.ts';
import type { AccessWrite } from '../store/access-records.ts';
import { openAccessState, type AccessState } from './access-state.ts';

const log = pino({ level: 'silent' });
const put = (key: string, value: number): AccessWrite => ({ op: 'put', type: 'session', key, value });
const gone = (key: string): AccessWrite => ({ op: 'delete', type: 'session', key });

describeEngines('access state', (makeHome, engine) => {
  const states: AccessState[] = [];
  afterEach(async () => {
    for (const state of states.splice(0)) await state.close();
  });

  async function open(home: TestHome, notify = true): Promise<AccessState> {
    const { access } = await home.open({ notify });
    const state = await openAccessState({ store: access, clock: systemClock, log });
    states.push(state);
    return state;
  }

  test('is what was written, whatever the order of commits under way', async () => {
    const state = await open(await makeHome());
    await Promise.all(Array.from({ length: 200 }, (_, n) => state.commit([put(`k${n % 20}`, n)], [])));
    expect([...state.all('session')]).toHaveLength(20);
    const sequences = [...state.all('session')].map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(20);
    expect(Math.max(...sequences)).toBe(200);
  });

  test('more records than one page are read at the start', async () => {
    const home = await makeHome();
    const store = await home.open();
    const writes = Array.from({ length: 2_500 }, (_, n) => put(`k${n}`, n));
    await store.access.commit(writes, []);
    await store.access.commit([gone('k7')], []);
    const state = await openAccessState({ store: store.access, clock: systemClock, log });
    states.push(state);
    expect([...state.all('session')]).toHaveLength(2_499);
  });

  if (engine === 'sqlite' || 'missing' in inject('postgres')) return;

  test.each([
    ['by a notification', true],
    ['by looking, where there are none', false],
  ])('of another server follows %s', async (_, notify) => {
    const home = await makeHome();
    const [here, there] = [await open(home, notify), await open(home, notify)];
    await here.commit([put('a', 1)], []);
    // What is not known there is asked for before it is refused.
    await there.catchUp();
    expect(there.get('session', 'a')?.value).toBe(1);
    await here.commit([gone('a')], []);
    await expect.poll(() => there.get('session', 'a')).toBeUndefined();
  });
});
