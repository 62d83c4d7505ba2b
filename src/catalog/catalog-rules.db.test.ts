import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCatalog, until, type CatalogSetup, type RunningCatalog } from '../../test/support/running-catalog.ts';
import { ancestryOf } from './ancestry.ts';
import { generatedRef } from './registration.ts';

// What Backstage's processing does with locations, beside reading them: on real files and a real store.

let root: string;
let running: RunningCatalog[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-rules-'));
});

afterEach(async () => {
  for (const catalog of running) await catalog.stop();
  running = [];
  await rm(root, { recursive: true, force: true });
});

async function start(targets: readonly string[], setup: Partial<CatalogSetup> = {}): Promise<RunningCatalog> {
  const catalog = await startCatalog({ targets, collectors: ['catalog'], ...setup });
  running.push(catalog);
  await until(() => catalog.view().leases().length >= targets.length);
  return catalog;
}

async function stop(catalog: RunningCatalog): Promise<void> {
  running = running.filter((other) => other !== catalog);
  await catalog.stop();
}

async function save(path: string, ...documents: string[]): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), documents.join('---\n'));
}

const entity = (kind: string, name: string, spec: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const group = (name: string): string => entity('Group', name, '{type: team, children: []}');
const component = (name: string, more = ''): string =>
  entity('Component', name, `{type: service, lifecycle: production, owner: stage${more}}`);
const location = (name: string, ...targets: string[]): string =>
  entity('Location', name, `{targets: ${JSON.stringify(targets)}}`);

describe('a configured location', () => {
  test('has a Location entity, which goes when it is no longer configured', async () => {
    await save('a.yaml', group('one'));
    const dataFolder = join(root, 'data');
    const ref = generatedRef(`file:${root}/a.yaml`);
    const first = await start([join(root, 'a.yaml')], { dataFolder });
    expect(first.entity(ref)).toMatchObject({
      kind: 'Location',
      metadata: { annotations: { 'backstage.io/managed-by-origin-location': `file:${root}/a.yaml` } },
      spec: { type: 'file', target: `${root}/a.yaml` },
    });
    await stop(first);
    await save('b.yaml', group('two'));
    const second = await start([join(root, 'b.yaml')], { dataFolder });
    await until(() => second.refs().join() === 'group:default/two');
    expect(second.entity(ref)).toBeUndefined();
  });

  test('is where the way up from an entity ends, over the Locations between', async () => {
    await save('all.yaml', location('all', './deep/more.yaml'));
    await save('deep/more.yaml', location('more', './one.yaml'));
    await save('deep/one.yaml', group('one'));
    const catalog = await start([join(root, 'all.yaml')]);
    await until(() => catalog.refs().length === 3);
    expect(ancestryOf(catalog.view(), 'group:default/one')).toEqual([
      { ref: 'group:default/one', parents: ['location:default/more'] },
      { ref: 'location:default/more', parents: ['location:default/all'] },
      { ref: 'location:default/all', parents: [generatedRef(`file:${root}/all.yaml`)] },
      { ref: generatedRef(`file:${root}/all.yaml`), parents: [] },
    ]);
    expect(ancestryOf(catalog.view(), 'group:default/none')).toBeUndefined();
  });
});

describe('rules', () => {
  test('keep out kinds that may not come from there, one by one, and take out what they no longer allow', async () => {
    await save('a.yaml', group('one'), component('two'));
    const dataFolder = join(root, 'data');
    const open = await start([root], { dataFolder });
    expect(open.refs()).toEqual(['component:default/two', 'group:default/one']);
    await stop(open);
    const rules = [{ allow: [{ kind: 'Component' }], locations: [{ type: 'file' }] }];
    const closed = await start([root], { dataFolder, settings: { rules } });
    await until(() => closed.refs().length === 1);
    expect(closed.refs()).toEqual(['component:default/two']);
    expect(closed.problems()).toContain('kind-not-allowed a.yaml:2 group:default/one');
  });
});

describe('placeholders', () => {
  test('are read from the files beside, and followed when those change', async () => {
    await save(
      'a.yaml',
      entity('API', 'lights', '{type: openapi, lifecycle: x, owner: stage, definition: {$text: ./api.txt}}'),
    );
    await save('api.txt', 'first');
    const catalog = await start([root]);
    const definition = (): unknown => catalog.entity('api:default/lights')?.spec?.['definition'];
    expect(definition()).toBe('first');
    await save('api.txt', 'second');
    await until(() => definition() === 'second');
    await rm(join(root, 'api.txt'));
    await until(() => catalog.problems().includes('placeholder-unreadable a.yaml:4 api:default/lights'));
    expect(definition()).toBe('second');
    await save('api.txt', 'third');
    await until(() => definition() === 'third');
    expect(catalog.problems().filter((problem) => problem.startsWith('placeholder'))).toEqual([]);
  });

  test('that changed while nobody looked are noticed at the next start; unchanged ones write nothing', async () => {
    await save('a.yaml', component('lamp', ', notes: {$text: ./notes.txt}'));
    await save('notes.txt', 'old');
    const dataFolder = join(root, '..', `${root.split('/').at(-1)}-data`);
    try {
      await stop(await start([root], { dataFolder }));
      const same = await start([root], { dataFolder });
      expect(same.writes).toEqual([]);
      await stop(same);
      await save('notes.txt', 'new');
      const changed = await start([root], { dataFolder });
      await until(() => changed.entity('component:default/lamp')?.spec?.['notes'] === 'new');
    } finally {
      for (const catalog of running) await stop(catalog);
      await rm(dataFolder, { recursive: true, force: true });
    }
  });

  test('do not lead out of the folder, also not over links', async () => {
    await save('inside/a.yaml', component('up', ', notes: {$text: ../secret.txt}'));
    await save('inside/b.yaml', component('over', ', notes: {$text: ./link.txt}'));
    await save('inside/c.yaml', component('top', ', notes: {$text: /notes.txt}'));
    await save('inside/notes.txt', 'from the top of the folder');
    await save('secret.txt', 'secret');
    await symlink(join(root, 'secret.txt'), join(root, 'inside/link.txt'));
    const catalog = await start([join(root, 'inside')]);
    expect(catalog.refs()).toEqual(['component:default/top']);
    expect(catalog.entity('component:default/top')?.spec?.['notes']).toBe('from the top of the folder');
    expect(catalog.problems().filter((problem) => problem.startsWith('placeholder-unreadable'))).toHaveLength(2);
  });
});

describe('what no location leads to any more', () => {
  test('stays as an orphan where that is wanted, and belongs to whoever declares it next', async () => {
    await save('all.yaml', location('all', './one.yaml'));
    await save('one.yaml', group('one'));
    const catalog = await start([join(root, 'all.yaml')], { settings: { orphanStrategy: 'keep' } });
    await until(() => catalog.refs().length === 2);
    const uid = catalog.entity('group:default/one')?.metadata.uid;
    const isOrphan = (): boolean =>
      catalog.entity('group:default/one')?.metadata.annotations?.['backstage.io/orphan'] === 'true';
    await save('all.yaml', location('all', './two.yaml'));
    await until(isOrphan);
    await save('two.yaml', group('one'));
    await until(() => !isOrphan());
    expect(catalog.entity('group:default/one')?.metadata.uid).toBe(uid);
  });

  test('goes where orphans are not kept, also those of an earlier time', async () => {
    const dataFolder = join(root, 'data');
    await save('all.yaml', location('all', './one.yaml'));
    await save('one.yaml', group('one'));
    const all = join(root, 'all.yaml');
    const keeping = await start([all], { dataFolder, settings: { orphanStrategy: 'keep' } });
    await until(() => keeping.refs().length === 2);
    await save('all.yaml', location('all'));
    await until(() => keeping.entity('group:default/one')?.metadata.annotations?.['backstage.io/orphan'] === 'true');
    await stop(keeping);
    const deleting = await start([all], { dataFolder });
    await until(() => deleting.refs().length === 1);
    expect(deleting.refs()).toEqual(['location:default/all']);
  });
});

describe('a refresh', () => {
  test('looks again at once and says what changed', async () => {
    await save('a.yaml', group('one'), group('two'));
    const catalog = await start([root]);
    const view = catalog.view();
    const unchanged = await catalog.control.refresh({ entityRef: 'group:default/one' }, view, 10_000);
    expect(unchanged).toEqual({
      locations: [`file:${root}/a.yaml`, `file:${root}`],
      changes: [],
      failures: [],
      pending: false,
    });
    await save('a.yaml', group('one').replace('team', 'guild'), group('three'));
    const report = await catalog.control.refresh({ location: `file:${root}/a.yaml` }, view, 10_000);
    expect(report?.pending).toBe(false);
    expect(report?.changes.toSorted((left, right) => (left.ref < right.ref ? -1 : 1))).toEqual([
      { ref: 'group:default/one', change: 'updated' },
      { ref: 'group:default/three', change: 'created' },
      { ref: 'group:default/two', change: 'deleted' },
    ]);
    expect(await catalog.control.refresh({ entityRef: 'group:default/none' }, view, 1_000)).toBeUndefined();
    expect(await catalog.control.refresh({ location: 'file:/elsewhere' }, view, 1_000)).toBeUndefined();
  });

  test('of a source that cannot be read answers too, and reads it as soon as it can be', async () => {
    const target = join(root, 'later');
    const catalog = await start([target]);
    const failed = await catalog.control.refresh({ location: `file:${target}` }, catalog.view(), 10_000);
    expect(failed).toMatchObject({ changes: [], pending: false });
    await save('later/a.yaml', group('one'));
    await catalog.control.refresh({ location: `file:${target}` }, catalog.view(), 10_000);
    await until(() => catalog.refs().length === 1);
  });
});

test('an entity that is taken out comes back while its location declares it', async () => {
  await save('a.yaml', group('one'), group('two'));
  const catalog = await start([root]);
  const uid = catalog.entity('group:default/one')?.metadata.uid;
  await catalog.control.removeEntity('group:default/one');
  await until(() => catalog.refs().length === 2);
  expect(catalog.entity('group:default/one')?.metadata.uid).not.toBe(uid);
  await catalog.control.removeEntity('group:default/none');
});

test('read exactly as Backstage does, a bad document keeps out its file and the Location that names it', async () => {
  await save('all.yaml', location('good', './good.yaml'), location('bad', './bad.yaml', './good.yaml'));
  await save('good.yaml', group('one'), component('bare', ', dependsOn: [no-kind]'));
  await save('bad.yaml', group('two'), 'a: [unclosed\n');
  const target = [join(root, 'all.yaml')];
  const ours = await start(target);
  await until(() => ours.refs().length === 5);
  await stop(ours);
  const exact = await start(target, { settings: { exact: true } });
  await until(() => exact.refs().length === 2);
  expect(exact.refs()).toEqual(['group:default/one', 'location:default/good']);
});
