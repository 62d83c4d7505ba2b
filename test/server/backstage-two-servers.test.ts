import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import { noSignIn } from '../../src/config/sign-in-config.ts';
import { oidcOf } from '../../src/config/sign-in-value.ts';
import { auditOf } from '../support/access.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { homes } from '../support/store-engines.ts';

const jo = 'user:default/jo';
/** Never asked: the sessions are begun here. */
const okta = oidcOf({ id: 'okta', issuer: 'http://127.0.0.1:1', clientId: 'x', clientAuthentication: 'none' });

describe.skipIf('missing' in inject('postgres'))('identity tokens of two servers on one PostgreSQL', () => {
  const makeHome = homes('postgres');
  let a: TestServer;
  let b: TestServer;

  beforeAll(async () => {
    const { place } = await makeHome();
    const config: Partial<Config> = {
      databaseUrl: place.url,
      guests: 'never',
      access: { ...noPolicy, admins: [jo] },
      signIn: { ...noSignIn, providers: [okta], allowUnknownUsers: true },
    };
    a = await startTestServer({ config });
    // With a key for secrets of its own, as where none is configured: it cannot sign with the keys of the other.
    b = await startTestServer({ config });
  });
  afterAll(async () => {
    await a.close();
    await b.close();
  });

  test('hold on both at once, against the key set of either, and end on both with the session', async () => {
    const made: [TestServer, TestServer][] = [
      [a, b],
      [b, a],
    ];
    for (const [own, other] of made) {
      const start = { principal: jo, provider: 'okta' };
      const { id, cookie } = await own.access.sessions.begin(start, auditOf('access.session.create', jo));
      const headers = { cookie: cookie.split(';')[0] ?? '', 'x-requested-with': 'XMLHttpRequest' };
      const refreshed = await own.get('/api/auth/okta/refresh', { headers });
      const { backstageIdentity } = (await refreshed.json()) as { backstageIdentity: { token: string } };
      const { token } = backstageIdentity;
      const ask = (server: TestServer): Promise<Response> =>
        server.get('/api/v1/entities?limit=0', { headers: { authorization: `Bearer ${token}` } });
      const keys = createRemoteJWKSet(new URL(`${other.url}/api/auth/.well-known/jwks.json`));
      expect((await jwtVerify(token, keys)).payload.sub).toBe(jo);
      expect([(await ask(other)).status, (await ask(own)).status]).toEqual([200, 200]);
      await other.access.sessions.end(id, auditOf('access.session.delete', jo));
      expect((await ask(other)).status).toBe(401);
      let status = 200;
      for (let turn = 0; turn < 100 && status === 200; turn += 1) ({ status } = await ask(own));
      expect(status).toBe(401);
    }
  });
});
