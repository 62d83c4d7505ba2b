import { expect, test } from 'vitest';
import { describeEngines } from '../../test/support/store-engines.ts';
import { systemClock } from '../base/clock.ts';
import type { PreferenceStore, PreferenceWrite } from './preferences.ts';

const put = (owner: string, key: string, parts: Partial<Extract<PreferenceWrite, { op: 'put' }>> = {}) =>
  ({ op: 'put', owner, type: 'star', key, value: null, most: 3, ...parts }) as const;
const keysOf = async (store: PreferenceStore, ...owners: string[]): Promise<string[]> =>
  (await store.list(owners)).map(({ owner, key }) => `${owner} ${key}`);

describeEngines('preferences', (makeHome) => {
  test('a record is read back as it was written, by its owner alone', async () => {
    const { preferences } = await (await makeHome()).open({ clock: { ...systemClock, now: () => 1_000 } });
    const value = { title: 'quote " and \ud83d\ude00', list: [1, null] };
    expect(await preferences.write(put('user:default/a', 'x', { type: 'view', value }))).toBe('written');
    await preferences.write(put('user:default/b', 'y'));
    expect(await preferences.list(['user:default/a'])).toEqual([
      { owner: 'user:default/a', type: 'view', key: 'x', value, updatedAt: 1_000 },
    ]);
    expect(await preferences.list(['user:default/c'])).toEqual([]);
    expect(await preferences.list([])).toEqual([]);
  });

  test('records of several owners come by owner, type and key; or of one type only', async () => {
    const { preferences } = await (await makeHome()).open();
    for (const [owner, key] of [
      ['b', '1'],
      ['a', '2'],
      ['a', '1'],
    ] as const)
      await preferences.write(put(owner, key));
    await preferences.write(put('a', '', { type: 'team', value: '*' }));
    expect(await keysOf(preferences, 'b', 'a')).toEqual(['a 1', 'a 2', 'a ', 'b 1']);
    expect((await preferences.list(['a', 'b'], 'team')).map(({ value }) => value)).toEqual(['*']);
  });

  test('an owner has only so many of a type; what is there may still be changed', async () => {
    const { preferences } = await (await makeHome()).open();
    for (const key of ['1', '2', '3']) await preferences.write(put('a', key));
    expect(await preferences.write(put('a', '4'))).toBe('full');
    expect(await preferences.write(put('a', '2', { value: 'again' }))).toBe('written');
    expect(await preferences.write(put('a', '4', { type: 'view' }))).toBe('written');
    expect(await preferences.write(put('b', '4'))).toBe('written');
    expect(await preferences.write({ op: 'delete', owner: 'a', type: 'star', key: '1' })).toBe('written');
    expect(await preferences.write({ op: 'delete', owner: 'a', type: 'star', key: '1' })).toBe('absent');
    expect(await preferences.write(put('a', '4'))).toBe('written');
  });

  test.each([
    ['a value of more than 8 KB', put('a', 'x', { value: 'x'.repeat(9_000) })],
    ['a deep value', put('a', 'x', { value: JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) as [] })],
    ['no owner', put('', 'x')],
    ['a long key', put('a', 'x'.repeat(400))],
    ['a text that no database gives back', put('a', 'x\u0000')],
  ])('%s is refused', async (_, write) => {
    const { preferences } = await (await makeHome()).open();
    await expect(preferences.write(write)).rejects.toMatchObject({ code: 'WRITE_INVALID' });
  });

  test('what is written survives the store and takes no revision', async () => {
    const home = await makeHome();
    const store = await home.open();
    await store.preferences.write(put('a', 'x'));
    expect(await store.revision()).toBe(0);
    await store.close();
    expect(await keysOf((await home.open()).preferences, 'a')).toEqual(['a x']);
  });
});
