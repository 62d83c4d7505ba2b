import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCatalog, until, type RunningCatalog } from '../../test/support/running-catalog.ts';

let root: string;
let running: RunningCatalog[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-ingest-'));
});

afterEach(async () => {
  for (const catalog of running) await catalog.stop();
  running = [];
  await rm(root, { recursive: true, force: true });
});

async function start(targets: readonly string[], dataFolder?: string): Promise<RunningCatalog> {
  const catalog = await startCatalog({ targets, dataFolder, collectors: ['catalog'] });
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

const group = (name: string, more = ''): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n${more}`;
const system = (name: string, owner: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: ${name}\nspec:\n  owner: ${owner}\n`;

describe('entities', () => {
  test('follow their files: created, changed with the same uid, deleted', async () => {
    await save('a.yaml', group('one'), group('two'));
    const catalog = await start([root]);
    expect(catalog.refs()).toEqual(['group:default/one', 'group:default/two']);
    const uid = catalog.entity('group:default/one')?.metadata.uid;
    await save('a.yaml', group('one', '  parent: two\n'), group('three'));
    await until(() => catalog.refs().includes('group:default/three'));
    expect(catalog.refs()).toEqual(['group:default/one', 'group:default/three']);
    expect(catalog.entity('group:default/one')).toMatchObject({ metadata: { uid }, spec: { parent: 'two' } });
    await rm(join(root, 'a.yaml'));
    await until(() => catalog.refs().length === 0);
    expect(catalog.view().locations()).toEqual([]);
  });

  test('stay when their document becomes invalid or unreadable, with the problem shown, and go when it is removed', async () => {
    await save('a.yaml', group('one'), group('two'));
    const catalog = await start([root]);
    await save('a.yaml', group('one').replace('children', 'kids'), group('two'));
    await until(() => catalog.problems().length === 1);
    expect(catalog.problems()).toEqual(['entity-schema a.yaml:5 group:default/one']);
    expect(catalog.refs()).toEqual(['group:default/one', 'group:default/two']);
    await save('a.yaml', 'apiVersion: backstage.io/v1\nkind: [\n', group('two', '  parent: x\n'));
    await until(() => catalog.problems().some((problem) => problem.startsWith('yaml-syntax')));
    expect(catalog.refs()).toEqual(['group:default/one', 'group:default/two']);
    await save('a.yaml', group('two'));
    await until(() => catalog.refs().length === 1 && catalog.problems().length === 0);
  });

  test('of a file that is renamed are not lost', async () => {
    await save('a.yaml', group('one'));
    const catalog = await start([root]);
    await rename(join(root, 'a.yaml'), join(root, 'b.yaml'));
    await until(() => catalog.view().locations()[0]?.ref === `file:${root}/b.yaml`);
    await until(() => catalog.refs().length === 1 && catalog.problems().length === 0);
  });
});

describe('two declarations of one entity', () => {
  test('the first keeps it, the second is told with both places and takes over when the first lets go', async () => {
    await save('a.yaml', group('other'), group('crew'));
    await save('b.yaml', group('Crew', '  parent: b\n'));
    const catalog = await start([root]);
    await until(() => catalog.problems().length > 0);
    expect(catalog.problems()).toEqual(['duplicate-ref b.yaml:1 group:default/crew']);
    expect(catalog.view().problems()[0]?.message).toContain(`${root}/a.yaml:9`);
    expect(catalog.entity('group:default/crew')?.metadata.name).toBe('crew');
    await save('a.yaml', group('other'));
    await until(() => catalog.entity('group:default/crew')?.metadata.name === 'Crew');
    await until(() => !catalog.problems().some((problem) => problem.startsWith('duplicate')));
  });

  test('the problem goes when the second declaration goes', async () => {
    await save('a.yaml', group('crew'));
    await save('b.yaml', group('crew'));
    const catalog = await start([root]);
    await until(() => catalog.problems().length === 1);
    await rm(join(root, 'b.yaml'));
    await until(() => catalog.problems().length === 0);
    expect(catalog.refs()).toEqual(['group:default/crew']);
  });

  test('the takeover happens also when the first went while nobody looked', async () => {
    await save('a.yaml', group('crew'));
    await save('b.yaml', group('Crew'));
    const first = await start([root], join(root, '.data'));
    await until(() => first.problems().length === 1);
    await stop(first);
    await rm(join(root, 'a.yaml'));
    const second = await start([root], join(root, '.data'));
    await until(() => second.entity('group:default/crew')?.metadata.name === 'Crew');
    await until(() => second.problems().length === 0);
  });
});

describe('relations to entities that are not there', () => {
  test('are warned of with their line, until the target comes, and again when it goes', async () => {
    await save('a.yaml', '# head\n', system('light', 'crew'));
    const catalog = await start([root]);
    await until(() => catalog.problems().length === 1);
    expect(catalog.view().problems()[0]).toMatchObject({
      code: 'dangling-relation',
      severity: 'warning',
      entityRef: 'system:default/light',
      path: 'spec.owner',
      line: 8,
      message: 'spec.owner names group:default/crew, which is not in the catalog',
    });
    await save('b.yaml', group('crew'));
    await until(() => catalog.problems().length === 0);
    await rm(join(root, 'b.yaml'));
    await until(() => catalog.problems().length === 1);
    await save('a.yaml', '# head\n# more\n', system('light', 'crew'));
    await until(() => catalog.problems()[0]?.includes(':9 ') ?? false);
    await save('a.yaml', group('light'));
    await until(() => catalog.problems().length === 0);
  });
});

describe('a second start', () => {
  test('writes nothing where nothing changed', async () => {
    await save(
      'z.yaml',
      'kind: Location\napiVersion: backstage.io/v1alpha1\nmetadata: {name: z}\nspec: {targets: [./x/a.yaml, ./none.yaml]}\n',
    );
    await save('x/a.yaml', group('one'), system('light', 'nobody'), group('one'));
    await save('x/b.yaml', 'kind: [\napiVersion: backstage.io/v1alpha1\n');
    const first = await start([root], join(root, '.data'));
    await until(() => first.problems().length === 4);
    await stop(first);
    const second = await start([root], join(root, '.data'));
    await until(() => second.refs().length === 3);
    // Long enough for a rescan after the watch began and a pass over all relations.
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(second.writes).toEqual([]);
  });

  test('removes what is no longer configured, but not what another location still has', async () => {
    await save('a/one.yaml', group('one'));
    await save('b/two.yaml', group('two'));
    const first = await start([join(root, 'a'), root], join(root, '.data'));
    await until(() => first.refs().length === 2);
    await stop(first);
    const second = await start([join(root, 'b')], join(root, '.data'));
    await until(() => second.refs().length === 1);
    await until(() => second.view().leases().length === 1);
    expect(second.refs()).toEqual(['group:default/two']);
    await stop(second);
    const third = await start([root], join(root, '.data'));
    await until(() => third.refs().length === 2);
    await until(() => third.view().leases().length === 1);
  });
});

describe('a location that cannot be read', () => {
  test('keeps what it had, is shown, delays no other, and comes back', async () => {
    await save('a/one.yaml', group('one'));
    await save('b/two.yaml', group('two'));
    const catalog = await start([join(root, 'a'), join(root, 'b')]);
    await rename(join(root, 'a'), join(root, 'away'));
    await until(() => catalog.problems().length === 1);
    expect(catalog.view().problems()[0]).toMatchObject({ code: 'source-unreadable', source: `file:${root}/a` });
    expect(
      catalog
        .view()
        .leases()
        .find((lease) => lease.source.endsWith('/a'))?.error,
    ).toContain('does not exist');
    await save('b/three.yaml', group('three'));
    await until(() => catalog.refs().length === 3);
    await rename(join(root, 'away'), join(root, 'a'));
    await until(() => catalog.problems().length === 0);
    expect(
      catalog
        .view()
        .leases()
        .every((lease) => lease.error === undefined),
    ).toBe(true);
  });
});

test('a file that two locations have belongs to the first of them', async () => {
  await save('a.yaml', group('one'));
  const catalog = await start([join(root, 'a.yaml'), root]);
  await until(() => catalog.refs().length === 1);
  expect(catalog.view().locations()).toMatchObject([{ source: `file:${root}/a.yaml` }]);
  await rm(join(root, 'a.yaml'));
  await until(() => catalog.refs().length === 0);
});
