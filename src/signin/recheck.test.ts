import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestAccess, auditOf, type TestAccess } from '../../test/support/access.ts';
import {
  PlainBrowser,
  startIdentityProvider,
  type Account,
  type IdentityProvider,
} from '../../test/support/identity-provider.ts';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { MemoryAccessStore } from '../../test/support/memory-access-store.ts';
import { plainVault } from '../../test/support/plain-vault.ts';
import { ScriptedCatalog } from '../../test/support/scripted-catalog.ts';
import { oidcOf } from '../config/sign-in-value.ts';
import type { Flow } from './flow-cookie.ts';
import { OidcProvider } from './oidc.ts';
import { recheckDue, type RecheckOptions } from './recheck.ts';
import { startOf } from './session-grant.ts';

const MINUTE = 60_000;
const baseUrl = 'http://localhost:7007';
const log = pino({ level: 'silent' });
const jane = { email: 'jane@example.com', email_verified: true };
const accounts = new Map<string, Account>();

let idp: IdentityProvider;
let catalog: ScriptedCatalog;
let isAway = false;
beforeAll(async () => {
  catalog = await new ScriptedCatalog().open();
  const before: Parameters<typeof startIdentityProvider>[0]['before'] = (_request, response) => {
    if (isAway) response.writeHead(503).end();
    return isAway;
  };
  idp = await startIdentityProvider({ baseUrl, accounts, before });
});
afterAll(async () => {
  await idp.close();
  await catalog.close();
});

let clock: ManualClock;
let store: MemoryAccessStore;
let opened: TestAccess;
let options: RecheckOptions;
beforeEach(async () => {
  isAway = false;
  accounts.set('jane', { ...jane, groups: ['crew'] });
  clock = new ManualClock(Date.now());
  store = new MemoryAccessStore();
  ({ opened, options } = await server());
});
afterEach(() => opened.close());

/** One of several servers over the same records. */
async function server(): Promise<{ opened: TestAccess; options: RecheckOptions }> {
  const access = await openTestAccess({ graph: catalog.graph, clock, store });
  const config = oidcOf({
    id: 'oidc',
    issuer: idp.issuer,
    clientId: idp.clientId,
    clientSecret: idp.clientSecret,
    clientAuthentication: 'client_secret_basic',
    scopes: ['email', 'groups'],
    groupsClaim: 'groups',
  });
  const provider = new OidcProvider({ config, baseUrl, vault, clock, log });
  const { sessions } = access;
  return {
    opened: access,
    options: { sessions, vault, clock, log, providerOf: () => ({ provider, everyMs: 15 * MINUTE }) },
  };
}
const vault = plainVault();

/** Signs somebody in; the session's id and what opens it. */
async function signIn(): Promise<{ readonly id: string; readonly cookie: string }> {
  const flow: Flow = {
    provider: 'oidc',
    state: clock.token(32),
    nonce: clock.token(32),
    verifier: clock.token(32),
    form: 'redirect',
    redirectPath: '/',
    startedAt: 0,
  };
  const provider = options.providerOf('oidc')?.provider;
  if (provider === undefined) throw new Error('no provider');
  const start = await provider.authorizationUrl(flow);
  const { url } = await new PlainBrowser().go(start, { login: 'jane' }, `${baseUrl}/api`);
  const grant = await provider.identify(new URL(url), flow);
  const session = startOf(grant, { ref: 'user:default/jane' }, vault);
  const { id, cookie } = await opened.sessions.begin(session, auditOf('access.session.create'));
  return { id, cookie: cookie.split(';')[0]?.split('=')[1] ?? '' };
}

/** Two minutes pass, the person does something, and it is written down. */
async function use(cookie: string): Promise<void> {
  clock.advance(2 * MINUTE);
  await opened.sessions.open(cookie);
  await opened.sessions.close();
}

/** Lets time pass until something is done. */
async function passing(work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const end = work.finally(() => (isDone = true));
  while (!isDone) {
    clock.advance(20);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await end;
}

const tokensAsked = (): number => idp.requests.filter((request) => request === 'POST /token').length;

describe('a session that is used', () => {
  test('is held against its provider every quarter of an hour, and takes over its groups', async () => {
    const { id, cookie } = await signIn();
    const before = opened.sessions.get(id);
    expect(before?.groups).toEqual(['group:default/crew']);
    clock.advance(10 * MINUTE);
    await use(cookie);
    const asked = tokensAsked();
    await recheckDue(options);
    expect(tokensAsked()).toBe(asked);
    accounts.set('jane', { ...jane, groups: ['sre'] });
    clock.advance(4 * MINUTE);
    await recheckDue(options);
    expect(tokensAsked()).toBe(asked + 1);
    const after = opened.sessions.get(id);
    expect(after?.groups).toEqual(['group:default/sre']);
    expect(after?.refresh).not.toBe(before?.refresh);
    await recheckDue(options);
    expect(tokensAsked()).toBe(asked + 1);
  });

  test('ends when the provider refuses to renew it, and that is written down', async () => {
    const { id, cookie } = await signIn();
    await use(cookie);
    await idp.provider.RefreshToken.revokeByGrantId(await grantId());
    clock.advance(15 * MINUTE);
    await recheckDue(options);
    expect(opened.sessions.get(id)).toBeUndefined();
    expect((await store.audit({ action: 'access.session.delete' }, { limit: 1 }))[0]).toMatchObject({
      actor: 'user:default/jane',
      target: `session:${id}`,
      data: { provider: 'oidc', reason: 'the provider refused to renew it' },
    });
  });

  test('lives on while the provider is away, which is asked again soon', async () => {
    const { id, cookie } = await signIn();
    await use(cookie);
    clock.advance(15 * MINUTE);
    isAway = true;
    await recheckDue(options);
    expect(opened.sessions.get(id)).toBeDefined();
    isAway = false;
    const asked = tokensAsked();
    await recheckDue(options);
    expect(tokensAsked()).toBe(asked);
    await use(cookie);
    await recheckDue(options);
    expect(tokensAsked()).toBe(asked + 1);
    expect(opened.sessions.get(id)).toBeDefined();
  });

  test('is renewed by one of several servers: a refresh token that is used twice counts as stolen', async () => {
    const other = await server();
    try {
      const { id, cookie } = await signIn();
      await use(cookie);
      clock.advance(15 * MINUTE);
      await passing(other.opened.state.catchUp());
      const asked = tokensAsked();
      await passing(Promise.all([recheckDue(options), recheckDue(other.options)]));
      expect(tokensAsked()).toBe(asked + 1);
      expect(opened.sessions.get(id)).toBeDefined();
    } finally {
      await other.opened.close();
    }
  });
});

test('a session that nobody uses is left alone', async () => {
  await signIn();
  clock.advance(60 * MINUTE - 1);
  const asked = tokensAsked();
  await recheckDue(options);
  expect(tokensAsked()).toBe(asked);
});

async function grantId(): Promise<string> {
  const [session] = opened.sessions.list();
  const token = await idp.provider.RefreshToken.find(vault.decrypt('session-grant', session?.refresh ?? ''));
  return token?.grantId ?? '';
}
