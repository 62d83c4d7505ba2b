import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCatalog, until, type RunningCatalog } from '../../test/support/running-catalog.ts';
import type { CatalogConfig } from '../config/config.ts';
import type { Entity } from '../model/entity.ts';

/** What a page is that the server fails to give. */
const FAILS = 'fails';

let server: Server;
let host: string;
let pages: Map<string, string>;
let folder: string;
/** Paths that were asked for. */
let asked: string[];
let running: RunningCatalog[];

beforeEach(async () => {
  pages = new Map();
  running = [];
  asked = [];
  folder = await mkdtemp(join(tmpdir(), 'callboard-url-'));
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = pages.get(request.url ?? '');
    response.writeHead(page === FAILS ? 500 : page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const catalog of running) await catalog.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const waitMs = 10_000;

async function start(paths: readonly string[], settings: Partial<CatalogConfig> = {}): Promise<RunningCatalog> {
  asked = [];
  const locations = paths.map((path) => ({ type: 'url' as const, target: `http://${host}${path}`, origin: 'test' }));
  const catalog = await startCatalog({
    targets: [],
    settings: { locations, refreshSeconds: 0, ...settings },
    allow: [{ host }],
    dataFolder: folder,
    collectors: ['catalog'],
  });
  running.push(catalog);
  await until(() => catalog.view().leases().length >= paths.length && paths.every((path) => asked.includes(path)));
  return catalog;
}

async function stop(catalog: RunningCatalog): Promise<void> {
  running = running.filter((other) => other !== catalog);
  await catalog.stop();
}

function refresh(catalog: RunningCatalog, path: string): ReturnType<RunningCatalog['control']['refresh']> {
  return catalog.control.refresh({ location: `url:http://${host}${path}` }, catalog.view(), waitMs);
}

const group = (name: string, more = ''): string =>
  `---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: ${name} }\nspec: { type: team, children: []${more} }\n`;
const location = (name: string, spec: string): string =>
  `---\napiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: ${name} }\nspec: ${spec}\n`;

describe('a catalog behind URLs', () => {
  test('follows them: created, changed with the same uid, deleted; a restart writes nothing', async () => {
    pages.set('/all.yaml', location('all', '{ targets: [./a.yaml, ./b.yaml] }'));
    pages.set('/a.yaml', group('one') + group('two'));
    pages.set('/b.yaml', group('three'));
    const first = await start(['/all.yaml']);
    const refs = ['group:default/one', 'group:default/three', 'group:default/two', 'location:default/all'];
    expect(first.refs().toSorted()).toEqual(refs);
    const uid = first.entity('group:default/one')?.metadata.uid;
    expect(first.entity('group:default/one')?.metadata.annotations).toEqual({
      'backstage.io/managed-by-location': `url:http://${host}/a.yaml`,
      'backstage.io/managed-by-origin-location': `url:http://${host}/all.yaml`,
      'backstage.io/view-url': `http://${host}/a.yaml`,
    });
    await stop(first);

    const second = await start(['/all.yaml']);
    expect(second.writes.filter(({ op }) => op !== 'putLease' && op !== 'putEntity')).toEqual([]);
    pages.set('/a.yaml', group('one', ', parent: three'));
    expect(await refresh(second, '/a.yaml')).toMatchObject({
      pending: false,
      changes: expect.arrayContaining([
        { ref: 'group:default/one', change: 'updated' },
        { ref: 'group:default/two', change: 'deleted' },
      ]) as unknown,
    });
    expect(second.entity('group:default/one')?.metadata.uid).toBe(uid);
    pages.set('/all.yaml', location('all', '{ targets: [./b.yaml] }'));
    await refresh(second, '/all.yaml');
    expect(second.refs().toSorted()).toEqual(['group:default/three', 'location:default/all']);
    expect(
      second
        .view()
        .locations()
        .map(({ ref }) => ref),
    ).not.toContain(`url:http://${host}/a.yaml`);
  });

  test('keeps what it held while a URL is missing, with a problem at the Location that names it', async () => {
    pages.set('/all.yaml', location('all', '{ targets: [./a.yaml, ./b.yaml] }'));
    pages.set('/a.yaml', group('one'));
    pages.set('/b.yaml', group('two'));
    const catalog = await start(['/all.yaml']);
    pages.delete('/a.yaml');
    await refresh(catalog, '/a.yaml');
    expect(catalog.refs()).toContain('group:default/one');
    expect(catalog.problems()).toEqual(['target-missing all.yaml:5 location:default/all']);
    pages.delete('/all.yaml');
    await refresh(catalog, '/all.yaml');
    expect(catalog.refs()).toContain('group:default/one');
    expect(catalog.problems()).toEqual(['target-missing all.yaml:undefined undefined']);
  });

  test('is failed and not fresh while its root does not answer, and fresh again after', async () => {
    pages.set('/all.yaml', group('one'));
    const catalog = await start(['/all.yaml']);
    const lease = () => catalog.view().leases()[0];
    pages.set('/all.yaml', FAILS);
    await refresh(catalog, '/all.yaml');
    await until(() => lease()?.error !== undefined);
    expect(lease()?.error).toContain('/all.yaml cannot be read');
    expect(catalog.refs()).toContain('group:default/one');
    pages.set('/all.yaml', group('one'));
    await refresh(catalog, '/all.yaml');
    await until(() => lease()?.error === undefined);
  });

  test('says what to allow where a URL may not be read', async () => {
    const catalog = await start([], {
      locations: [{ type: 'url', target: 'http://other.example/a.yaml', origin: 'test' }],
    });
    await until(() => catalog.view().problems().length > 0);
    const [problem] = catalog.view().problems();
    expect(problem).toMatchObject({ code: 'source-unreadable', severity: 'error' });
    expect(problem?.message).toContain('add - host: other.example in reading.allow of the configuration');
  });

  test('a URL that two locations lead to belongs to the first, and to the second when that lets go', async () => {
    pages.set('/x.yaml', location('x', '{ targets: [./shared.yaml, ./own.yaml] }'));
    pages.set('/y.yaml', location('y', '{ targets: [./shared.yaml] }'));
    pages.set('/shared.yaml', group('shared'));
    pages.set('/own.yaml', group('own'));
    const catalog = await start(['/x.yaml', '/y.yaml']);
    const uid = catalog.entity('group:default/shared')?.metadata.uid;
    const originOf = (): string | undefined =>
      catalog.entity('group:default/shared')?.metadata.annotations?.['backstage.io/managed-by-origin-location'];
    expect(originOf()).toBe(`url:http://${host}/x.yaml`);
    pages.set('/x.yaml', location('x', '{ targets: [./own.yaml] }'));
    await refresh(catalog, '/x.yaml');
    await until(() => originOf() === `url:http://${host}/y.yaml`);
    expect(catalog.entity('group:default/shared')?.metadata.uid).toBe(uid);
  });

  test('a URL that two registered locations lead to stays when one of them is taken back', async () => {
    for (const name of ['x', 'y']) pages.set(`/${name}.yaml`, location(name, '{ target: ./shared.yaml }'));
    pages.set(
      '/shared.yaml',
      group('shared').replace('Group', 'Component').replace('children: []', 'lifecycle: x, owner: o'),
    );
    const catalog = await start([]);
    const ids = new Map<string, string>();
    for (const name of ['x', 'y']) {
      const target = `http://${host}/${name}.yaml`;
      ids.set(`url:${target}`, (await catalog.control.register({ type: 'url', target })).id);
    }
    const shared = (): Entity | undefined => catalog.entity('component:default/shared');
    await until(() => shared() !== undefined && catalog.refs().length === 3);
    const uid = shared()?.metadata.uid;
    const originOf = (): string => shared()?.metadata.annotations?.['backstage.io/managed-by-origin-location'] ?? '';
    const first = originOf();
    await catalog.control.unregister(ids.get(first) ?? '');
    await until(() => originOf() !== first);
    expect(ids.has(originOf())).toBe(true);
    expect(shared()?.metadata.uid).toBe(uid);
  });

  test('registered ones preview what they would add, come, and go with all that came from them', async () => {
    pages.set('/all.yaml', location('all', '{ targets: [./a.yaml] }'));
    pages.set('/a.yaml', group('team').replace('Group', 'Component').replace('children: []', 'lifecycle: x, owner: o'));
    const catalog = await start([]);
    await until(() => catalog.control.registrations(catalog.view()).length === 0);
    const spec = { type: 'url', target: `http://${host}/all.yaml` };
    const signal = new AbortController().signal;
    const preview = await catalog.control.preview(spec, catalog.view(), signal);
    expect(preview.entities.map(({ ref }) => ref).slice(1)).toEqual(['location:default/all', 'component:default/team']);
    expect(catalog.refs()).toEqual([]);
    const { id } = await catalog.control.register(spec);
    await until(() => catalog.refs().length === 2);
    await catalog.control.unregister(id);
    await until(() => catalog.refs().length === 0);
  });
});
