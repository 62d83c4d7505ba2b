import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainVault } from '../../test/support/plain-vault.ts';
import { systemClock } from '../base/clock.ts';
import { oidcOf } from '../config/sign-in-value.ts';
import type { Flow } from './flow-cookie.ts';
import { OidcProvider } from './oidc.ts';

const baseUrl = 'http://localhost:7007';
const flow: Flow = {
  provider: 'oidc',
  state: 'the-state',
  nonce: 'the-nonce',
  verifier: 'v'.repeat(43),
  form: 'redirect',
  redirectPath: '/',
  startedAt: 0,
};

interface Lies {
  /** Makes the id token. */
  idToken?: (claims: JWTPayload) => Promise<string> | string;
  metadata?: Readonly<Record<string, unknown>>;
  userinfo?: Readonly<Record<string, unknown>>;
  tokenAnswer?: string;
}

let server: Server;
let issuer: string;
let key: CryptoKey;
let otherKey: CryptoKey;
let lies: Lies = {};

const signed = (claims: JWTPayload, by = key): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(by);
const without = (claims: JWTPayload, name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  key = pair.privateKey;
  otherKey = (await generateKeyPair('RS256')).privateKey;
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }] };
  const documents: Record<string, () => Promise<unknown>> = {
    '/.well-known/openid-configuration': async () => ({ ...metadata(), ...lies.metadata }),
    '/jwks': async () => jwks,
    '/userinfo': async () => lies.userinfo ?? { sub: 'jane' },
    '/token': async () => ({
      access_token: 'a',
      token_type: 'bearer',
      id_token: await (lies.idToken ?? signed)(honest()),
    }),
  };
  server = createServer((request, response) => {
    const document = documents[request.url ?? ''];
    void (async () => {
      const body =
        request.url === '/token' && lies.tokenAnswer !== undefined
          ? lies.tokenAnswer
          : JSON.stringify(await document?.());
      response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const metadata = (): Record<string, unknown> => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});
const now = (): number => Math.floor(Date.now() / 1000);
const honest = (): JWTPayload => ({
  iss: issuer,
  sub: 'jane',
  aud: 'callboard',
  nonce: flow.nonce,
  iat: now(),
  exp: now() + 600,
});

function provider(): OidcProvider {
  const config = oidcOf({ id: 'oidc', issuer, clientId: 'callboard', clientAuthentication: 'none' });
  const log = pino({ level: 'silent' });
  return new OidcProvider({ config, baseUrl, vault: plainVault(), clock: systemClock, log });
}

function identify(told: Lies): Promise<{ readonly identity: { readonly subject: string } }> {
  lies = told;
  const callback = new URL(`${baseUrl}/api/auth/oidc/handler/frame?code=c&state=${flow.state}`);
  return provider().identify(callback, flow);
}

test('a provider that says nothing of the person when it renews a session takes no groups away', async () => {
  lies = {
    tokenAnswer: '{"access_token":"a","token_type":"bearer","refresh_token":"two"}',
    metadata: { userinfo_endpoint: undefined },
  };
  const result = await provider().recheck({ subject: 'jane', refreshToken: 'one', idToken: 'kept' });
  expect(result).toEqual({ status: 'holds', renewal: { refreshToken: 'two', idToken: 'kept' } });
});

describe('a provider, or whoever stands between, that lies', () => {
  test('the honest one is believed', async () => {
    expect((await identify({})).identity.subject).toBe('jane');
  });

  test.each<[string, Lies]>([
    ['alg none', { idToken: (claims) => `${part({ alg: 'none' })}.${part(claims)}.` }],
    ['no signature', { idToken: (claims) => `${part({ alg: 'RS256', kid: 'one' })}.${part(claims)}.` }],
    ['another key', { idToken: (claims) => signed(claims, otherKey) }],
    [
      'a shared secret in place of a key',
      {
        idToken: (claims) => {
          const text = `${part({ alg: 'HS256', kid: 'one' })}.${part(claims)}`;
          return `${text}.${createHmac('sha256', 'callboard').update(text).digest('base64url')}`;
        },
      },
    ],
    ['another audience', { idToken: (claims) => signed({ ...claims, aud: 'other' }) }],
    ['several audiences and no azp', { idToken: (claims) => signed({ ...claims, aud: ['callboard', 'other'] }) }],
    ['another issuer', { idToken: (claims) => signed({ ...claims, iss: 'https://other.example' }) }],
    ['another nonce', { idToken: (claims) => signed({ ...claims, nonce: 'other' }) }],
    ['no nonce', { idToken: (claims) => signed(without(claims, 'nonce')) }],
    ['an expired token', { idToken: (claims) => signed({ ...claims, exp: now() - 60 }) }],
    ['no end', { idToken: (claims) => signed(without(claims, 'exp')) }],
    ['user information of another person', { userinfo: { sub: 'joe' } }],
    ['no id token', { tokenAnswer: '{"access_token":"a","token_type":"bearer"}' }],
    ['what is no JSON', { tokenAnswer: '<html>' }],
    ['an answer without end', { tokenAnswer: `{"access_token":"${'a'.repeat(1_100_000)}"}` }],
    ['metadata of another issuer', { metadata: { issuer: 'https://other.example' } }],
    ['keys in this network', { metadata: { jwks_uri: 'http://169.254.169.254/latest/meta-data' } }],
    ['a token endpoint on another port', { metadata: { token_endpoint: 'http://127.0.0.1:1/token' } }],
    ['a local name', { metadata: { userinfo_endpoint: 'https://metadata.google.internal/computeMetadata' } }],
    ['an address of script', { metadata: { authorization_endpoint: 'javascript:alert(1)' } }],
  ])('%s is refused', async (_name, told) => {
    await expect(identify(told)).rejects.toMatchObject({ code: 'SIGN_IN_PROVIDER_FAULT' });
  });
});
