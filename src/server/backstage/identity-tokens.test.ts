import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT, generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAccessState, type AccessState } from '../../access/access-state.ts';
import { Cipher } from '../../access/cipher.ts';
import { systemClock, type Clock } from '../../base/clock.ts';
import { createLog } from '../../telemetry/log.ts';
import { MemoryAccessStore } from '../../../test/support/memory-access-store.ts';
import { IdentityTokens } from './identity-tokens.ts';
import { SigningKeys } from './signing-keys.ts';

const issuer = 'https://portal.example/api/auth';
const hour = 3_600_000;
const ref = 'user:default/jo';
const claims = [ref, 'group:default/team'];
const log = createLog({ level: 'fatal', format: 'json' });

/** How far the clock of all servers has been set forward, ms. */
let ahead = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
const store = { current: new MemoryAccessStore() };
const open: AccessState[] = [];

/** One server over the store. */
async function server(key = 1): Promise<{ readonly keys: SigningKeys; readonly tokens: IdentityTokens }> {
  const state = await openAccessState({ store: store.current, clock, log });
  open.push(state);
  const vault = new Cipher([{ id: `k${key}`, bytes: new Uint8Array(32).fill(key) }], clock);
  const keys = new SigningKeys({ state, vault, clock, log });
  return { keys, tokens: new IdentityTokens({ keys, clock, issuer, tokenSeconds: 3600 }) };
}

beforeEach(() => {
  ahead = 0;
  store.current = new MemoryAccessStore();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((state) => state.close()));
});

describe('a token', () => {
  test('has the header and claims that Backstage’s clients read, and holds against the published keys', async () => {
    const { keys, tokens } = await server();
    const { token, expiresInSeconds } = await tokens.issue({ ref, claims, session: 's1' });
    expect(expiresInSeconds).toBe(3600);
    const { kid = '' } = decodeProtectedHeader(token);
    expect(decodeProtectedHeader(token)).toEqual({ typ: 'vnd.backstage.user', alg: 'ES256', kid });
    expect(await keys.published()).toMatchObject([{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid }]);
    expect(JSON.stringify(await keys.published())).not.toContain('"d"');
    const set = createLocalJWKSet({ keys: (await keys.published()).map((key) => ({ ...key, kty: 'EC' })) });
    const { payload } = await jwtVerify(token, set, { issuer, audience: 'backstage', algorithms: ['ES256'] });
    expect(payload).toMatchObject({ iss: issuer, sub: ref, ent: claims, aud: 'backstage', sid: 's1' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
  });

  test('says who it is for until it has run out, and no longer than it was to hold', async () => {
    const { tokens } = await server();
    const { token } = await tokens.issue({ ref, claims, proxy: { provider: 'gate', groups: ['group:default/a'] } });
    const short = await tokens.issue({ ref, claims, endsAt: clock.now() + 60_000 });
    expect(short.expiresInSeconds).toBeLessThanOrEqual(60);
    expect(await tokens.verify(token, 'user')).toMatchObject({
      ref,
      proxy: { provider: 'gate', groups: ['group:default/a'] },
    });
    ahead = hour + 1000;
    expect(await tokens.verify(token, 'user')).toBeUndefined();
  });

  test('leaves out groups that would not fit into a header', async () => {
    const { tokens } = await server();
    const many = Array.from({ length: 300 }, (_, index) => `group:default/team-${index}`);
    const { token } = await tokens.issue({ ref, claims: many });
    expect(decodeJwt(token)).not.toHaveProperty('ent');
    expect(token.length).toBeLessThan(2000);
  });

  test('holds a limited token, which says nothing but who and until when', async () => {
    const { tokens } = await server();
    const { token } = await tokens.issue({ ref, claims, session: 's1' });
    const limited = tokens.limitedOf(token);
    expect(decodeProtectedHeader(limited)).toMatchObject({ typ: 'vnd.backstage.limited-user', alg: 'ES256' });
    expect(Object.keys(decodeJwt(limited))).toEqual(['sub', 'iat', 'exp']);
    expect(await tokens.verify(limited, 'limited')).toMatchObject({ ref });
    expect([tokens.kindOf(token), tokens.kindOf(limited), tokens.kindOf('any')]).toEqual([
      'user',
      'limited',
      undefined,
    ]);
    // Neither is the other.
    expect(await tokens.verify(limited, 'user')).toBeUndefined();
    expect(await tokens.verify(token, 'limited')).toBeUndefined();
  });

  test('that somebody made or changed does not hold', async () => {
    const { keys, tokens } = await server();
    const { token } = await tokens.issue({ ref, claims });
    const { kid = '' } = decodeProtectedHeader(token);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: 'user:default/root' })).toString('base64url');
    const { privateKey } = await generateKeyPair('ES256');
    const sign = (alg: string, key: Parameters<SignJWT['sign']>[0]): Promise<string> =>
      new SignJWT(decodeJwt(token)).setProtectedHeader({ typ: 'vnd.backstage.user', alg, kid }).sign(key);
    const none = Buffer.from(JSON.stringify({ typ: 'vnd.backstage.user', alg: 'none', kid })).toString('base64url');
    const publicText = new TextEncoder().encode(JSON.stringify((await keys.published())[0]));
    const forged = [
      `${header}.${other}.${signature}`,
      `${none}.${payload}.`,
      await sign('ES256', privateKey),
      // The public key as a shared secret.
      await sign('HS256', publicText),
      `${header}.${payload}`,
    ];
    for (const text of forged) expect(await tokens.verify(text, 'user'), text).toBeUndefined();
  });

  test('of another issuer with the same keys does not hold', async () => {
    const { keys, tokens } = await server();
    const elsewhere = new IdentityTokens({ keys, clock, issuer: 'https://other.example/api/auth', tokenSeconds: 3600 });
    const { token } = await elsewhere.issue({ ref, claims });
    expect(await tokens.verify(token, 'user')).toBeUndefined();
  });
});

describe('signing keys', () => {
  test('are made when the first token is asked for, once for all who ask at once', async () => {
    const { keys, tokens } = await server();
    expect(await keys.published()).toEqual([]);
    await Promise.all([1, 2, 3].map(() => tokens.issue({ ref, claims })));
    expect(await keys.published()).toHaveLength(1);
  });

  test('are those of every server of the store, at once', async () => {
    const [a, b] = [await server(), await server()];
    const { token } = await a.tokens.issue({ ref, claims });
    expect(await b.keys.published()).toHaveLength(1);
    expect(await b.tokens.verify(token, 'user')).toMatchObject({ ref });
    await b.tokens.issue({ ref, claims });
    expect(await b.keys.published()).toHaveLength(1);
  });

  test('stand encrypted in the store, and that they were made in the audit log', async () => {
    const { tokens } = await server();
    await tokens.issue({ ref, claims });
    const { changes } = await store.current.changes(0, 10);
    const text = JSON.stringify(changes);
    expect(text).toContain('signing-key');
    expect(text).not.toMatch(/PRIVATE|"d":/);
    const [made] = await store.current.audit({ action: 'access.signing-key.create' }, { limit: 10 });
    expect(made).toMatchObject({ actor: 'callboard', outcome: 'success' });
  });

  test('sign for a day, and are published until their last token has run out', async () => {
    const { keys, tokens } = await server();
    const kids = async (): Promise<unknown[]> => (await keys.published()).map(({ kid }) => kid);
    await tokens.issue({ ref, claims });
    const [first] = await kids();
    ahead = 23.9 * hour;
    const { token } = await tokens.issue({ ref, claims });
    expect(decodeProtectedHeader(token).kid).toBe(first);
    ahead = 24.5 * hour;
    const after = await tokens.issue({ ref, claims });
    expect(decodeProtectedHeader(after.token).kid).not.toBe(first);
    expect(await kids()).toHaveLength(2);
    expect(await tokens.verify(token, 'user')).toMatchObject({ ref });
    ahead = 50 * hour;
    expect(await kids()).not.toContain(first);
  });

  test('that a server cannot decrypt do not keep it from signing', async () => {
    const [a, b] = [await server(1), await server(2)];
    await a.tokens.issue({ ref, claims });
    const { token } = await b.tokens.issue({ ref, claims });
    expect(await b.keys.published()).toHaveLength(2);
    expect(await a.tokens.verify(token, 'user')).toMatchObject({ ref });
  });
});
