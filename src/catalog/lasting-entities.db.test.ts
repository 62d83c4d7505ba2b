import { createServer, type Server } from 'node:http';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCatalog, until, type RunningCatalog } from '../../test/support/running-catalog.ts';
import { systemClock } from '../base/clock.ts';

// What a Location led to must stay while nobody can say where it leads now.

let root: string;
let server: Server;
let host: string;
let pages: Map<string, string>;
/** Requests that were answered. */
let asked = 0;
let running: RunningCatalog[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-lasting-'));
  pages = new Map();
  server = createServer((request, response) => {
    asked += 1;
    const page = pages.get(request.url ?? '');
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const catalog of running) await catalog.stop();
  running = [];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true, force: true });
});

async function start(target: string, silentHost?: string): Promise<RunningCatalog> {
  const location = target.startsWith('http:')
    ? { type: 'url' as const, target, origin: 'test' }
    : { type: 'file' as const, target: join(root, target), origin: 'test' };
  const catalog = await startCatalog({
    targets: [],
    allow: [{ host }, ...(silentHost === undefined ? [] : [{ host: silentHost }])],
    settings: { locations: [location], refreshSeconds: 60 },
    dataFolder: join(root, '.data'),
    collectors: ['catalog'],
  });
  running.push(catalog);
  return catalog;
}

async function restart(catalog: RunningCatalog, path: string, silentHost?: string): Promise<RunningCatalog> {
  running = running.filter((other) => other !== catalog);
  await catalog.stop();
  return start(path, silentHost);
}

const save = (path: string, text: string): Promise<void> => writeFile(join(root, path), text);
const group = (name: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: ${name}}\nspec: {type: team, children: []}\n`;
const component = (name: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}}\nspec: {type: service, lifecycle: x, owner: o}\n`;
const location = (name: string, ...targets: string[]): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: ${name}}\nspec: {targets: ${JSON.stringify(targets)}}\n`;

const broken = {
  'cannot be read as YAML': (text: string) => `${text}  oops: [\n`,
  'is no valid entity': (text: string) => text.replace('{targets', '{type: 7, targets'),
};

describe.each(Object.entries(broken))('a Location that %s', (_, spoil) => {
  test('still leads to the files that it led to, also after a restart', async () => {
    const text = location('all', './a.yaml');
    await save('all.yaml', text);
    await save('a.yaml', group('one'));
    let catalog = await start('all.yaml');
    await until(() => catalog.refs().includes('group:default/one'));
    const uid = catalog.entity('group:default/one')?.metadata.uid;
    await save('all.yaml', spoil(text));
    await until(() => catalog.problems().length > 0);
    await systemClock.sleep(300);
    expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
    catalog = await restart(catalog, 'all.yaml');
    await systemClock.sleep(500);
    expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
    await save('all.yaml', location('all'));
    await until(() => catalog.entity('group:default/one') === undefined);
  });

  test('still leads to the URLs that it led to, also after a restart', async () => {
    const [path, target] = ['/all.yaml', `http://${host}/all.yaml`];
    const text = location('all', './a.yaml');
    pages.set(path, text);
    pages.set('/a.yaml', group('one'));
    let catalog = await start(target);
    await until(() => catalog.refs().includes('group:default/one'));
    const uid = catalog.entity('group:default/one')?.metadata.uid;
    pages.set(path, spoil(text));
    await catalog.control.refresh({ location: `url:${target}` }, catalog.view(), 5000);
    expect(catalog.problems()).toHaveLength(1);
    expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
    catalog = await restart(catalog, target);
    await systemClock.sleep(500);
    expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
    pages.set(path, location('all'));
    await catalog.control.refresh({ location: `url:${target}` }, catalog.view(), 5000);
    await until(() => catalog.entity('group:default/one') === undefined);
  });

  test('still leads to the sources that it led to, also after a restart', async () => {
    pages.set('/a.yaml', group('one'));
    const text = location('all', `http://${host}/a.yaml`);
    await save('all.yaml', text);
    let catalog = await start('all.yaml');
    await until(() => catalog.refs().includes('group:default/one'));
    const uid = catalog.entity('group:default/one')?.metadata.uid;
    await save('all.yaml', spoil(text));
    await until(() => catalog.problems().length > 0);
    await systemClock.sleep(300);
    expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
    catalog = await restart(catalog, 'all.yaml');
    await systemClock.sleep(800);
    expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
    await save('all.yaml', location('all'));
    await until(() => catalog.entity('group:default/one') === undefined);
  });
});

test('a source that cannot be read at a start keeps the sources that it led to', async () => {
  pages.set('/a.yaml', group('one'));
  await mkdir(join(root, 'catalog'));
  await save('catalog/all.yaml', location('all', `http://${host}/a.yaml`));
  let catalog = await start('catalog');
  await until(() => catalog.refs().includes('group:default/one'));
  const uid = catalog.entity('group:default/one')?.metadata.uid;
  running = [];
  await catalog.stop();
  await rename(join(root, 'catalog'), join(root, 'away'));
  catalog = await start('catalog');
  await until(() => catalog.problems().length > 0);
  await systemClock.sleep(500);
  expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
  await rename(join(root, 'away'), join(root, 'catalog'));
  await save('catalog/all.yaml', location('all'));
  await until(() => catalog.entity('group:default/one') === undefined);
});

test('a file that may not be read keeps the files and sources that it led to, also after a restart', async () => {
  pages.set('/a.yaml', group('one'));
  await save('b.yaml', group('two'));
  await save('all.yaml', location('all', `http://${host}/a.yaml`, './b.yaml'));
  let catalog = await start('all.yaml');
  await until(() => catalog.refs().length === 3);
  // Larger than a descriptor may be.
  await save('all.yaml', `# ${'x'.repeat(20 * 1024 * 1024)}`);
  await until(() => catalog.problems().length > 0);
  expect(catalog.refs()).toHaveLength(3);
  catalog = await restart(catalog, 'all.yaml');
  await systemClock.sleep(1000);
  expect(catalog.refs()).toHaveLength(3);
  await save('all.yaml', location('all', './b.yaml'));
  await until(() => catalog.refs().length === 2);
});

test('a source that is taken back before it ever answered does not keep the catalog from settling', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const silentHost = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  pages.set('/a.yaml', component('one'));
  await save('all.yaml', group('two'));
  let catalog = await start('all.yaml', silentHost);
  await until(() => catalog.refs().length === 1);
  const one = await catalog.control.register({ type: 'url', target: `http://${host}/a.yaml` });
  await until(() => catalog.refs().length === 2);
  const dead = await catalog.control.register({ type: 'url', target: `http://${silentHost}/a.yaml` });
  asked = 1;
  catalog = await restart(catalog, 'all.yaml', silentHost);
  await until(() => asked === 2);
  await systemClock.sleep(300);
  await catalog.control.unregister(dead.id);
  await catalog.control.unregister(one.id);
  await until(() => catalog.refs().length === 1);
  silent.closeAllConnections();
  silent.close();
});
