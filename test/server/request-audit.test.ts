import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Type } from 'typebox';
import { defineRoute } from '../../src/api/route.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { implementRoute } from '../../src/manifest/typed-route.ts';
import type { AuditRecord } from '../../src/store/access-records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, auditRecords, signIn, type TestSession } from '../support/signed-in.ts';

const base = { tag: 'Things', response: Type.Object({ done: Type.Boolean() }), summary: 's' } as const;
const Thing = Type.Object({ password: Type.String() });
const change = defineRoute({
  ...base,
  method: 'POST',
  path: '/api/things',
  permission: 'things.thing.create',
  body: Thing,
});
const fail = defineRoute({ ...base, method: 'PUT', path: '/api/things', permission: 'things.thing.update' });
const store = defineRoute({ ...base, method: 'DELETE', path: '/api/things', permission: 'things.thing.delete' });
const look = defineRoute({
  ...base,
  method: 'POST',
  path: '/api/things/look',
  permission: 'things.thing.read',
  reads: true,
});
const silent = defineRoute({ ...base, method: 'POST', path: '/api/things/silent', permission: 'public' });

let server: TestServer;
let ada: TestSession;

const manifest: Manifest = {
  id: 'things',
  title: 'Things',
  routes: [
    implementRoute(change, (request) => {
      request.audit({ target: 'thing:1', data: { size: 3 } });
      request.audit({ revision: 7 });
      return { done: true };
    }),
    implementRoute(fail, () => {
      throw new Error('the disk is full of secrets');
    }),
    implementRoute(store, async (request) => {
      await server.store.access.commit([], [request.auditEntry({ target: 'thing:2' })]);
      if (request.raw.headers['x-fails'] !== undefined) throw new Error('after it was stored');
      return { done: true };
    }),
    implementRoute(look, () => ({ done: true })),
    implementRoute(silent, () => ({ done: true })),
  ],
};

beforeAll(async () => {
  server = await startTestServer({ config: adaAdministers, manifests: [manifest] });
  ada = await signIn(server);
});
afterAll(() => server.close());

/** What is recorded beyond the signing in, after some requests. */
async function recordsOf(act: () => Promise<unknown>, count: number): Promise<readonly AuditRecord[]> {
  const [last] = await server.store.access.audit({}, { limit: 1 });
  await act();
  const after = await auditRecords(
    server,
    (records) => (records.at(-1)?.sequence ?? 0) >= (last?.sequence ?? 0) + count,
  );
  return after.filter(({ sequence }) => sequence > (last?.sequence ?? 0));
}

function send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

describe('a request that may change something', () => {
  test('is recorded with who, from where, by what proof, and what the handler adds; not its body', async () => {
    const [record, ...more] = await recordsOf(
      () => send('POST', '/api/things', ada.headers, { password: 'hunter22' }),
      1,
    );
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      actor: 'user:default/ada',
      action: 'things.thing.create',
      target: 'thing:1',
      outcome: 'success',
      requestId: expect.stringMatching(/^[0-9a-f]{6}-\w+$/) as string,
      data: { size: 3, revision: 7, address: '127.0.0.1', via: 'session test' },
    });
    expect(JSON.stringify(record)).not.toContain('hunter22');
  });

  test('is recorded when it is denied, refused or fails, with the code as reason', async () => {
    const bob = await signIn(server, 'user:default/bob');
    const records = await recordsOf(async () => {
      await send('POST', '/api/things', bob.headers, { password: 'x' });
      await send('POST', '/api/things', { cookie: ada.cookie }, { password: 'x' });
      await send('POST', '/api/things', { origin: 'https://attacker.example' }, { password: 'x' });
      await send('POST', '/api/things', {}, { password: 'x' });
      await send('POST', '/api/things', ada.headers, { wrong: 'x' });
      await send('PUT', '/api/things', ada.headers);
    }, 6);
    expect(records.map(({ actor, action, outcome, data }) => [actor, action, outcome, data?.['reason']])).toEqual([
      ['user:default/bob', 'things.thing.create', 'denied', 'PERMISSION_DENIED'],
      ['user:default/ada', 'things.thing.create', 'denied', 'ORIGIN_MISSING'],
      ['anonymous', 'things.thing.create', 'denied', 'CROSS_SITE_REFUSED'],
      ['anonymous', 'things.thing.create', 'denied', 'SIGN_IN_REQUIRED'],
      ['user:default/ada', 'things.thing.create', 'failure', 'REQUEST_INVALID'],
      ['user:default/ada', 'things.thing.update', 'failure', 'INTERNAL'],
    ]);
    expect(JSON.stringify(records)).not.toContain('full of secrets');
  });

  test('is recorded once where the handler stores the record itself, and again when it failed after that', async () => {
    const once = await recordsOf(() => send('DELETE', '/api/things', ada.headers), 1);
    expect(once.map(({ target, outcome }) => [target, outcome])).toEqual([['thing:2', 'success']]);
    const twice = await recordsOf(() => send('DELETE', '/api/things', { ...ada.headers, 'x-fails': '1' }), 2);
    expect(twice.map(({ target, outcome }) => [target, outcome])).toEqual([
      ['thing:2', 'success'],
      ['thing:2', 'failure'],
    ]);
  });

  test('leaves nothing where it only reads', async () => {
    const records = await recordsOf(async () => {
      await send('POST', '/api/things/look', ada.headers);
      await send('GET', '/api/v1/entities', ada.headers);
      await send('DELETE', '/api/things', ada.headers);
    }, 1);
    expect(records.map(({ action }) => action)).toEqual(['things.thing.delete']);
  });

  test('by nobody in particular cannot fill the store: what is left out is counted', async () => {
    const records = await recordsOf(async () => {
      for (let at = 0; at < 200; at += 1) await send('POST', '/api/things/silent', {});
      await send('DELETE', '/api/things', ada.headers);
      await send('POST', '/api/things', ada.headers, { password: 'x' });
    }, 50);
    const all = await auditRecords(server, (found) => found.at(-1)?.action === 'things.thing.create');
    const added = all.filter(({ sequence }) => sequence >= (records[0]?.sequence ?? 0));
    const nameless = added.filter(({ actor }) => actor === 'anonymous');
    expect(nameless.length).toBeLessThan(120);
    const counted = added.reduce((sum, { data }) => sum + Number(data?.['leftOut'] ?? 0), 0);
    expect(nameless.length + counted).toBe(200);
  });

  test('by guests who may not cannot fill the store either', async () => {
    const open = await startTestServer({ config: { ...adaAdministers, guests: 'everywhere' } });
    try {
      for (let at = 0; at < 150; at += 1) {
        const refused = await open.get('/api/v1/access/roles/mine', { method: 'DELETE' });
        expect(refused.status).toBe(403);
      }
      const records = await open.store.access.audit({ actor: 'user:default/guest' }, { limit: 200 });
      expect(records.length).toBeLessThan(120);
    } finally {
      await open.close();
    }
  });
});
