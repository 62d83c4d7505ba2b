import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAccessState, type AccessState } from '../../access/access-state.ts';
import { GUEST } from '../../access/authenticator.ts';
import { Cipher } from '../../access/cipher.ts';
import type { Principal } from '../../access/principal.ts';
import { sessionCookie } from '../../access/session-cookie.ts';
import { Sessions } from '../../access/sessions.ts';
import { systemClock as clock } from '../../base/clock.ts';
import { createLog } from '../../telemetry/log.ts';
import { auditOf } from '../../../test/support/access.ts';
import { MemoryAccessStore } from '../../../test/support/memory-access-store.ts';
import { IdentityTokens } from './identity-tokens.ts';
import { IdentityVerifier } from './identity-verifier.ts';
import { SigningKeys } from './signing-keys.ts';

const jo = 'user:default/jo';
const log = createLog({ level: 'fatal', format: 'json' });
const vault = new Cipher([{ id: 'k1', bytes: new Uint8Array(32).fill(1) }], clock);

let state: AccessState;
let sessions: Sessions;
let tokens: IdentityTokens;

beforeEach(async () => {
  state = await openAccessState({ store: new MemoryAccessStore(), clock, log });
  const cookie = sessionCookie('http://localhost:7007');
  sessions = new Sessions({ state, cookie, clock, log, idleMs: 3_600_000, maxMs: 86_400_000 });
  const keys = new SigningKeys({ state, vault, clock, log });
  tokens = new IdentityTokens({ keys, clock, issuer: 'http://localhost:7007/api/auth', tokenSeconds: 3600 });
});
afterEach(async () => {
  await sessions.close();
  await state.close();
});

function verifier(parts: { readonly guests?: boolean; readonly proxies?: readonly string[] } = {}): IdentityVerifier {
  const { guests = true, proxies = [] } = parts;
  const invalid = (reason: string): Error => new Error(`invalid: ${reason}`);
  return new IdentityVerifier({ tokens, sessions, state, guests, proxies: new Set(proxies), invalid });
}

const begin = (groups: string[] = []): Promise<{ readonly id: string }> =>
  sessions.begin({ principal: jo, provider: 'okta', groups }, auditOf('access.session.create', jo));

test('a token for a guest is the guest where guests are let in, and nobody elsewhere', async () => {
  const { token } = await tokens.issue({ ref: GUEST.ref, claims: [GUEST.ref] });
  expect(await verifier().verify(token)).toBe(GUEST);
  expect(await verifier().limited(tokens.limitedOf(token))).toBe(GUEST);
  const closed = verifier({ guests: false });
  await expect(closed.verify(token)).rejects.toThrow('guests are not let in');
  await expect(closed.limited(tokens.limitedOf(token))).rejects.toThrow('its session has ended');
});

test('a token of nobody’s session is refused, whoever it names', async () => {
  const { token } = await tokens.issue({ ref: jo, claims: [jo] });
  await expect(verifier().verify(token)).rejects.toThrow('invalid');
  const { id } = await sessions.begin({ principal: 'user:default/al', provider: 'okta' }, auditOf('x'));
  const other = await tokens.issue({ ref: jo, claims: [jo], session: id });
  await expect(verifier().verify(other.token)).rejects.toThrow('its session has ended');
});

test('a principal holds as long as its session says the same', async () => {
  const { id } = await begin(['group:default/a']);
  const { token } = await tokens.issue({ ref: jo, claims: [jo], session: id });
  const identity = verifier();
  const principal = (await identity.verify(token)) as Principal;
  expect(principal).toMatchObject({
    kind: 'user',
    ref: jo,
    groups: ['group:default/a'],
    credential: { kind: 'identity', id },
  });
  expect(identity.isValid(principal)).toBe(true);
  await sessions.update(id, () => ({ groups: ['group:default/b'] }));
  expect(identity.isValid(principal)).toBe(false);
  expect(await identity.verify(token)).toMatchObject({ groups: ['group:default/b'] });
  await sessions.end(id, auditOf('x'));
  expect(identity.isValid(principal)).toBe(false);
  await expect(identity.verify(token)).rejects.toThrow('its session has ended');
});

test('what a proxy vouched for holds while the proxy is configured', async () => {
  const proxy = { provider: 'gate', groups: ['group:default/a'] };
  const { token } = await tokens.issue({ ref: jo, claims: [jo], proxy });
  const identity = verifier({ proxies: ['gate'] });
  const principal = (await identity.verify(token)) as Principal;
  expect(principal).toMatchObject({ ref: jo, groups: ['group:default/a'] });
  expect(identity.isValid(principal)).toBe(true);
  expect(verifier().isValid(principal)).toBe(false);
  await expect(verifier().verify(token)).rejects.toThrow('invalid');
});

test('a limited token holds while a session is open that its person had when it was made', async () => {
  const { id } = await begin();
  const { token } = await tokens.issue({ ref: jo, claims: [jo], session: id });
  const limited = tokens.limitedOf(token);
  const identity = verifier();
  expect(await identity.limited(limited)).toMatchObject({ ref: jo, credential: { id } });
  expect(() => identity.verify(limited)).toThrow('limited token');
  expect(await identity.limited(token)).toBeUndefined();
  expect(identity.verify('cb_of_somebody_else')).toBeUndefined();
  await sessions.end(id, auditOf('x'));
  await expect(identity.limited(limited)).rejects.toThrow('its session has ended');
});
