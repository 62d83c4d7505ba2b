import { expect, test } from 'vitest';
import { noAudit } from '../config/audit-config.ts';
import { noBackstage } from '../config/backstage-config.ts';
import { catalogOf } from '../config/load-config.ts';
import { noSignIn, type OidcConfig } from '../config/sign-in-config.ts';
import { maskSecrets } from '../telemetry/mask.ts';
import { registerConfiguredSecrets, secretUses } from './configured-secrets.ts';

const okta: OidcConfig = {
  id: 'okta',
  type: 'oidc',
  title: 'Okta',
  issuer: 'https://okta.example',
  clientId: 'callboard',
  clientAuthentication: 'client_secret_basic',
  scopes: ['openid'],
  trustEmail: false,
  loginClaim: 'preferred_username',
  groups: { namespace: 'default' },
  refreshMinutes: 10,
  endProviderSession: false,
};
const nothing = {
  signIn: noSignIn,
  backstage: noBackstage,
  audit: noAudit,
  databaseUrl: undefined,
  reading: { allow: [] },
  catalog: catalogOf([]),
};

test('every setting that names a kept secret is known by its place', () => {
  const uses = secretUses({
    ...nothing,
    signIn: {
      ...noSignIn,
      providers: [
        { ...okta, clientSecret: 'plain text here' },
        { ...okta, id: 'other', clientSecret: { secret: 'shared' } },
        {
          id: 'proxy',
          type: 'proxy',
          title: 'Proxy',
          headers: { user: 'x-user' },
          secret: { header: 'x-proof', value: { secret: 'proof' } },
          groups: { namespace: 'default' },
        },
      ],
    },
    backstage: {
      ...noBackstage,
      externalAccess: [{ type: 'static', subject: 'nightly', token: { secret: 'nightly' } }],
    },
    reading: { allow: [{ host: 'open.example' }, { host: 'files.example', token: { secret: 'files' } }] },
    catalog: { ...catalogOf([]), forges: [{ host: 'git.example', type: 'gitlab', token: { secret: 'git' } }] },
    audit: { sinks: [{ url: 'https://x', format: 'jsonl', headers: { authorization: { secret: 'shared' } } }] },
  });
  expect(Object.fromEntries(uses)).toEqual({
    shared: ['signIn.providers[1]', 'audit.sinks[0]'],
    proof: ['signIn.providers[2]'],
    nightly: ['backstage.externalAccess[0]'],
    files: ['reading.allow[1]'],
    git: ['catalog.forges[0]'],
  });
});

test('credentials that stand in the configuration are hidden from logs', () => {
  registerConfiguredSecrets({
    ...nothing,
    signIn: { ...noSignIn, providers: [{ ...okta, clientSecret: 'client-secret-of-okta' }] },
    backstage: {
      ...noBackstage,
      externalAccess: [{ type: 'legacy', subject: 'old', secret: 'bGVnYWN5LXNlY3JldA==' }],
    },
    databaseUrl: 'postgres://me:p%40ssword-of-db@db/callboard',
  });
  const told = ['client-secret-of-okta', 'bGVnYWN5LXNlY3JldA==', 'p@ssword-of-db', 'p%40ssword-of-db'];
  for (const text of told) expect(maskSecrets(`x ${text} y`)).toBe('x *** y');
});
