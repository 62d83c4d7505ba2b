import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBackstage } from '../../src/config/backstage-config.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import { auditOf } from '../support/access.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';

// A Backstage frontend that is served from another origin than the server.

const app = 'http://localhost:3000';
const jo = 'user:default/jo';
let server: TestServer;
let cookie: string;

beforeAll(async () => {
  server = await startTestServer({
    entities: [component('mine')],
    config: {
      guests: 'never',
      access: { ...noPolicy, admins: [jo] },
      backstage: { ...noBackstage, appOrigins: [app] },
    },
  });
  const start = { principal: jo, provider: 'okta' };
  const session = await server.access.sessions.begin(start, auditOf('access.session.create', jo));
  cookie = session.cookie.split(';')[0] ?? '';
});
afterAll(() => server.close());

/** As a browser sends it for a page of an origin. */
function fromPage(origin: string, path: string, init: RequestInit = {}): Promise<Response> {
  return server.get(path, {
    ...init,
    headers: { origin, 'sec-fetch-site': 'cross-site', ...(init.headers as Record<string, string>) },
  });
}

const refresh = '/api/catalog/refresh';
const write = { method: 'POST', body: JSON.stringify({ entityRef: 'component:default/mine' }) };
const json = { 'content-type': 'application/json' };
const question = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };

describe('pages of a configured origin', () => {
  test('may ask what they may send, without saying who asks', async () => {
    const answer = await fromPage(app, refresh, question);
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers':
        'authorization, content-type, x-requested-with, backstage-kubernetes-cluster, backstage-kubernetes-authorization',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      vary: 'origin',
    });
  });

  test('read and write as whoever is signed in, and may read why not', async () => {
    const read = await fromPage(app, '/api/catalog/entities?limit=1', { headers: { cookie } });
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, app]);
    const written = await fromPage(app, refresh, { ...write, headers: { ...json, cookie } });
    expect([written.status, written.headers.get('access-control-allow-origin')]).toEqual([200, app]);
    const refused = await fromPage(app, '/api/v1/entities');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, app]);
  });

  test('get nothing but the API', async () => {
    const page = await fromPage(app, '/healthz');
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe.each(['http://localhost:3001', 'https://evil.example', 'null', `${app}.evil.example`])(
  'pages of %s',
  (origin) => {
    test('may neither read nor write', async () => {
      const asked = await fromPage(origin, refresh, question);
      const read = await fromPage(origin, '/api/catalog/entities?limit=1', { headers: { cookie } });
      const written = await fromPage(origin, refresh, { ...write, headers: { ...json, cookie } });
      for (const answer of [asked, read, written]) expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect([asked.status, written.status]).toEqual([404, 403]);
    });
  },
);
