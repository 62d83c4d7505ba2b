import { afterEach, describe, expect, test } from 'vitest';
import {
  auditOf,
  emptyGraph,
  openTestAccess,
  type TestAccess,
  type TestAccessOptions,
} from '../../test/support/access.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { systemClock } from '../base/clock.ts';
import { isTokenText, newTokenText, tokenHint } from './token-text.ts';
import { TOKENS_EACH } from './tokens.ts';

const DAY = 86_400_000;

const opened: TestAccess[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(options: Partial<TestAccessOptions> = {}): Promise<TestAccess> {
  const each = await openTestAccess({ graph: emptyGraph, ...options });
  opened.push(each);
  return each;
}

const start = (expiresAt: number) => ({
  kind: 'personal' as const,
  name: 'nightly',
  principal: 'user:default/ada',
  createdBy: 'user:default/ada',
  expiresAt,
});

describe('the text of a token', () => {
  test('has a prefix that scanners know, and 256 random bits', () => {
    const texts = new Set(Array.from({ length: 500 }, () => newTokenText('personal', systemClock)));
    expect(texts.size).toBe(500);
    for (const text of texts) expect(isTokenText(text), text).toBe(true);
    expect(newTokenText('service', systemClock)).toMatch(/^cbs_[0-9A-Za-z]{43}$/);
    expect(newTokenText('personal', { ...systemClock, token: (size) => 'ff'.repeat(size) })).toMatch(
      /^cb_[0-9A-Za-z]{43}$/,
    );
    expect(tokenHint('cb_7fK2xyz')).toBe('cb_7fK2');
  });
});

describe('a token', () => {
  test('opens what its principal may do, and is kept by its hash alone', async () => {
    const { tokens, store } = await open();
    const expiresAt = Date.now() + DAY;
    const made = await tokens.make({ ...start(expiresAt), scopes: ['catalog.*.read'] }, auditOf('access.token.create'));
    expect(tokens.open(made.text, '127.0.0.1')).toEqual({
      kind: 'user',
      ref: 'user:default/ada',
      scopes: ['catalog.*.read'],
      credential: { kind: 'token', id: made.token.id },
      expiresAt,
    });
    const kept = JSON.stringify(await store.changes(0, 100)) + JSON.stringify(store.entries);
    expect(kept).not.toContain(made.text);
    expect(kept).not.toContain(made.text.slice(3, 20));
    expect(store.entries).toMatchObject([{ action: 'access.token.create', target: `token:${made.token.id}` }]);
  });

  test('ends at its time, and when somebody ends it', async () => {
    const clock = new ManualClock();
    const { tokens } = await open({ clock });
    const short = await tokens.make(start(clock.now() + DAY), auditOf('make'));
    const long = await tokens.make(start(clock.now() + 2 * DAY), auditOf('make'));
    clock.advance(DAY);
    expect(tokens.get(short.token.id)).toBeUndefined();
    expect(tokens.open(long.text, undefined)).toBeDefined();
    expect(await tokens.end(long.token.id, auditOf('end'))).toBe(true);
    expect(tokens.get(long.token.id)).toBeUndefined();
    clock.advance(1000);
    expect(await tokens.end(short.token.id, auditOf('end'))).toBe(false);
  });

  test('shows when and from where it was last used, once a minute at most, and keeps its principal', async () => {
    const clock = new ManualClock();
    const { tokens, store } = await open({ clock });
    const { text, token } = await tokens.make(start(clock.now() + DAY), auditOf('make'));
    const principal = await tokens.open(text, '10.0.0.1');
    await tokens.close();
    expect(tokens.get(token.id)).toMatchObject({ lastUsedAt: clock.now(), lastUsedFrom: '10.0.0.1' });
    const { sequence } = await store.changes(0, 100);
    clock.advance(59_000);
    expect(await tokens.open(text, '10.0.0.2')).toBe(principal);
    await tokens.close();
    expect((await store.changes(0, 100)).sequence).toBe(sequence);
    clock.advance(1000);
    void tokens.open(text, '10.0.0.2');
    await tokens.close();
    expect(tokens.get(token.id)).toMatchObject({ lastUsedFrom: '10.0.0.2' });
  });

  test('is refused beyond so many of one principal', async () => {
    const { tokens } = await open();
    const expiresAt = Date.now() + DAY;
    for (let at = 0; at < TOKENS_EACH; at += 1) await tokens.make(start(expiresAt), auditOf('make'));
    await expect(tokens.make(start(expiresAt), auditOf('make'))).rejects.toMatchObject({
      code: 'TOKEN_LIMIT',
      status: 409,
    });
    await tokens.make({ ...start(expiresAt), principal: 'user:default/bob' }, auditOf('make'));
  });

  test('that nobody knows costs few readings of the store, however often it is tried', async () => {
    const { tokens, store } = await open();
    const { readings } = store;
    const began = performance.now();
    const tried = Array.from({ length: 2000 }, async () =>
      tokens.open(newTokenText('personal', systemClock), undefined),
    );
    expect(new Set(await Promise.all(tried))).toEqual(new Set([undefined]));
    expect(tokens.open('cb_short', undefined)).toBeUndefined();
    // One reading is shared by all that wait; the next is 100 ms later, and polls go on meanwhile.
    const most = 2 + Math.ceil((performance.now() - began) / 100) + Math.ceil((performance.now() - began) / 500);
    expect(store.readings - readings).toBeLessThanOrEqual(most);
  });
});
