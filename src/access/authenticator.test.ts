import { afterEach, describe, expect, test } from 'vitest';
import {
  auditOf,
  emptyGraph,
  openTestAccess,
  type TestAccess,
  type TestAccessOptions,
} from '../../test/support/access.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { ANONYMOUS, GUEST, SIGNED_OUT } from './authenticator.ts';
import { accessError } from './errors.ts';
import type { Principal } from './principal.ts';
import type { AskingRequest, TokenVerifier } from './token-verifier.ts';

const opened: TestAccess[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(options: Partial<TestAccessOptions> = {}): Promise<TestAccess> {
  const each = await openTestAccess({ graph: emptyGraph, ...options });
  opened.push(each);
  return each;
}

function asking(headers: AskingRequest['headers'] = {}): AskingRequest {
  return { method: 'GET', url: '/', headers, socket: { remoteAddress: '127.0.0.1' } };
}

const bearer = (token: string): AskingRequest => asking({ authorization: `Bearer ${token}` });
const start = { kind: 'personal', name: 't', principal: 'user:default/ada', createdBy: 'user:default/ada' } as const;
const external: Principal = { kind: 'service', ref: 'external:ci', credential: { kind: 'external', subject: 'ci' } };

/** Knows tokens that begin with `ext-`; counts how often it is asked. */
function externals(answer: (token: string) => ReturnType<TokenVerifier['verify']>): TokenVerifier & { asked: number } {
  const verifier = {
    kind: 'external' as const,
    asked: 0,
    verify(token: string) {
      verifier.asked += 1;
      return token.startsWith('ext-') ? answer(token) : undefined;
    },
  };
  return verifier;
}

describe('without a credential', () => {
  test('one is the guest where guests are let in, else nobody; without a promise', async () => {
    expect((await open()).access.authenticate(asking())).toBe(GUEST);
    expect((await open({ guests: false })).access.authenticate(asking({ cookie: 'theme=dark' }))).toBe(ANONYMOUS);
  });
});

describe('a bearer token', () => {
  test.each(['', 'Bearer', 'Bearer ', 'Basic dXNlcjp3b3Jk', 'Bearer a b', `Bearer ${'a'.repeat(20_000)}`])(
    'that is none is refused, and nobody becomes a guest by it: %.30s',
    async (authorization) => {
      const { access } = await open();
      await expect((async () => access.authenticate(asking({ authorization })))()).rejects.toMatchObject({
        code: 'TOKEN_INVALID',
        status: 401,
      });
    },
  );

  test('goes before the cookie, also where it is wrong', async () => {
    const { access, sessions, tokens } = await open();
    const { cookie } = await sessions.begin({ principal: 'user:default/bob', provider: 'p' }, auditOf('sign-in'));
    const { text } = await tokens.make({ ...start, expiresAt: Date.now() + 60_000 }, auditOf('make'));
    const both = (token: string) => asking({ cookie, authorization: `Bearer ${token}` });
    expect(await access.authenticate(both(text))).toMatchObject({ ref: 'user:default/ada' });
    await expect((async () => access.authenticate(both(`${text}x`)))()).rejects.toMatchObject({
      code: 'TOKEN_INVALID',
    });
    expect(await access.authenticate(asking({ cookie }))).toMatchObject({ ref: 'user:default/bob' });
  });

  test('that has ended is refused', async () => {
    const { access, tokens } = await open();
    const { text, token } = await tokens.make({ ...start, expiresAt: Date.now() + 60_000 }, auditOf('make'));
    const principal = await access.authenticate(bearer(text));
    expect(access.currentOf(principal)).toBe(principal);
    await tokens.end(token.id, auditOf('end'));
    expect(access.currentOf(principal)).toBeUndefined();
    await expect((async () => access.authenticate(bearer(text)))()).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});

describe('verifiers', () => {
  test('are asked in order, once for a token while their answer holds', async () => {
    const clock = new ManualClock();
    const first = externals(() => undefined);
    const second = externals(async () => external);
    const { access } = await open({ verifiers: [first, second], clock });
    expect(await access.authenticate(bearer('ext-1'))).toBe(external);
    expect(access.authenticate(bearer('ext-1'))).toBe(external);
    expect([first.asked, second.asked]).toEqual([1, 1]);
    clock.advance(5 * 60_000);
    expect(await access.authenticate(bearer('ext-1'))).toBe(external);
    expect(second.asked).toBe(2);
  });

  test('may take their word back', async () => {
    let isGood = true;
    const verifier = { ...externals(() => external), isValid: () => isGood };
    const { access } = await open({ verifiers: [verifier] });
    expect(await access.authenticate(bearer('ext-1'))).toBe(external);
    isGood = false;
    expect(access.currentOf(external)).toBeUndefined();
  });

  test('refuse what is theirs and does not hold; later ones are not asked', async () => {
    const first = externals(() => {
      throw accessError('TOKEN_INVALID', { reason: 'its signature is wrong' });
    });
    const second = externals(() => external);
    const { access } = await open({ verifiers: [first, second] });
    expect(() => access.authenticate(bearer('ext-1'))).toThrow(/its signature is wrong/);
    expect(second.asked).toBe(0);
  });

  test('do not keep an answer past its end', async () => {
    const clock = new ManualClock();
    const verifier = externals(() => ({ ...external, expiresAt: clock.now() + 1000 }));
    const { access } = await open({ verifiers: [verifier], clock });
    const principal = await access.authenticate(bearer('ext-1'));
    clock.advance(1000);
    expect(access.currentOf(principal)).toBeUndefined();
    await access.authenticate(bearer('ext-1'));
    expect(verifier.asked).toBe(2);
  });
});

describe('a proxy in front', () => {
  const proxied: Principal = { kind: 'user', ref: 'user:default/ada', credential: { kind: 'proxy', provider: 'iap' } };

  test('says who it is where there is no bearer token; its silence leaves the cookie', async () => {
    let word: Principal | undefined | Promise<Principal | undefined> = proxied;
    const { access, sessions } = await open({ proxy: { kind: 'proxy', identify: () => word } });
    const { cookie } = await sessions.begin({ principal: 'user:default/bob', provider: 'p' }, auditOf('sign-in'));
    expect(access.authenticate(asking({ cookie }))).toBe(proxied);
    word = undefined;
    expect(await access.authenticate(asking({ cookie }))).toMatchObject({ ref: 'user:default/bob' });
    word = Promise.resolve(undefined);
    expect(await access.authenticate(asking())).toBe(GUEST);
    word = Promise.resolve(proxied);
    expect(await access.authenticate(asking())).toBe(proxied);
    expect(access.currentOf(proxied)).toBe(proxied);
  });
});

describe('a cookie', () => {
  test('of a session that has ended makes nobody of its sender, also where guests are let in', async () => {
    const { access, sessions } = await open();
    const { id, cookie } = await sessions.begin({ principal: 'user:default/ada', provider: 'p' }, auditOf('sign-in'));
    const principal = await access.authenticate(asking({ cookie }));
    await sessions.end(id, auditOf('sign-out'));
    expect(access.currentOf(principal)).toBeUndefined();
    expect(await access.authenticate(asking({ cookie }))).toBe(SIGNED_OUT);
    expect(await access.authenticate(asking({ cookie: 'callboard-session=junk' }))).toBe(SIGNED_OUT);
  });

  test('cannot be judged while the records cannot be read: that is a fault, not a signing out', async () => {
    const { access, sessions, store } = await open();
    await sessions.begin({ principal: 'user:default/ada', provider: 'p' }, auditOf('sign-in'));
    store.fault = new Error('the store is away');
    const unknown = asking({ cookie: `callboard-session=${'a'.repeat(43)}` });
    await expect((async () => access.authenticate(unknown))()).rejects.toThrow('the store is away');
    store.fault = undefined;
  });
});

describe('scopes of a token', () => {
  test('limit what its principal may do, reading too', async () => {
    const { access, tokens } = await open();
    const made = async (scopes: readonly string[]): Promise<Principal> => {
      const { text } = await tokens.make(
        { ...start, scopes: [...scopes], expiresAt: Date.now() + 60_000 },
        auditOf('make'),
      );
      return access.authenticate(bearer(text));
    };
    const reader = await made(['catalog.*.read']);
    expect(access.authorize(reader, 'catalog.entity.read')).toBeUndefined();
    expect(access.visibilityOf(reader).kind).toBe('all');
    for (const permission of ['catalog.entity.refresh', 'access.policy.read', 'signed-in'] as const) {
      expect(() => access.authorize(reader, permission)).toThrow(
        expect.objectContaining({ code: 'PERMISSION_DENIED' }),
      );
    }
    const blind = await made(['access.audit.read']);
    expect(access.visibilityOf(blind).kind).toBe('none');
    expect(access.authorize(await made(['*']), 'signed-in')).toBeUndefined();
  });
});
