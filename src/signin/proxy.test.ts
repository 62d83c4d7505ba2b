import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { plainVault } from '../../test/support/plain-vault.ts';
import type { AskingRequest } from '../access/token-verifier.ts';
import { proxyOf } from '../config/proxy-value.ts';
import type { ProxyConfig } from '../config/sign-in-config.ts';
import type { Identity } from './identity.ts';
import { TrustedProxy } from './proxy.ts';
import type { Resolution } from './resolve.ts';

const refused = (reason: string): Error =>
  expect.objectContaining({
    code: 'SIGN_IN_PROXY_REFUSED',
    status: 401,
    details: expect.objectContaining({ reason: expect.stringContaining(reason) as unknown }) as unknown,
  }) as Error;

function asking(headers: AskingRequest['headers'], remoteAddress = '10.1.2.3'): AskingRequest {
  return { method: 'GET', url: '/', headers, socket: { remoteAddress } };
}

/** A proxy over a catalog in which every address but that of strangers has a user. */
function proxyWith(
  config: Partial<ProxyConfig>,
  clock = new ManualClock(Date.now()),
): { proxy: TrustedProxy; asked: Identity[] } {
  const asked: Identity[] = [];
  const resolve = (identity: Identity): Resolution => {
    asked.push(identity);
    const name = identity.email?.split('@')[0] ?? identity.login;
    if (name === undefined || name === 'stranger') return { status: 'unknown', tried: ['email'] };
    return { status: 'resolved', ref: `user:default/${name}`, by: 'email' };
  };
  const vault = plainVault({ proxy: 'a secret between two' });
  return { proxy: new TrustedProxy({ config: proxyOf({ id: 'gate', ...config }), vault, clock, resolve }), asked };
}

describe('a proxy that is known by a secret', () => {
  const secret = { header: 'x-proxy-secret', value: { secret: 'proxy' } };
  const trusted = { 'x-proxy-secret': 'a secret between two' };

  test('names people by headers, each the same object while nothing changed', () => {
    const { proxy, asked } = proxyWith({ secret });
    const headers = {
      ...trusted,
      'x-forwarded-user': 'jane',
      'x-forwarded-email': 'jane@example.com',
      'x-forwarded-groups': 'sre,Ops',
    };
    const principal = proxy.identify(asking(headers));
    expect(principal).toEqual({
      kind: 'user',
      ref: 'user:default/jane',
      groups: ['group:default/ops', 'group:default/sre'],
      credential: { kind: 'proxy', provider: 'gate' },
    });
    expect(proxy.identify(asking(headers))).toBe(principal);
    expect(asked).toHaveLength(1);
  });

  test('a changed catalog counts within half a minute, and the person stays the same object', () => {
    const clock = new ManualClock(0);
    const { proxy, asked } = proxyWith({ secret }, clock);
    const headers = { ...trusted, 'x-forwarded-email': 'jane@example.com' };
    const principal = proxy.identify(asking(headers));
    clock.advance(30_001);
    expect(proxy.identify(asking(headers))).toBe(principal);
    expect(asked).toHaveLength(2);
  });

  test('says nothing where it names nobody, and nobody where the catalog has none', () => {
    const { proxy } = proxyWith({ secret });
    expect(proxy.identify(asking(trusted))).toBeUndefined();
    expect(proxy.identify(asking({}))).toBeUndefined();
    expect(proxy.identify(asking({ ...trusted, 'x-forwarded-email': 'stranger@example.com' }))).toBeUndefined();
  });

  test.each([
    [{}, 'is missing'],
    [{ 'x-proxy-secret': '' }, 'is missing'],
    [{ 'x-proxy-secret': 'a secret between tw' }, 'does not hold the secret'],
    [{ 'x-proxy-secret': 'a secret between two, a secret between two' }, 'does not hold the secret'],
  ])('with %j it is not the proxy', (headers, reason) => {
    const { proxy, asked } = proxyWith({ secret });
    expect(() => proxy.identify(asking({ ...headers, 'x-forwarded-user': 'jane' }))).toThrow(refused(reason));
    expect(asked).toEqual([]);
  });
});

describe('a proxy that is known by its address', () => {
  const peers = ['10.0.0.0/8', '192.168.1.7', 'fd00::/8'];
  const headers = { 'x-forwarded-user': 'jane' };

  test.each(['10.255.0.1', '::ffff:10.0.0.1', '192.168.1.7', 'fd12::1'])('%s is it', (address) => {
    expect(proxyWith({ peers }).proxy.identify(asking(headers, address))).toMatchObject({ ref: 'user:default/jane' });
  });

  test.each(['11.0.0.1', '192.168.1.8', '::1', '::ffff:11.0.0.1', ''])('%s is not', (address) => {
    expect(() => proxyWith({ peers }).proxy.identify(asking(headers, address))).toThrow(refused('address'));
  });

  test('with a secret too, both have to hold', () => {
    const secret = { header: 'x-proxy-secret', value: 'sixteen characters' };
    const { proxy } = proxyWith({ peers, secret });
    expect(() => proxy.identify(asking({ ...headers, 'x-proxy-secret': secret.value }, '11.0.0.1'))).toThrow(
      refused('address'),
    );
    expect(() => proxy.identify(asking(headers))).toThrow(refused('missing'));
  });
});

describe('a proxy that signs', () => {
  let keys: string;
  let key: CryptoKey;
  let otherKey: CryptoKey;
  let server: ReturnType<typeof createServer>;
  const albPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const asked: string[] = [];

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    otherKey = (await generateKeyPair('ES256')).privateKey;
    const jwks = JSON.stringify({
      keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }],
    });
    const pem = albPair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(await exportSPKI(pair.publicKey)).toContain('PUBLIC KEY');
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/jwks') response.setHeader('content-type', 'application/json').end(jwks);
      else if (request.url === '/alb-key') response.end(pem);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    keys = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const seconds = (): number => Math.floor(Date.now() / 1000);
  const claims = (): JWTPayload => ({
    iss: 'https://cloud.google.com/iap',
    aud: '/projects/1/apps/x',
    sub: 'accounts.google.com:1',
    email: 'jane@example.com',
    iat: seconds(),
    exp: seconds() + 600,
  });
  const iap = (): Partial<ProxyConfig> => ({
    jwt: {
      header: 'x-goog-iap-jwt-assertion',
      keys: `${keys}/jwks`,
      issuer: 'https://cloud.google.com/iap',
      audience: '/projects/1/apps/x',
    },
  });
  const signed = (said: JWTPayload, by = key): Promise<string> =>
    new SignJWT(said).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(by);
  const sent = (token: string): AskingRequest =>
    asking({ 'x-goog-iap-jwt-assertion': token, 'x-forwarded-user': 'root' });

  test('Google IAP: the token says who, whatever other headers say', async () => {
    const { proxy, asked: identities } = proxyWith(iap());
    const token = await signed(claims());
    const principal = await proxy.identify(sent(token));
    expect(principal).toMatchObject({ ref: 'user:default/jane' });
    expect(proxy.identify(sent(token))).toBe(principal);
    expect(identities).toMatchObject([{ subject: 'accounts.google.com:1', email: 'jane@example.com' }]);
    expect(proxy.identify(asking({ 'x-forwarded-user': 'root' }))).toBeUndefined();
  });

  test.each<[string, () => Promise<string> | string]>([
    ['another audience', () => signed({ ...claims(), aud: '/projects/2/apps/x' })],
    ['another issuer', () => signed({ ...claims(), iss: 'https://evil.example' })],
    ['another key', () => signed(claims(), otherKey)],
    ['an end that has passed', () => signed({ ...claims(), exp: seconds() - 60 })],
    ['nobody in it', () => signed({ iss: claims().iss ?? '', aud: '/projects/1/apps/x', exp: seconds() + 60 })],
    [
      'no algorithm',
      async () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await signed(claims())).split('.')[1] ?? ''}.`,
    ],
    ['no form', () => 'nonsense'],
    ['no end to it', () => 'a'.repeat(20_000)],
  ])('a token with %s is refused', async (_name, make) => {
    const { proxy } = proxyWith(iap());
    await expect(Promise.resolve(proxy.identify(sent(await make())))).rejects.toThrow(refused(''));
  });

  test('a token without an end is refused', async () => {
    const { proxy } = proxyWith(iap());
    const endless = Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== 'exp'));
    await expect(Promise.resolve(proxy.identify(sent(await signed(endless))))).rejects.toThrow(refused('expired'));
  });

  test('a token that is believed is not believed longer than it lasts', async () => {
    const clock = new ManualClock(Date.now());
    const { proxy } = proxyWith(iap(), clock);
    const token = await signed({ ...claims(), exp: seconds() + 5 });
    await proxy.identify(sent(token));
    clock.advance(60_000);
    await expect(Promise.resolve(proxy.identify(sent(token)))).rejects.toThrow(refused(''));
  });

  test('keys that cannot be had are the fault of nobody who asks', async () => {
    const { jwt } = iap();
    const { proxy } = proxyWith(jwt === undefined ? {} : { jwt: { ...jwt, keys: 'http://127.0.0.1:1/jwks' } });
    await expect(Promise.resolve(proxy.identify(sent(await signed(claims()))))).rejects.toMatchObject({
      code: 'SIGN_IN_PROVIDER_AWAY',
    });
  });

  describe('AWS load balancer: padded base64, a key by its id, the signer in the header', () => {
    const arn = 'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/1';
    const alb = (): Partial<ProxyConfig> => ({
      jwt: { header: 'x-amzn-oidc-data', keys: `${keys}/{kid}`, issuer: 'https://idp.example', signer: arn },
      groupsClaim: 'groups',
    });
    const padded = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    const tokenWith = (
      header: object,
      payload: object = { sub: '1', email: 'jane@example.com', groups: ['sre'] },
    ): string => {
      const text = `${padded({ alg: 'ES256', kid: 'alb-key', signer: arn, iss: 'https://idp.example', exp: seconds() + 60, ...header })}.${padded(payload)}`;
      const signature = sign('sha256', Buffer.from(text), { key: albPair.privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    };
    const sentTo = (token: string): AskingRequest => asking({ 'x-amzn-oidc-data': token });

    test('is believed', async () => {
      const { proxy } = proxyWith(alb());
      const principal = await proxy.identify(sentTo(tokenWith({})));
      expect(principal).toMatchObject({ ref: 'user:default/jane', groups: ['group:default/sre'] });
      await proxy.identify(sentTo(tokenWith({}, { sub: '2', email: 'joe@example.com' })));
      expect(asked.filter((url) => url === '/alb-key')).toHaveLength(1);
    });

    test('made-up keys do not make this server ask for keys without end', async () => {
      const { proxy } = proxyWith(alb());
      const refusals = Array.from({ length: 50 }, (_, at) =>
        expect(Promise.resolve(proxy.identify(sentTo(tokenWith({ kid: `made-up-${at}` }))))).rejects.toThrow(
          refused(''),
        ),
      );
      await Promise.all(refusals);
      expect(asked.filter((url) => url.startsWith('/made-up-')).length).toBe(20);
    });

    test.each([
      ['of another load balancer', { signer: `${arn}2` }],
      ['of another issuer', { iss: 'https://other.example' }],
      ['that is over', { exp: seconds() - 60 }],
      ['whose key is a path', { kid: '../jwks' }],
      ['whose key is not there', { kid: 'missing' }],
    ])('one %s is refused', async (_name, header) => {
      const { proxy } = proxyWith(alb());
      await expect(Promise.resolve(proxy.identify(sentTo(tokenWith(header))))).rejects.toThrow(refused(''));
    });
  });
});
