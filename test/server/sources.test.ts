import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CatalogConfig } from '../../src/config/config.ts';
import { allowAll } from '../support/allow-all.ts';
import type { Policy } from '../../src/access/policy.ts';
import type { PermissionName } from '../../src/api/route.ts';
import { ClientError, createClient, type Client } from '../../src/client.ts';
import { serve, startFileServer, type FileServer } from '../support/client-catalog.ts';
import { halfPolicy, isHidden } from '../support/half-policy.ts';
import { until } from '../support/running-catalog.ts';
import { catalogOf, component, startTestServer, type TestServer } from '../support/server.ts';

// Working sources and locations over the own API, on real files and a real web server.

let folder: string;
let web: FileServer;
let server: TestServer;
let client: Client;
/** What the policy of the server says now. */
let policy: Policy = allowAll;

beforeEach(async () => {
  policy = allowAll;
  folder = await mkdtemp(join(tmpdir(), 'callboard-sources-'));
  web = await startFileServer();
  await save('lights');
  await start();
});
afterEach(async () => {
  await server.close();
  await web.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(settings: Partial<CatalogConfig> = {}): Promise<void> {
  server = await startTestServer({
    policy: { decide: (...asked) => policy.decide(...asked) },
    config: { catalog: { ...catalogOf([folder]), ...settings }, reading: { allow: [{ host: web.host }] } },
  });
  await until(() => has('component:default/lights'));
  client = createClient({ baseUrl: server.url });
}

async function save(name: string, description = 'plain'): Promise<string> {
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, JSON.stringify(component(name, {}, { description })));
  return file;
}

function everything() {
  return server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
}

const has = (ref: string): boolean => everything().find(ref) !== undefined;

const register = (target: string, dryRun = false) =>
  client.call('POST /api/v1/locations', { query: { dryRun }, body: { type: 'url', target } });

async function refusal(call: Promise<unknown>): Promise<string> {
  const thrown: unknown = await call.catch((error: unknown) => error);
  if (!(thrown instanceof ClientError)) throw new Error(`expected a refusal, got ${JSON.stringify(thrown)}`);
  return `${thrown.status} ${thrown.code}`;
}

/** Names whose entity, and whose registration at the web server, `halfPolicy` hides or shows. */
function nameOf(hidden: boolean): string {
  for (let n = 0; ; n += 1) if (isHidden(`component:default/part-${n}`) === hidden) return `part-${n}`;
}

describe('POST /api/v1/sources/refresh', () => {
  test('of an entity, a location or a source says what was looked at and what changed', async () => {
    const file = await save('lights', 'changed');
    const byEntity = await client.call('POST /api/v1/sources/refresh', { body: { entityRef: 'Component:Lights' } });
    expect(byEntity).toMatchObject({ failures: [], pending: false });
    expect(byEntity.locations).toEqual([`file:${file}`, `file:${folder}`]);
    const { revision } = byEntity;
    const [newest] = (
      await client.call('GET /api/v1/entities/:kind/:namespace/:name/history', {
        params: { kind: 'component', namespace: 'default', name: 'lights' },
        query: { minRevision: revision },
      })
    ).items;
    expect(newest?.entity).toMatchObject({ metadata: { description: 'changed' } });
    await save('lights', 'again');
    await save('sound');
    const whole = await client.call('POST /api/v1/sources/refresh', { body: { location: `file:${folder}` } });
    expect(whole.pending).toBe(false);
    expect(has('component:default/sound')).toBe(true);
    const quiet = await client.call('POST /api/v1/sources/refresh', { body: { location: `file:${file}` } });
    expect(quiet).toMatchObject({ locations: [`file:${file}`], changes: [] });
  });

  test('names a source that cannot be read', async () => {
    const target = serve(web, '/part.yaml', component('part'));
    await register(target);
    web.files.clear();
    const report = await client.call('POST /api/v1/sources/refresh', { body: { location: `url:${target}` } });
    expect(report.changes).toEqual([]);
    const error = expect.stringContaining('404') as string;
    expect(report.failures).toEqual([{ source: `url:${target}`, error }]);
    expect(has('component:default/part')).toBe(true);
  });

  test('refuses what is not there, and a question without one target', async () => {
    const ask = (body: object) => refusal(client.call('POST /api/v1/sources/refresh', { body }));
    expect(await ask({ entityRef: 'component:default/none' })).toBe('404 ENTITY_NOT_FOUND');
    expect(await ask({ location: 'file:/nowhere' })).toBe('404 LOCATION_NOT_FOUND');
    expect(await ask({ entityRef: 'lights' })).toBe('400 ENTITY_REF_INVALID');
    expect(await ask({})).toBe('400 REFRESH_TARGET_INVALID');
    expect(await ask({ entityRef: 'component:a', location: 'file:/a' })).toBe('400 REFRESH_TARGET_INVALID');
  });

  test('of what is hidden is refused as of what is not there; what is hidden beside it stays hidden', async () => {
    const [hidden, shown] = [nameOf(true), nameOf(false)];
    for (const name of [hidden, shown]) await save(name);
    await until(() => has(`component:default/${hidden}`) && has(`component:default/${shown}`));
    policy = halfPolicy;
    const ask = (body: object) => client.call('POST /api/v1/sources/refresh', { body });
    expect(await refusal(ask({ entityRef: `component:${hidden}` }))).toBe('404 ENTITY_NOT_FOUND');
    expect(await refusal(ask({ location: `file:${join(folder, `${hidden}.yaml`)}` }))).toBe('404 LOCATION_NOT_FOUND');
    const reports = [await ask({ entityRef: `component:${shown}` }), await ask({ location: `file:${folder}` })];
    for (const report of reports) expect(JSON.stringify(report)).not.toContain(hidden);
    await rename(folder, `${folder}-gone`);
    const { failures } = await ask({ location: `file:${folder}` });
    await rename(`${folder}-gone`, folder);
    const error = 'The last look failed; what it found is not shown to you.';
    expect(failures).toEqual([{ source: `file:${folder}`, error }]);
  });
});

describe('GET /api/v1/sources', () => {
  test('says where each source comes from and when it is looked at again', async () => {
    const target = serve(web, '/part.yaml', component('part'));
    const { location } = await register(target);
    const { items } = await client.call('GET /api/v1/sources', { query: { collector: 'catalog' } });
    expect(items).toEqual([
      expect.objectContaining({ type: 'file', target: folder, configuredAt: 'test', state: 'fresh', locations: 1 }),
      expect.objectContaining({ type: 'url', target, registrationId: location.id, nextLookAt: expect.any(String) }),
    ]);
    expect(items[0]).not.toHaveProperty('nextLookAt');
  });

  test('locations name the Location entity that leads to them', async () => {
    const { items } = await client.call('GET /api/v1/locations', { query: { source: `file:${folder}` } });
    expect(items[0]?.parentEntity).toMatch(/^location:default\/generated-/);
  });
});

describe('locations that are registered', () => {
  test('are previewed, registered, listed, and taken back with all that came from them', async () => {
    const target = serve(web, '/part.yaml', component('part'), component('lights'), component('bad name'));
    const preview = await register(target, true);
    expect(preview).toMatchObject({ dryRun: true, exists: false, pending: false });
    expect(preview.location).not.toHaveProperty('id');
    expect(preview.changes.map(({ ref, change, owner }) => [ref.replace(/-\w{40}$/, ''), change, owner])).toEqual([
      ['location:default/generated', 'create', undefined],
      ['component:default/part', 'create', undefined],
      ['component:default/lights', 'conflict', { location: `file:${join(folder, 'lights.yaml')}`, line: 1 }],
    ]);
    expect(preview.findings).toMatchObject([
      { severity: 'error', location: `url:${target}`, line: 5, path: 'metadata.name', fix: expect.any(String) },
    ]);
    expect(has('component:default/part')).toBe(false);

    const made = await register(target);
    expect(made).toMatchObject({ dryRun: false, exists: false, pending: false });
    expect(made.changes.map(({ ref, change }) => [ref, change])).toEqual([
      [made.location.entityRef, 'create'],
      ['component:default/part', 'create'],
    ]);
    expect(made.findings.map(({ code }) => code).toSorted()).toContain('duplicate-ref');
    const { items } = await client.call('GET /api/v1/locations/registered');
    expect(items).toEqual([made.location]);

    const id = made.location.id ?? '';
    const remove = (dryRun: boolean) =>
      client.call('DELETE /api/v1/locations/registered/:id', { params: { id }, query: { dryRun } });
    const going = await remove(true);
    expect(going.removed).toEqual([made.location.entityRef, 'component:default/part']);
    expect(has('component:default/part')).toBe(true);
    expect((await remove(false)).removed).toEqual(going.removed);
    expect(has('component:default/part')).toBe(false);
    expect(has('component:default/lights')).toBe(true);
    expect(await refusal(remove(false))).toBe('404 LOCATION_UNKNOWN');
  });

  test('are registered once, unless the configuration says to read them again', async () => {
    const target = serve(web, '/part.yaml', component('part'));
    await register(target);
    expect((await register(target, true)).exists).toBe(true);
    expect(await refusal(register(target))).toBe('409 LOCATION_EXISTS');
    await server.close();
    await start({ onLocationConflict: 'refresh' });
    const { location } = await register(target);
    serve(web, '/part.yaml', component('part', {}, { description: 'changed' }));
    expect(await register(target)).toMatchObject({
      exists: true,
      location: { id: location.id },
      changes: [{ ref: 'component:default/part', change: 'update' }],
    });
  });

  test('leave their entities as orphans where the configuration keeps those', async () => {
    await server.close();
    await start({ orphanStrategy: 'keep' });
    const { location } = await register(serve(web, '/part.yaml', component('part')));
    const params = { id: location.id ?? '' };
    for (const dryRun of [true, false]) {
      const query = { dryRun };
      const { removed } = await client.call('DELETE /api/v1/locations/registered/:id', { params, query });
      expect(removed).toEqual([location.entityRef]);
    }
    expect(has('component:default/part')).toBe(true);
  });

  test('cannot be changed where the catalog is read-only', async () => {
    await server.close();
    await start({ readonly: true });
    expect(await refusal(register(`${web.url}/part.yaml`))).toBe('403 CATALOG_READONLY');
  });

  test('are of a type and at a place that may be read', async () => {
    const ask = (type: string, target: string) =>
      refusal(client.call('POST /api/v1/locations', { body: { type, target } }));
    expect(await ask('file', '/etc')).toBe('400 LOCATION_TYPE_REFUSED');
    expect(await ask('url', 'not a url')).toBe('400 LOCATION_TARGET_INVALID');
    const preview = await register('http://192.0.2.1/secret.yaml', true);
    expect(preview.findings).toMatchObject([{ code: 'source-unreadable', severity: 'error' }]);
  });

  test('are registered also by those who see nothing of what comes of it', async () => {
    policy = halfPolicy;
    for (let n = 0; n < 4; n += 1) {
      const name = nameOf(true);
      const target = serve(web, `/hidden-${n}.yaml`, component(name));
      const made = await register(target);
      expect(made).toMatchObject({ dryRun: false, exists: false, pending: false, location: { target } });
      expect(JSON.stringify(made.changes)).not.toContain(name);
      expect(made.findings).toEqual([]);
    }
  });

  test('that are hidden are neither listed nor taken back', async () => {
    const ids = new Map<string, string>();
    // Their names have the port in them: of so many some are hidden and some are not, whatever it is.
    for (let n = 0; n < 14; n += 1) {
      const { location } = await register(serve(web, `/part-${n}.yaml`, component(`part-${n}`)));
      ids.set(location.entityRef, location.id ?? '');
    }
    policy = halfPolicy;
    const shown = [...ids].filter(([ref]) => !isHidden(ref));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(ids.size);
    const { items } = await client.call('GET /api/v1/locations/registered');
    expect(items.map(({ id }) => id).toSorted()).toEqual(shown.map(([, id]) => id).toSorted());
    for (const [ref, id] of ids) {
      const call = client.call('DELETE /api/v1/locations/registered/:id', { params: { id }, query: { dryRun: true } });
      if (isHidden(ref)) expect(await refusal(call)).toBe('404 LOCATION_UNKNOWN');
      else for (const gone of (await call).removed) expect(isHidden(gone)).toBe(false);
    }
  });

  test('take a permission each', async () => {
    const target = serve(web, '/part.yaml', component('part'));
    const id = (await register(target)).location.id ?? '';
    const params = { id };
    const changes: readonly [PermissionName, () => Promise<unknown>][] = [
      ['catalog.location.create', () => register(target)],
      ['catalog.location.create', () => register(target, true)],
      ['catalog.location.delete', () => client.call('DELETE /api/v1/locations/registered/:id', { params })],
      ['catalog.location.read', () => client.call('GET /api/v1/locations/registered')],
      ['catalog.entity.refresh', () => client.call('POST /api/v1/sources/refresh', { body: { location: 'x:y' } })],
    ];
    for (const [denied, ask] of changes) {
      policy = {
        decide: (_principal, permission) =>
          permission === denied ? { result: 'deny', reason: 'not today' } : { result: 'allow' },
      };
      expect(await refusal(ask()), denied).toMatch(/^403 /);
    }
  });
});
