import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '../../access/principal.ts';
import type { AskingRequest, TokenVerifier } from '../../access/token-verifier.ts';
import { systemClock } from '../../base/clock.ts';
import type { ExternalAccess } from '../../config/backstage-config.ts';
import { createLog } from '../../telemetry/log.ts';
import { externalSubjects, externalVerifier } from './external-verifier.ts';

const request: AskingRequest = { headers: {}, socket: {} };
const log = createLog({ level: 'fatal', format: 'json' });
let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
});

function verifierOf(...access: readonly ExternalAccess[]): TokenVerifier {
  const vault = {
    encrypt: (_label: string, text: string) => text,
    decrypt: (_label: string, text: string) => text,
    value(name: string): string {
      const text = kept.get(name);
      if (text === undefined) throw new Error(`no secret ${name}`);
      return text;
    },
  };
  return externalVerifier({
    access,
    vault,
    clock: systemClock,
    log,
    invalid: (reason) => new Error(`invalid: ${reason}`),
  });
}

const robot: ExternalAccess = { type: 'static', token: 'robot-token', subject: 'robot' };

describe('a fixed token', () => {
  test('is its subject, the same principal each time, and nobody for any other text', async () => {
    const verifier = verifierOf(robot);
    const principal = await verifier.verify('robot-token', request);
    expect(principal).toEqual({
      kind: 'service',
      ref: 'external:robot',
      credential: { kind: 'external', subject: 'external:robot' },
    });
    expect(await verifier.verify('robot-token', request)).toBe(principal);
    for (const other of ['robot-toke', 'robot-token2', '', 'ROBOT-TOKEN'])
      expect(await verifier.verify(other, request), other).toBeUndefined();
  });

  test('that is kept as a secret counts from when it is set, and no longer than it is', async () => {
    const verifier = verifierOf({ ...robot, token: { secret: 'robot' } }, { ...robot, token: 'other-token' });
    expect(await verifier.verify('first-text', request)).toBeUndefined();
    kept.set('robot', 'first-text');
    const first = (await verifier.verify('first-text', request)) as Principal;
    expect(verifier.isValid?.(first)).toBe(true);
    kept.set('robot', 'second-text');
    expect(verifier.isValid?.(first)).toBe(false);
    expect(await verifier.verify('first-text', request)).toBeUndefined();
    expect(await verifier.verify('second-text', request)).toMatchObject({ ref: 'external:robot' });
    kept.delete('robot');
    expect(await verifier.verify('second-text', request)).toBeUndefined();
    expect(await verifier.verify('other-token', request)).toMatchObject({ ref: 'external:robot' });
  });

  test.each([
    ['a plugin', [{ plugin: 'catalog' }], ['catalog.*.*']],
    ['permissions', [{ plugin: 'catalog', permissions: ['catalog.entity.read'] }], ['catalog.entity.read']],
    ['actions', [{ plugin: 'catalog', actions: ['update'] as const }], ['catalog.entity.refresh', 'catalog.*.update']],
    [
      'permissions with actions',
      [
        {
          plugin: 'catalog',
          permissions: ['catalog.entity.read', 'catalog.entity.delete'],
          actions: ['read'] as const,
        },
      ],
      ['catalog.entity.read'],
    ],
    ['the permission API', [{ plugin: 'permission' }], ['signed-in']],
    ['permissions of nothing here', [{ plugin: 'catalog', permissions: ['*', 'access.token.create'] }], []],
    ['plugins of nothing here', [{ plugin: 'scaffolder' }, { plugin: 'access' }], []],
  ])('limited to %s may do no more', async (_what, restrictions, scopes) => {
    const principal = await verifierOf({ ...robot, restrictions }).verify('robot-token', request);
    expect(principal?.scopes).toEqual(scopes);
  });
});

describe('a token signed with a shared secret', () => {
  const secret = Buffer.alloc(32, 7);
  const legacy: ExternalAccess = { type: 'legacy', secret: secret.toString('base64'), subject: 'old' };
  const sign = (claims: Record<string, unknown>, alg = 'HS256', key: Uint8Array = secret): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(key);

  test('is its subject until it runs out', async () => {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const verifier = verifierOf(robot, legacy);
    const token = await sign({ sub: 'backstage-server', exp });
    expect(await verifier.verify(token, request)).toMatchObject({ ref: 'external:old', expiresAt: exp * 1000 });
    const old = await sign({ sub: 'backstage-server', exp: exp - 700 });
    await expect(verifier.verify(old, request)).rejects.toThrow('it has run out');
  });

  test('of another secret, subject, audience or algorithm is nobody', async () => {
    const verifier = verifierOf(legacy);
    const tokens = [
      await sign({ sub: 'backstage-server' }, 'HS256', Buffer.alloc(32, 8)),
      await sign({ sub: 'user:default/root' }),
      await sign({ sub: 'backstage-server', aud: 'catalog' }),
      await sign({ sub: 'backstage-server' }, 'HS512'),
    ];
    for (const token of tokens) expect(await verifier.verify(token, request)).toBeUndefined();
  });
});

describe('a token of a third party', () => {
  let server: Server;
  let asked = 0;
  let status = 200;
  let url: string;
  let key: CryptoKey;
  let publicKey: Awaited<ReturnType<typeof exportJWK>>;

  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    key = pair.privateKey;
    publicKey = await exportJWK(pair.publicKey);
  });
  beforeEach(async () => {
    asked = 0;
    status = 200;
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/' });
      response.end(JSON.stringify({ keys: [{ ...publicKey, kid: 'k1', alg: 'RS256', use: 'sig' }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const now = (): number => Math.floor(Date.now() / 1000);
  const sign = (claims: Record<string, unknown>, kid = 'k1'): Promise<string> =>
    new SignJWT({ iss: 'https://id.example', aud: 'portal', sub: 'build', exp: now() + 600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(key);
  const jwks = (parts: Partial<Extract<ExternalAccess, { type: 'jwks' }>> = {}): ExternalAccess => ({
    type: 'jwks',
    url,
    issuers: ['https://id.example'],
    audiences: ['portal'],
    algorithms: ['RS256'],
    ...parts,
  });

  test('is its subject, with the callers of its key set as a group', async () => {
    const access = jwks({ subjectPrefix: 'ci' });
    const principal = await verifierOf(access).verify(await sign({}), request);
    expect(principal).toMatchObject({ kind: 'service', ref: 'external:ci:build', groups: [`external:${url}`] });
    expect(externalSubjects([access, robot])).toEqual([`external:${url}`, 'external:robot']);
  });

  test('of another issuer or audience, without an end or a subject, or by another key is nobody', async () => {
    const verifier = verifierOf(jwks());
    const refused = [
      { iss: 'https://evil.example' },
      { aud: 'elsewhere' },
      { exp: undefined },
      { sub: undefined },
      { nbf: now() + 600 },
    ];
    for (const claims of refused)
      expect(await verifier.verify(await sign(claims), request), JSON.stringify(claims)).toBeUndefined();
    const [head, payload] = (await sign({})).split('.');
    expect(await verifier.verify(`${head}.${payload}.AAAA`, request)).toBeUndefined();
    await expect(verifier.verify(await sign({ exp: now() - 5 }), request)).rejects.toThrow('it has run out');
  });

  test('does not make the server ask for keys for what is plainly of others, nor for each unknown key', async () => {
    const verifier = verifierOf(jwks());
    await verifier.verify(await sign({ iss: 'https://evil.example' }), request);
    await verifier.verify('no-token-at-all', request);
    expect(asked).toBe(0);
    await verifier.verify(await sign({}), request);
    for (let turn = 0; turn < 5; turn += 1) await verifier.verify(await sign({}, `unknown-${turn}`), request);
    expect(asked).toBe(1);
  });

  test('is nobody while the keys cannot be read, which keeps no other caller out', async () => {
    status = 302;
    const verifier = verifierOf(jwks(), robot);
    for (let turn = 0; turn < 5; turn += 1) expect(await verifier.verify(await sign({}), request)).toBeUndefined();
    expect(asked).toBe(1);
    expect(await verifier.verify('robot-token', request)).toMatchObject({ ref: 'external:robot' });
  });
});
