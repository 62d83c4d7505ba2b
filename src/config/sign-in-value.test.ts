import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, type LoadedConfig } from './load-config.ts';
import type { SignInConfig } from './sign-in-config.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-sign-in-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function load(text: string, env = {}, name = 'callboard.yaml'): Promise<LoadedConfig> {
  writeFileSync(join(cwd, name), text);
  return loadConfig({ cwd, flags: {}, env });
}

const signIn = async (text: string, env = {}): Promise<SignInConfig> => (await load(text, env)).config.signIn;

describe('signIn', () => {
  test('without it nobody signs in, and people are found by e-mail', async () => {
    expect(await signIn('organization: X')).toEqual({
      providers: [],
      resolvers: [{ by: 'email' }],
      allowUnknownUsers: false,
      sessions: { idleHours: 12, maxHours: 168 },
    });
  });

  test('OpenID Connect: issuer and client, the rest by default', async () => {
    const text = [
      'signIn:',
      '  providers:',
      '    - { id: okta, type: oidc, title: Okta, issuer: "https://idp.example/app/", clientId: a, clientSecret: "${S}" }',
      '  sessions: { idleHours: 400, maxHours: 24 }',
    ];
    expect(await signIn(text.join('\n'), { S: 'hidden' })).toMatchObject({
      sessions: { idleHours: 24, maxHours: 24 },
      providers: [
        {
          id: 'okta',
          type: 'oidc',
          title: 'Okta',
          issuer: 'https://idp.example/app/',
          clientId: 'a',
          clientSecret: 'hidden',
          clientAuthentication: 'client_secret_basic',
          scopes: ['openid', 'profile', 'email'],
          trustEmail: false,
          loginClaim: 'preferred_username',
          groups: { namespace: 'default' },
          refreshMinutes: 15,
          endProviderSession: false,
        },
      ],
    });
  });

  test('a public client, groups, resolvers of its own, a kept secret', async () => {
    const text = [
      'signIn:',
      '  providers:',
      '    - type: oidc',
      '      issuer: http://127.0.0.1:4000',
      '      clientId: a',
      '      scopes: openid groups',
      '      groupsClaim: groups',
      '      groups: { namespace: Teams, strip: eng/ }',
      '      resolvers: [{ by: emailLocalPart, allowedDomains: "@Corp.example" }]',
      '    - type: github',
      '      clientId: b',
      '      clientSecret: { secret: github }',
      '      scopes: [read:user, read:org]',
      '      organizations: [Acme]',
      '  resolvers: [{ by: annotation, annotation: idp/id, claim: oid }, { by: login, namespace: people }]',
      '  allowUnknownUsers: true',
    ];
    expect(await signIn(text.join('\n'))).toMatchObject({
      allowUnknownUsers: true,
      resolvers: [
        { by: 'annotation', annotation: 'idp/id', claim: 'oid' },
        { by: 'login', namespace: 'people' },
      ],
      providers: [
        {
          id: 'oidc',
          clientAuthentication: 'none',
          scopes: ['openid', 'groups'],
          groupsClaim: 'groups',
          groups: { namespace: 'teams', strip: 'eng/' },
          resolvers: [{ by: 'emailLocalPart', allowedDomains: ['corp.example'] }],
        },
        { id: 'github', clientSecret: { secret: 'github' }, organizations: ['acme'], url: 'https://github.com' },
      ],
    });
  });

  test.each([
    [
      'secret: { header: X-Proof, value: 0123456789abcdef }',
      { secret: { header: 'x-proof', value: '0123456789abcdef' } },
    ],
    [
      'peers: [10.0.0.0/8, "::1"], headers: { user: X-User }',
      { peers: ['10.0.0.0/8', '::1'], headers: { user: 'x-user' } },
    ],
    [
      'jwt: { form: gcpIap, audience: /projects/1 }',
      { jwt: { header: 'x-goog-iap-jwt-assertion', issuer: 'https://cloud.google.com/iap', audience: '/projects/1' } },
    ],
    [
      'jwt: { form: cloudflareAccess, team: acme, audience: tag }',
      {
        jwt: {
          issuer: 'https://acme.cloudflareaccess.com',
          keys: 'https://acme.cloudflareaccess.com/cdn-cgi/access/certs',
        },
      },
    ],
    [
      'jwt: { form: awsAlb, region: eu-west-1, signer: arn, issuer: "https://idp.example" }',
      { jwt: { keys: 'https://public-keys.auth.elb.eu-west-1.amazonaws.com/{kid}', signer: 'arn' } },
    ],
  ])('a proxy with %s', async (proof, expected) => {
    const { providers } = await signIn(`signIn: { providers: [{ type: proxy, id: gate, ${proof} }] }`);
    expect(providers).toMatchObject([{ type: 'proxy', id: 'gate', title: 'gate', ...expected }]);
  });

  test.each([
    ['providers: [{ type: saml }]', 'a provider whose type is oidc, github or proxy'],
    ['providers: [{ type: oidc, issuer: "https://a.example" }]', 'issuer and clientId'],
    ['providers: [{ type: oidc, issuer: "ftp://a", clientId: a }]', 'issuer to be an http:// or https:// URL'],
    ['providers: [{ type: oidc, issuer: "https://a", clientId: a, id: guest }]', 'id to be one word'],
    ['providers: [{ type: oidc, issuer: "https://a", clientId: a, id: ../x }]', 'id to be one word'],
    [
      'providers: [{ type: oidc, issuer: "https://a", clientId: a, clientAuthentication: client_secret_post }]',
      'clientSecret',
    ],
    ['providers: [{ type: oidc, issuer: "https://a", clientId: a, group: x }]', 'a map of id, title'],
    ['providers: [{ type: github, clientId: a }]', 'clientId and clientSecret'],
    ['providers: [{ type: github, clientId: a, clientSecret: b, organizations: [x] }]', 'read:org'],
    [
      'providers: [{ type: github, clientId: a, clientSecret: b }, { type: github, clientId: c, clientSecret: d }]',
      'github twice',
    ],
    ['providers: [{ type: proxy }]', 'without one of them everybody could say that they are the proxy'],
    ['providers: [{ type: proxy, secret: { header: x, value: short } }]', 'at least 16 characters'],
    ['providers: [{ type: proxy, peers: [0.0.0.0/0] }]', 'an address or a range'],
    ['providers: [{ type: proxy, peers: [10.0.0.0/33] }]', 'an address or a range'],
    ['providers: [{ type: proxy, peers: [proxy.example] }]', 'an address or a range'],
    ['providers: [{ type: proxy, peers: [] }]', 'without one of them'],
    ['providers: [{ type: proxy, jwt: { form: gcpIap } }]', 'audience'],
    ['providers: [{ type: proxy, jwt: { form: awsAlb, region: "x/../y", signer: a, issuer: b } }]', 'header, keys'],
    ['resolvers: [{ by: emailLocalPart }]', 'names alone do not say which company'],
    ['resolvers: [{ by: annotation }]', 'annotation where it is by annotation'],
    ['resolvers: [{ by: login, allowedDomains: [a.example] }]', 'allowedDomains only by e-mail'],
    ['resolvers: [{ by: name }]', 'by to be one of email'],
    ['sessions: { idleHours: 0 }', 'from 1 to 8760'],
  ])('%s is refused', async (text, expected) => {
    await expect(load(`signIn: { ${text} }`)).rejects.toThrow(expected);
  });

  test('no message shows a secret', async () => {
    const text = 'signIn: { providers: [{ type: oidc, issuer: x, clientId: a, clientSecret: hidden-word }] }';
    await expect(load(text)).rejects.toThrow(/signIn\.providers is a value that is not shown/);
    await expect(load(text)).rejects.not.toThrow(/hidden-word/);
  });
});

describe("Backstage's auth.providers", () => {
  const app = (text: string, env = {}): Promise<LoadedConfig> => load(text, env, 'app-config.yaml');

  test('what has a meaning here is read, for the environment that is asked for', async () => {
    const text = `
auth:
  environment: production
  providers:
    oidc:
      development: { metadataUrl: "https://dev.example/.well-known/openid-configuration", clientId: dev, clientSecret: x }
      production:
        metadataUrl: https://idp.example/realms/x/.well-known/openid-configuration
        clientId: prod
        clientSecret: \${OIDC_SECRET}
        prompt: auto
        additionalScopes: [groups]
        signIn:
          resolvers:
            - { resolver: emailLocalPartMatchingUserEntityName, allowedDomains: [corp.example] }
            - { resolver: emailMatchingUserEntityProfileEmail }
    github:
      production:
        clientId: gh
        clientSecret: secret
        enterpriseInstanceUrl: https://ghe.example
        signIn: { resolvers: [{ resolver: usernameMatchingUserEntityName }, { resolver: userIdMatchingUserEntityAnnotation }] }
    microsoft:
      production:
        clientId: ms
        clientSecret: secret
        tenantId: "1234"
        signIn: { resolvers: [{ resolver: emailMatchingUserEntityAnnotation }] }
    okta: { production: { clientId: o, clientSecret: s, audience: "https://acme.okta.com", authServerId: main } }
    gcpIap: { audience: /projects/1/apps/x }
    awsalb: { production: { issuer: "https://idp.example", signer: arn, region: eu-west-1 } }
`;
    const { config, notices } = await app(text, { OIDC_SECRET: 'hidden' });
    expect(notices).toEqual([]);
    expect(config.signIn.providers).toMatchObject([
      {
        id: 'oidc',
        issuer: 'https://idp.example/realms/x',
        clientId: 'prod',
        clientSecret: 'hidden',
        trustEmail: true,
        scopes: ['openid', 'profile', 'email', 'groups'],
        resolvers: [{ by: 'emailLocalPart', allowedDomains: ['corp.example'] }, { by: 'email' }],
      },
      {
        id: 'github',
        url: 'https://ghe.example',
        resolvers: [{ by: 'login' }, { by: 'annotation', annotation: 'github.com/user-id' }],
      },
      {
        id: 'microsoft',
        issuer: 'https://login.microsoftonline.com/1234/v2.0',
        resolvers: [{ by: 'annotation', annotation: 'microsoft.com/email', claim: 'email' }],
      },
      { id: 'okta', issuer: 'https://acme.okta.com/oauth2/main' },
      { id: 'gcpIap', type: 'proxy', jwt: { audience: '/projects/1/apps/x', header: 'x-goog-iap-jwt-assertion' } },
      { id: 'awsalb', type: 'proxy', jwt: { signer: 'arn', issuer: 'https://idp.example' } },
    ]);
    expect(config.guests).toBe('never');
  });

  test.each([
    [
      'github: { development: { clientId: "${NOT_SET}", clientSecret: x } }',
      'auth.providers.github is left out: NOT_SET is not set',
    ],
    ['github: { staging: { clientId: a, clientSecret: x } }', 'it has no development, which auth.environment asks for'],
    ['onelogin: { development: { clientId: a } }', 'auth.providers.onelogin is left out: Callboard does not know'],
    ['oauth2Proxy: {}', 'auth.providers.oauth2Proxy is left out: it says nothing by which the proxy proves itself'],
    ['cfaccess: { teamName: acme }', 'auth.providers.cfaccess is left out'],
    ['awsalb: { development: { region: x } }', 'it does not say which load balancer signs'],
    ['oidc: { development: { clientId: a } }', 'it does not say which issuer it is of'],
  ])('%s is left out, which is said', async (text, notice) => {
    const { config, notices } = await app(`auth: { providers: { ${text} } }`);
    expect(config.signIn.providers).toEqual([]);
    expect(notices.join('\n')).toContain(notice);
  });

  test('resolvers that cannot be taken over, and a callback elsewhere, are said', async () => {
    const resolvers = '[{ resolver: emailLocalPartMatchingUserEntityName }, { resolver: mine }]';
    const { config, notices } = await app(
      `auth: { providers: { github: { development: { clientId: a, clientSecret: b, callbackUrl: "https://x", signIn: { resolvers: ${resolvers} } } } } }`,
    );
    expect(config.signIn.providers).toMatchObject([{ id: 'github' }]);
    expect(config.signIn.providers[0]).not.toHaveProperty('resolvers');
    expect(notices.join('\n')).toMatch(
      /without allowedDomains[\s\S]*resolver mine is left out: Callboard does not know it/,
    );
    expect(notices.join('\n')).toContain('callbackUrl is not used');
  });

  test('guests, and people without an entity', async () => {
    const guest = (text: string): Promise<LoadedConfig> => app(`auth: { providers: { guest: ${text} } }`);
    expect((await guest('{}')).config.guests).toBe('loopback');
    expect((await guest('{ dangerouslyAllowOutsideDevelopment: true }')).config.guests).toBe('everywhere');
    const resolver =
      '{ resolver: emailMatchingUserEntityProfileEmail, dangerouslyAllowSignInWithoutUserInCatalog: true }';
    const { config } = await app(
      `auth: { providers: { github: { development: { clientId: a, clientSecret: b, signIn: { resolvers: [${resolver}] } } } } }`,
    );
    expect(config.signIn.allowUnknownUsers).toBe(true);
  });
});
