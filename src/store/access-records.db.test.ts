import { expect, test } from 'vitest';
import { describeEngines } from '../../test/support/store-engines.ts';
import { systemClock } from '../base/clock.ts';
import type { AccessStore, AccessWrite, AuditEntry } from './access-records.ts';

const DAY_MS = 86_400_000;

const put = (key: string, more: Partial<Extract<AccessWrite, { op: 'put' }>> = {}): AccessWrite => ({
  op: 'put',
  type: 'role',
  key,
  value: { name: key },
  ...more,
});
const entry = (action: string): AuditEntry => ({ at: 5, actor: 'user:default/a', action, outcome: 'success' });
const keysOf = async (store: AccessStore, after = 0): Promise<string[]> =>
  (await store.changes(after, 100)).changes.map((change) => ('gone' in change ? `-${change.key}` : change.key));

describeEngines('access records', (makeHome) => {
  test('a record is read back as it was written, with the sequence and moment of its last change', async () => {
    const { access } = await (await makeHome()).open({ clock: { ...systemClock, now: () => 1_000 } });
    const value = { text: 'quote " and \u0000 and \ud83d\ude00', list: [1, null, { deep: true }] };
    expect(await access.commit([put('a', { value, expiresAt: 9_000 })], [])).toEqual({
      status: 'written',
      sequence: 1,
    });
    expect(await access.changes(0, 10)).toEqual({
      changes: [{ type: 'role', key: 'a', value, expiresAt: 9_000, updatedAt: 1_000, sequence: 1 }],
      sequence: 1,
      complete: true,
      expired: false,
    });
  });

  test('changes are told in order, each record as it is now, in pages without a gap', async () => {
    const { access } = await (await makeHome()).open();
    await access.commit([put('a'), put('b'), put('c')], []);
    await access.commit([put('a', { value: 2 }), { op: 'delete', type: 'role', key: 'b' }], []);
    expect(await keysOf(access)).toEqual(['c', 'a', '-b']);
    expect(await keysOf(access, 4)).toEqual(['-b']);
    expect(await keysOf(access, 5)).toEqual([]);
    const page = await access.changes(0, 2);
    expect(page).toMatchObject({ complete: false, sequence: 4 });
    expect(await keysOf(access, page.sequence)).toEqual(['-b']);
  });

  test('a write that expects another sequence writes nothing, and names the record', async () => {
    const { access } = await (await makeHome()).open();
    await access.commit([put('a', { expect: 0 })], []);
    expect(await access.commit([put('b'), put('a', { expect: 0 })], [entry('x')])).toEqual({
      status: 'conflict',
      type: 'role',
      key: 'a',
    });
    expect(await keysOf(access)).toEqual(['a']);
    expect(await access.audit({}, { limit: 10 })).toEqual([]);
    expect(await access.commit([put('a', { expect: 1 })], [])).toEqual({ status: 'written', sequence: 2 });
    await access.commit([{ op: 'delete', type: 'role', key: 'a', expect: 2 }], []);
    expect(await access.commit([put('a', { expect: 0 })], [])).toMatchObject({ status: 'written' });
  });

  test('deleting what is not there changes nothing', async () => {
    const { access } = await (await makeHome()).open();
    expect(await access.commit([{ op: 'delete', type: 'token', key: 'a' }], [])).toEqual({
      status: 'written',
      sequence: 0,
    });
    expect(await keysOf(access)).toEqual([]);
  });

  test('commits that wait together are each all or nothing, in order', async () => {
    const { access } = await (await makeHome()).open();
    const results = await Promise.all([
      access.commit([put('a', { expect: 0 })], [entry('first')]),
      access.commit([put('a', { expect: 0 })], [entry('second')]),
      access.commit([put('a', { expect: 1 })], [entry('third')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['written', 'conflict', 'written']);
    const audit = await access.audit({}, { limit: 10 });
    expect(audit.map(({ sequence, action }) => [sequence, action])).toEqual([
      [2, 'third'],
      [1, 'first'],
    ]);
  });

  test('one batch that cannot be stored takes no other along', async () => {
    const { access } = await (await makeHome()).open();
    const [good, bad] = await Promise.allSettled([
      access.commit([put('a')], []),
      access.commit([put('k'.repeat(201))], []),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled' });
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'WRITE_INVALID' } });
    for (const write of [
      put(''),
      put('nul\0'),
      put('a', { expiresAt: 0.5 }),
      put('a', { value: 'x'.repeat(2 ** 21) }),
    ]) {
      await expect(access.commit([write], [])).rejects.toMatchObject({ code: 'WRITE_INVALID' });
    }
  });

  test('whoever listens learns of commits', async () => {
    const home = await makeHome();
    const { access } = await home.open();
    let hints = 0;
    const stop = access.onHint(() => (hints += 1));
    await access.commit([put('a')], []);
    await expect.poll(() => hints).toBeGreaterThan(0);
    stop();
  });

  test('the sweep drops what ran out and what went long ago, and says that it forgot', async () => {
    let now = 10 * DAY_MS;
    const store = await (await makeHome()).open({ clock: { ...systemClock, now: () => now } });
    const { access } = store;
    await access.commit([put('short', { expiresAt: now + 1_000 }), put('kept'), put('gone')], []);
    await access.commit([{ op: 'delete', type: 'role', key: 'gone' }], []);
    expect(await store.compact()).toBe(0);
    expect(await keysOf(access)).toEqual(['short', 'kept', '-gone']);
    now += 8 * DAY_MS;
    expect(await store.compact()).toBe(2);
    expect(await keysOf(access)).toEqual(['kept']);
    expect(await access.changes(3, 10)).toMatchObject({ expired: true });
    expect(await access.changes(4, 10)).toMatchObject({ expired: false });
    expect(await access.changes(99, 10)).toMatchObject({ expired: true });
  });
});
