import { afterEach, describe, expect, test } from 'vitest';
import {
  auditOf,
  emptyGraph,
  openTestAccess,
  type TestAccess,
  type TestAccessOptions,
} from '../../test/support/access.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { MemoryAccessStore } from '../../test/support/memory-access-store.ts';
import { sessionCookie } from './session-cookie.ts';

const HOUR = 3_600_000;
const ada = { principal: 'user:default/ada', provider: 'okta' };

const opened: TestAccess[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(options: Partial<TestAccessOptions> = {}): Promise<TestAccess> {
  const each = await openTestAccess({ graph: emptyGraph, ...options });
  opened.push(each);
  return each;
}

/** What a `Set-Cookie` header puts into the browser. */
function valueOf(setCookie: string): string {
  return /=([^;]*)/.exec(setCookie)?.[1] ?? '';
}

describe('the cookie', () => {
  test('is bound to the host and to encryption on https, and never seen by scripts', () => {
    const secure = sessionCookie('https://portal.example');
    expect(secure.write('v', 60)).toBe('__Host-callboard=v; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax');
    expect(sessionCookie('http://localhost:7007').write('v', 60)).toBe(
      'callboard-session=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    );
    expect(secure.cleared).toMatch(/^__Host-callboard=; Max-Age=0;/);
  });

  test.each([
    ['callboard-session=abc', 'abc'],
    ['theme=dark; callboard-session=abc; other=1', 'abc'],
    ['not-callboard-session=abc', undefined],
    ['theme=callboard-session', undefined],
    [undefined, undefined],
  ])('is read from %s', (header, value) => {
    expect(sessionCookie('http://localhost:7007').read(header)).toBe(value);
  });
});

describe('a session', () => {
  test('is opened by what its cookie holds, and kept by the hash of it', async () => {
    const { sessions, store } = await open();
    const { id, cookie } = await sessions.begin({ ...ada, groups: ['group:default/x'] }, auditOf('sign-in'));
    const value = valueOf(cookie);
    expect(sessions.open(value)).toEqual({
      kind: 'user',
      ref: 'user:default/ada',
      groups: ['group:default/x'],
      credential: { kind: 'session', id, provider: 'okta' },
      expiresAt: expect.any(Number) as number,
    });
    const { changes } = await store.changes(0, 100);
    expect(JSON.stringify(changes)).not.toContain(value);
    expect(store.entries.map(({ action }) => action)).toEqual(['sign-in']);
  });

  test('has the same principal until something about it changes', async () => {
    const { sessions, access } = await open();
    const { id, cookie } = await sessions.begin(ada, auditOf('sign-in'));
    const first = await sessions.open(valueOf(cookie));
    let told = 0;
    access.onChange(() => (told += 1));
    await sessions.update(id, () => ({ checkedAt: 5 }));
    expect(sessions.open(valueOf(cookie))).toBe(first);
    expect(told).toBe(0);
    await sessions.update(id, () => ({ groups: ['group:default/new'] }));
    expect(sessions.open(valueOf(cookie))).toMatchObject({ groups: ['group:default/new'] });
    expect(told).toBe(1);
  });

  test('of another server is found at the first request, and refused here when it was ended there', async () => {
    const store = new MemoryAccessStore();
    store.hints = false;
    const [a, b] = [await open({ store }), await open({ store })];
    const { id, cookie } = await a.sessions.begin(ada, auditOf('sign-in'));
    expect(await b.sessions.open(valueOf(cookie))).toMatchObject({ ref: 'user:default/ada' });
    await b.sessions.end(id, auditOf('sign-out'));
    await a.state.catchUp();
    expect(await a.sessions.open(valueOf(cookie))).toBeUndefined();
  });

  test('ends without use, and at the latest after its time however it is used', async () => {
    const clock = new ManualClock(1_000_000);
    const { sessions } = await open({ clock });
    const { id, cookie } = await sessions.begin(ada, auditOf('sign-in'));
    const value = valueOf(cookie);
    for (let hour = 0; hour < 23; hour += 1) {
      clock.advance(HOUR - 2);
      expect(await sessions.open(value), `hour ${hour}`).toBeDefined();
      await sessions.close();
      clock.advance(1);
    }
    expect(sessions.get(id)?.lastSeenAt).toBeGreaterThan(1_000_000 + 22 * HOUR);
    clock.advance(HOUR + 1);
    expect(sessions.get(id)).toBeUndefined();
    const idle = await sessions.begin(ada, auditOf('sign-in'));
    clock.advance(HOUR);
    expect(sessions.get(idle.id)).toBeUndefined();
  });

  test('writes its last use once a minute at most', async () => {
    const clock = new ManualClock();
    const { sessions, store } = await open({ clock });
    const { cookie } = await sessions.begin(ada, auditOf('sign-in'));
    const sequence = async (): Promise<number> => (await store.changes(0, 100)).sequence;
    const before = await sequence();
    for (let second = 0; second < 59; second += 1) {
      void sessions.open(valueOf(cookie));
      clock.advance(1000);
    }
    await sessions.close();
    expect(await sequence()).toBe(before);
    clock.advance(2000);
    for (let use = 0; use < 100; use += 1) void sessions.open(valueOf(cookie));
    await sessions.close();
    expect(await sequence()).toBe(before + 1);
  });

  test('that was ended is not brought back by a use that is written late', async () => {
    const clock = new ManualClock();
    const { sessions } = await open({ clock });
    const { id, cookie } = await sessions.begin(ada, auditOf('sign-in'));
    clock.advance(120_000);
    void sessions.open(valueOf(cookie));
    await sessions.end(id, auditOf('sign-out'));
    await sessions.close();
    expect(sessions.get(id)).toBeUndefined();
  });

  test('gives way to newer ones of the same principal when there are too many', async () => {
    const clock = new ManualClock();
    const { sessions } = await open({ clock });
    const other = await sessions.begin({ ...ada, principal: 'user:default/bob' }, auditOf('sign-in'));
    const ids: string[] = [];
    for (let at = 0; at < 52; at += 1) {
      clock.drift(1);
      ids.push((await sessions.begin(ada, auditOf('sign-in'))).id);
    }
    const left = [...sessions.list()].filter(({ principal }) => principal === ada.principal).map(({ id }) => id);
    expect(new Set(left)).toEqual(new Set(ids.slice(2)));
    expect(sessions.get(other.id)).toBeDefined();
  });

  test.each(['', 'short', `${'a'.repeat(43)}.`, '../../etc/passwd', 'a'.repeat(44)])(
    'is not looked for by %j, which no cookie of ours holds',
    async (value) => {
      const { sessions, store } = await open();
      const { readings } = store;
      expect(sessions.open(value)).toBeUndefined();
      expect(store.readings).toBe(readings);
    },
  );

  test('ends with others by a test, in one step with its record', async () => {
    const { sessions, store } = await open();
    await sessions.begin({ ...ada, providerSession: 's1' }, auditOf('sign-in'));
    await sessions.begin({ ...ada, providerSession: 's1' }, auditOf('sign-in'));
    const kept = await sessions.begin({ ...ada, providerSession: 's2' }, auditOf('sign-in'));
    const ended = await sessions.endWhere(({ providerSession }) => providerSession === 's1', auditOf('back-channel'));
    expect(ended).toBe(2);
    expect([...sessions.list()].map(({ id }) => id)).toEqual([kept.id]);
    expect(store.entries.filter(({ action }) => action === 'back-channel')).toHaveLength(1);
    expect(await sessions.endWhere(() => false, auditOf('nothing'))).toBe(0);
    expect(store.entries.some(({ action }) => action === 'nothing')).toBe(false);
  });
});
