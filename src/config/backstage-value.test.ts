import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BackstageConfig } from './backstage-config.ts';
import type { Environment } from './environment.ts';
import { loadConfig } from './load-config.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-backstage-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const load = (name: string, text: string, env: Environment = {}) => {
  writeFileSync(join(cwd, name), text);
  return loadConfig({ cwd, flags: {}, env });
};
const own = async (text: string): Promise<BackstageConfig> => (await load('callboard.yaml', text)).config.backstage;

describe('backstage.externalAccess', () => {
  test('takes fixed tokens, shared secrets and key sets, with what they are limited to', async () => {
    const { externalAccess } = await own(`
backstage:
  externalAccess:
    - type: static
      options: { token: a-long-token, subject: robot }
      accessRestrictions:
        - { plugin: catalog, permission: "catalog.entity.read, catalog.location.read" }
        - { plugin: scaffolder, permissionAttribute: { action: [read, create] } }
    - { type: static, options: { token: { secret: robot-token }, subject: other }, accessRestrictions: [] }
    - { type: legacy, options: { secret: c2VjcmV0, subject: old } }
    - type: jwks
      options:
        { url: "https://id.example/keys", issuer: https://id.example, audience: [a, b], algorithm: RS256, subjectPrefix: ci }
`);
    expect(externalAccess).toEqual([
      {
        type: 'static',
        token: 'a-long-token',
        subject: 'robot',
        restrictions: [
          { plugin: 'catalog', permissions: ['catalog.entity.read', 'catalog.location.read'] },
          { plugin: 'scaffolder', actions: ['read', 'create'] },
        ],
      },
      { type: 'static', token: { secret: 'robot-token' }, subject: 'other' },
      { type: 'legacy', secret: 'c2VjcmV0', subject: 'old' },
      {
        type: 'jwks',
        url: 'https://id.example/keys',
        issuers: ['https://id.example'],
        audiences: ['a', 'b'],
        algorithms: ['RS256'],
        subjectPrefix: 'ci',
      },
    ]);
  });

  test.each([
    ['{ type: mtls, options: {} }', 'static, legacy or jwks'],
    ['{ type: static }', 'options'],
    ['{ type: static, options: { token: short, subject: a } }', '8 characters'],
    ['{ type: static, options: { token: "has a space in it", subject: a } }', 'no spaces'],
    ['{ type: static, options: { token: a-long-token } }', 'token and subject'],
    ['{ type: static, options: { token: a-long-token, subject: a b } }', 'one word'],
    ['{ type: legacy, options: { secret: "!!", subject: a } }', 'base64'],
    ['{ type: jwks, options: { url: "file:///etc/keys" } }', 'http(s) URL'],
    ['{ type: jwks, options: { issuer: a } }', 'url of a key set'],
    [
      '{ type: static, options: { token: a-long-token, subject: a }, accessRestrictions: [{ permission: x }] }',
      'plugin',
    ],
    [
      '{ type: static, options: { token: a-long-token, subject: a }, accessRestrictions: [{ plugin: catalog, permission: "" }] }',
      'a list of texts',
    ],
    [
      '{ type: static, options: { token: a-long-token, subject: a }, accessRestrictions: [{ plugin: catalog, permissionAttribute: { action: use } }] }',
      'create, read, update, delete',
    ],
    [
      '{ type: static, options: { token: a-long-token, subject: a }, accessRestrictions: [{ plugin: catalog, permissions: [x] }] }',
      'plugin, permission, permissionAttribute',
    ],
  ])('%s is refused without showing what it holds', async (entry, expected) => {
    const failure = own(`backstage: { externalAccess: [${entry}] }`);
    await expect(failure).rejects.toThrow(expected);
    await expect(failure).rejects.not.toThrow(/a-long-token|has a space/);
  });
});

describe("Backstage's app-config.yaml", () => {
  test('names external callers, older keys, frontends and how long tokens hold', async () => {
    const { config, notices } = await load(
      'app-config.yaml',
      `
app: { baseUrl: "http://localhost:3000/portal" }
backend:
  cors: { origin: ["http://localhost:3000", "https://portal.example"] }
  auth:
    keys: [{ secret: "\${OLD_KEY}" }]
    externalAccess:
      - { type: static, options: { token: "\${ROBOT}", subject: robot } }
      - { type: static, options: { token: "\${NOBODY}", subject: nobody } }
auth: { backstageTokenExpiration: { minutes: 20 } }
`,
      { OLD_KEY: 'b2xk', ROBOT: 'robot-token' },
    );
    expect(config.backstage).toEqual({
      externalAccess: [
        { type: 'static', token: 'robot-token', subject: 'robot' },
        { type: 'legacy', secret: 'b2xk', subject: 'backstage-plugin' },
      ],
      appOrigins: ['http://localhost:3000', 'https://portal.example'],
      tokenSeconds: 1200,
    });
    expect(notices.join('\n')).toMatch(/app-config\.yaml:9: an entry of backend\.auth is left out, NOBODY is not set/);
  });

  test.each(['5m', 'false', '25h'])('tokens of %s are refused', async (expiration) => {
    const text = `auth: { backstageTokenExpiration: ${expiration} }`;
    await expect(load('app-config.yaml', text)).rejects.toThrow('from 600 to 86400');
  });
});
