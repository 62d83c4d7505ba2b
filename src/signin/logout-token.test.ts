import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { plainVault } from '../../test/support/plain-vault.ts';
import { oidcOf } from '../config/sign-in-value.ts';
import { LogoutTokens } from './logout-token.ts';
import { OidcMetadata } from './oidc-metadata.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

let server: Server;
let issuer: string;
let key: CryptoKey;
let otherKey: CryptoKey;
let clock: ManualClock;
let tokens: LogoutTokens;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  key = pair.privateKey;
  otherKey = (await generateKeyPair('RS256')).privateKey;
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }] };
  server = createServer((request, response) => {
    const isKeys = request.url === '/jwks';
    const metadata = { issuer, jwks_uri: `${issuer}/jwks`, authorization_endpoint: issuer, token_endpoint: issuer };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(isKeys ? jwks : metadata));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  clock = new ManualClock(Date.now());
  const config = oidcOf({ id: 'oidc', issuer, clientId: 'callboard', clientAuthentication: 'none' });
  tokens = new LogoutTokens('callboard', new OidcMetadata(config, plainVault(), clock), clock);
});

const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = (changes: Readonly<Record<string, unknown>> = {}): JWTPayload => {
  const honest = {
    iss: issuer,
    aud: 'callboard',
    iat: seconds(),
    exp: seconds() + 120,
    jti: 'one',
    sid: 's',
    events: { [EVENT]: {} },
  };
  return Object.fromEntries(Object.entries({ ...honest, ...changes }).filter(([, value]) => value !== undefined));
};
const signed = (said: JWTPayload, typ = 'logout+jwt', by = key): Promise<string> =>
  new SignJWT(said).setProtectedHeader({ alg: 'RS256', kid: 'one', typ }).sign(by);
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each<[string, Readonly<Record<string, unknown>>, string, object]>([
  ['a session', {}, 'logout+jwt', { session: 's' }],
  ['a person', { sid: undefined, sub: 'jane' }, 'logout+jwt', { subject: 'jane' }],
  ['both', { sub: 'jane' }, 'application/logout+jwt', { session: 's', subject: 'jane' }],
  ['several audiences', { aud: ['other', 'callboard'] }, 'JWT', { session: 's' }],
])('a logout token may name %s', async (_name, changes, typ, subject) => {
  expect(await tokens.accept(await signed(claims(changes), typ))).toEqual({
    session: undefined,
    subject: undefined,
    ...subject,
  });
});

test.each<[string, () => Promise<string> | string]>([
  ['another key', () => signed(claims(), 'logout+jwt', otherKey)],
  ['no signature', () => `${part({ alg: 'none', typ: 'logout+jwt' })}.${part(claims())}.`],
  [
    'a shared secret',
    () => {
      const text = `${part({ alg: 'HS256', kid: 'one', typ: 'logout+jwt' })}.${part(claims())}`;
      return `${text}.${createHmac('sha256', 'callboard').update(text).digest('base64url')}`;
    },
  ],
  ['the type of an access token', () => signed(claims(), 'at+jwt')],
  ['another issuer', () => signed(claims({ iss: 'https://other.example' }))],
  ['another audience', () => signed(claims({ aud: 'other' }))],
  ['no audience', () => signed(claims({ aud: undefined }))],
  ['a beginning long ago', () => signed(claims({ iat: seconds() - 400 }))],
  ['a beginning to come', () => signed(claims({ iat: seconds() + 400 }))],
  ['no beginning', () => signed(claims({ iat: undefined }))],
  ['an end that has passed', () => signed(claims({ exp: seconds() - 60 }))],
  ['no end', () => signed(claims({ exp: undefined }))],
  ['no name of its own', () => signed(claims({ jti: undefined }))],
  ['no event: it is an id token', () => signed(claims({ events: undefined }))],
  ['another event', () => signed(claims({ events: { 'http://other': {} } }))],
  ['events that are a list', () => signed(claims({ events: [EVENT] }))],
  ['a nonce', () => signed(claims({ nonce: 'n' }))],
  ['nobody in it', () => signed(claims({ sid: undefined }))],
  ['no end to it', () => 'a'.repeat(20_000)],
])('a token with %s is refused', async (_name, make) => {
  await expect(tokens.accept(await make())).rejects.toMatchObject({ code: 'LOGOUT_TOKEN_INVALID', status: 400 });
});

test('a token is taken once', async () => {
  const token = await signed(claims());
  await tokens.accept(token);
  await expect(tokens.accept(token)).rejects.toMatchObject({ details: { reason: 'it was used before' } });
  expect(await tokens.accept(await signed(claims({ jti: 'two' })))).toMatchObject({ session: 's' });
});
