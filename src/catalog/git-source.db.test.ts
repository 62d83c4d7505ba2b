import { chmod, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gitEnvironment, TestRepository } from '../../test/support/git-repository.ts';
import { startGitServer, type GitServer } from '../../test/support/git-server.ts';
import { startCatalog, until, type CatalogSetup, type RunningCatalog } from '../../test/support/running-catalog.ts';
import { systemClock } from '../base/clock.ts';
import type { RefreshReport } from './control.ts';
import { GitMirrors } from '../git/git-mirrors.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import type { Entity } from '../model/entity.ts';
import { publicForges } from '../config/config.ts';
import { parseGitLocation } from './git-location.ts';
import { GitSource } from './git-source.ts';
import { kindSet } from './kind-set.ts';
import { SharedFileReader } from './shared-file-reader.ts';
import type { SourceContext } from './source.ts';

let root: string;
let server: GitServer;
let repository: TestRepository;
let running: RunningCatalog[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-git-source-'));
  server = await startGitServer(root);
  repository = await TestRepository.create(root, 'r');
});

afterEach(async () => {
  for (const catalog of running) await catalog.stop();
  running = [];
  await server.close();
  await rm(root, { recursive: true, force: true });
});

/** Starts a catalog with git locations that is asked to refresh; by itself it does not. */
async function start(targets: readonly string[], more: Partial<CatalogSetup> = {}): Promise<RunningCatalog> {
  const log = pino({ level: 'silent' });
  const mirrors = new GitMirrors({
    folder: join(root, 'mirrors'),
    clock: systemClock,
    log,
    environment: gitEnvironment,
  });
  const locations = targets.map((target) => ({ type: 'git' as const, target, origin: 'test' }));
  const settings = { locations, refreshSeconds: 0, ...more.settings };
  const catalog = await startCatalog({ targets: [], mirrors, collectors: ['catalog'], ...more, settings });
  running.push(catalog);
  await until(() => catalog.view().leases().length >= settings.locations.length);
  return catalog;
}

async function stop(catalog: RunningCatalog): Promise<void> {
  running = running.filter((other) => other !== catalog);
  await catalog.stop();
}

async function refresh(catalog: RunningCatalog, location: string): Promise<void> {
  let report: RefreshReport | undefined;
  // A catalog that knows its sources from before may just be starting them.
  for (let turn = 0; turn < 500 && report === undefined; turn += 1) {
    await systemClock.sleep(10);
    report = await catalog.control.refresh({ location }, catalog.view(), 10_000);
  }
  expect(report).toMatchObject({ pending: false });
}

const group = (name: string, more = ''): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${name}\nspec:\n  type: team\n  children: []\n${more}`;
const location = (name: string, targets: readonly string[], type?: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: ${name}\nspec:\n  ${type ? `type: ${type}\n  ` : ''}targets: ${JSON.stringify(targets)}\n`;
const api = (name: string, definition: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: ${name}\nspec:\n  type: openapi\n  lifecycle: production\n  owner: crew\n  definition:\n    $text: ${definition}\n`;

describe('a repository', () => {
  test('gives its entities, with the commit in their history, and follows new commits when asked', async () => {
    const first = await repository.commit({
      'a.yaml': group('one'),
      'x/b.yaml': group('two'),
      'values.yaml': 'a: 1\n',
    });
    const target = `${server.url}/r.git`;
    const catalog = await start([target]);
    expect(catalog.refs()).toEqual(['group:default/one', 'group:default/two']);
    expect(catalog.entity('group:default/two')?.metadata.annotations).toMatchObject({
      'backstage.io/managed-by-location': `git:${target}//x/b.yaml`,
      'backstage.io/managed-by-origin-location': `git:${target}`,
    });
    const second = await repository.commit({ 'a.yaml': group('one', '  parent: two\n'), 'x/b.yaml': undefined });
    await refresh(catalog, `git:${target}`);
    expect(catalog.refs()).toEqual(['group:default/one']);
    const history = await catalog.store.entityHistory('group:default/one', { limit: 10 });
    expect(history.map(({ op, commit }) => [op, commit])).toEqual([
      ['updated', second],
      ['created', first],
    ]);
  });

  test('is looked at again by itself', async () => {
    await repository.commit({ 'a.yaml': group('one') });
    const locations = [{ type: 'git' as const, target: repository.bare, origin: 'test' }];
    const catalog = await start([], { settings: { locations, refreshSeconds: 1 } });
    await repository.commit({ 'b.yaml': group('two') });
    await until(() => catalog.refs().length === 2);
  });

  test('that did not change writes nothing after a restart, and costs one question', async () => {
    await repository.commit({
      'all.yaml': location('all', ['./teams/crew.txt', './gone.yaml']),
      'teams/crew.txt': group('crew'),
      'bad.yaml': 'apiVersion: backstage.io/v1alpha1\nkind: [\n',
      'api.yaml': api('light', './open api.md'),
      'open api.md': '# paths\n',
    });
    const target = `${server.url}/r.git`;
    const first = await start([target], { dataFolder: join(root, 'data') });
    expect(first.refs()).toEqual(['api:default/light', 'group:default/crew', 'location:default/all']);
    await until(() => first.problems().length === 2);
    await stop(first);
    server.requests.length = 0;
    const second = await start([target], { dataFolder: join(root, 'data') });
    await refresh(second, `git:${target}`);
    expect(second.writes).toEqual([]);
    // The look at the start, and, where that was over already, the one that was asked for.
    expect(server.requests.filter((request) => request.startsWith('POST')).length).toBeLessThanOrEqual(2);
  });

  test('that is gone, or lost its branch or path, keeps what it gave and says so, and comes back', async () => {
    await repository.commit({ 'a.yaml': group('one'), 'x/b.yaml': group('two') });
    const catalog = await start([`${repository.bare}//a.yaml`, `${repository.bare}//x?ref=main`]);
    const ids = [`git:${repository.bare}//a.yaml`, `git:${repository.bare}//x?ref=main`];
    const failing = async (): Promise<void> => {
      for (const id of ids) await catalog.control.refresh({ location: id }, catalog.view(), 10_000);
    };
    await rename(repository.bare, join(root, 'away'));
    await failing();
    await until(() => catalog.problems().filter((problem) => problem.startsWith('source-unreadable')).length === 2);
    expect(catalog.refs()).toEqual(['group:default/one', 'group:default/two']);
    await rename(join(root, 'away'), repository.bare);
    await repository.commit({ 'x/b.yaml': undefined });
    await failing();
    await until(() => catalog.problems().length === 1);
    const [problem] = catalog.view().problems();
    expect(problem).toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('has nothing there at main') as string,
    });
    expect(problem?.message).not.toContain('mirrors');
    await repository.commit({ 'x/b.yaml': group('two') });
    await failing();
    await until(() => catalog.problems().length === 0);
  });
});

describe('a page of a forge', () => {
  test('is read by git, its files are called by their pages, and addresses of them are files of the repository', async () => {
    const page = 'https://github.com/o/r/blob/main';
    await repository.commit({
      'all.yaml': location('all', ['./x/api.yaml', `https://github.com/o/r/tree/main/top.yaml`], 'url'),
      'x/api.yaml': api('light', `${page}/docs/light.md`) + '---\n' + api('sound', '/docs/sound.md'),
      'top.yaml': `${group('top').replace('  name', '  annotations: {backstage.io/view-url: "https://theatre.example"}\n  name')}`,
      'docs/light.md': '# light\n',
      'docs/sound.md': '# sound\n',
    });
    const written = { type: 'url', target: `${page}/all.yaml` };
    const parsed = parseGitLocation(written, publicForges);
    if (!parsed?.ok) throw new Error('not a page');
    // Git is told where the forge stands; it does not speak plain HTTP to any other host.
    const { repository: meant } = parsed.location;
    const place = { ...parsed.location, repository: { ...meant, protocols: 'http' } };
    const environment = {
      ...gitEnvironment,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${server.url}/r.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://github.com/o/r',
    };
    const log = pino({ level: 'silent' });
    const mirrors = new GitMirrors({ folder: join(root, 'mirrors'), clock: systemClock, log, environment });
    const at = { origin: `url:${written.target}`, location: `url:${written.target}` };
    const named = { parentEntity: 'location:default/test', configuredAt: 'test', optional: false };
    const source = new GitSource(
      { ...at, ...named },
      { location: place, files: new SharedFileReader(), mirrors, forges: publicForges, refreshSeconds: 0 },
    );
    const entities = new Map<string, Entity>();
    const findings: string[] = [];
    const context: SourceContext = {
      clock: systemClock,
      log,
      kinds: kindSet(builtinKinds),
      exact: true,
      known: () => undefined,
      knownLocations: () => [],
      linksOf: () => [],
    };
    const stopped = new AbortController();
    for await (const events of source.read(context, stopped.signal)) {
      for (const event of events) {
        if (event.type !== 'read') continue;
        for (const { ref, body } of event.reading.entities) entities.set(ref, JSON.parse(body) as Entity);
        findings.push(...event.reading.findings.map(({ message }) => message));
      }
      if (events.some(({ type }) => type === 'synced')) break;
    }
    expect(findings).toEqual([]);
    expect([...entities.keys()].toSorted()).toEqual([
      'api:default/light',
      'api:default/sound',
      'group:default/top',
      'location:default/all',
    ]);
    expect(entities.get('api:default/light')).toMatchObject({
      metadata: {
        annotations: {
          'backstage.io/managed-by-location': `url:${page}/x/api.yaml`,
          'backstage.io/managed-by-origin-location': `url:${page}/all.yaml`,
          'backstage.io/view-url': `${page}/x/api.yaml`,
          'backstage.io/edit-url': 'https://github.com/o/r/edit/main/x/api.yaml',
          'backstage.io/source-location': 'url:https://github.com/o/r/tree/main/x/',
        },
      },
      spec: { definition: '# light\n' },
    });
    expect(entities.get('api:default/sound')?.spec?.['definition']).toBe('# sound\n');
    expect(entities.get('group:default/top')?.metadata.annotations?.['backstage.io/view-url']).toBe(
      'https://theatre.example',
    );
  });
});

describe('the path of a location', () => {
  test('may be a file, a folder, or a glob', async () => {
    await repository.commit({
      'a.yaml': group('a'),
      'teams/b.yaml': group('b'),
      'teams/x/c.yaml': group('c'),
      'teams/x/more.yaml': group('more'),
      'teams/y/c.yaml': group('c2'),
      'plain.txt': group('plain'),
    });
    const at = async (path: string): Promise<readonly string[]> => {
      const catalog = await start([`${repository.bare}${path}`]);
      const names = catalog.refs().map((ref) => ref.replace(/^.*\//, ''));
      await stop(catalog);
      return names;
    };
    expect(await at('//a.yaml')).toEqual(['a']);
    expect(await at('//plain.txt')).toEqual(['plain']);
    expect(await at('//teams')).toEqual(['b', 'c', 'c2', 'more']);
    expect(await at('//teams/*/c.yaml')).toEqual(['c', 'c2']);
    expect(await at('//**/c.yaml?ref=main')).toEqual(['c', 'c2']);
  });

  test('that names no file is a problem of that location', async () => {
    await repository.commit({ 'a.yaml': group('a') });
    const catalog = await start([`${repository.bare}//none/x.yaml`]);
    await until(() => catalog.problems().length === 1);
    expect(catalog.problems()).toEqual(['target-missing x.yaml:undefined undefined']);
    await repository.commit({ 'none/x.yaml': group('x') });
    await refresh(catalog, `git:${repository.bare}//none/x.yaml`);
    expect(catalog.refs()).toEqual(['group:default/x']);
    expect(catalog.problems()).toEqual([]);
    await repository.commit({ 'none/x.yaml': undefined });
    await refresh(catalog, `git:${repository.bare}//none/x.yaml`);
    expect(catalog.refs()).toEqual([]);
    expect(catalog.problems()).toEqual(['target-missing x.yaml:undefined undefined']);
  });
});

describe('Locations in a repository', () => {
  test('lead to files of it, beside them or from its top, that the location itself leaves out', async () => {
    await repository.commit({
      'x/all.yaml': location('all', ['./one.txt', '/top.yaml', '../deep/*.yaml', '/none.yaml', '/../../etc/passwd']),
      'x/one.txt': group('one'),
      'top.yaml': group('top') + '---\n' + location('more', ['./x/two.yaml'], 'url'),
      'x/two.yaml': group('two'),
      'deep/three.yaml': group('three'),
      'deep/not.md': 'no',
    });
    const catalog = await start([`${repository.bare}//x/all.yaml`]);
    expect(catalog.refs().filter((ref) => ref.startsWith('group'))).toEqual([
      'group:default/one',
      'group:default/three',
      'group:default/top',
      'group:default/two',
    ]);
    await until(() => catalog.problems().length === 2);
    const codes = catalog.problems().map((problem) => problem.replace(/ .*/, ''));
    expect(codes).toEqual(['target-missing', 'target-outside']);
    await repository.commit({ 'none.yaml': group('none'), 'deep/four.yaml': group('four') });
    await refresh(catalog, `git:${repository.bare}//x/all.yaml`);
    expect(catalog.refs()).toEqual(expect.arrayContaining(['group:default/none', 'group:default/four']));
  });

  test('and its placeholders lead nowhere out of it, by links neither', async () => {
    await repository.write({
      'all.yaml': location('all', ['./etc', './etc/*.yaml', './secret.yaml', '../../x.yaml']),
      'api.yaml': api('light', './link.md'),
      'api2.yaml': api('sound', '../../../../etc/hostname'),
    });
    await symlink('/etc', repository.path('etc'));
    await symlink('/etc/passwd', repository.path('secret.yaml'));
    await symlink('/etc/passwd', repository.path('link.md'));
    await repository.commit({});
    const catalog = await start([repository.bare]);
    await until(() => catalog.problems().length >= 4);
    expect(catalog.refs()).toEqual(['location:default/all']);
    const told = JSON.stringify(catalog.view().problems());
    expect(told).toContain('target-outside');
    expect(told).toContain('placeholder-unreadable');
    expect(told).not.toMatch(/root:|hosts/);
  });

  test('without a type lead to web addresses as such, and to files beside them', async () => {
    await repository.commit({
      'all.yaml': location('all', ['https://files.example/a.yaml', './b.txt']),
      'b.txt': group('b'),
    });
    const catalog = await start([repository.bare]);
    await until(() => catalog.problems().length === 1);
    expect(catalog.view().problems()[0]?.source).toBe('url:https://files.example/a.yaml');
    await until(() => catalog.refs().includes('group:default/b'));
  });

  test('lead to other repositories only where those may be read', async () => {
    const other = await TestRepository.create(root, 'other');
    await other.commit({ 'a.yaml': group('other') });
    const target = `${server.url}/other.git`;
    await repository.commit({ 'all.yaml': location('all', [`${target}//a.yaml`], 'git') });
    const catalog = await start([repository.bare]);
    await until(() => catalog.problems().length === 1);
    expect(catalog.view().problems()[0]).toMatchObject({
      code: 'source-unreadable',
      source: `git:${target}//a.yaml`,
      message: expect.stringContaining('reading.allow') as string,
    });
    await stop(catalog);
    const allowed = await start([repository.bare], { allow: [{ host: new URL(server.url).host }] });
    await until(() => allowed.refs().includes('group:default/other'));
    expect(allowed.entity('group:default/other')?.metadata.annotations).toMatchObject({
      'backstage.io/managed-by-location': `git:${target}//a.yaml`,
      'backstage.io/managed-by-origin-location': `git:${repository.bare}`,
    });
  });
});

test('a repository is registered, previewed, refreshed and taken back, where its host may be read', async () => {
  await repository.commit({ 'a.yaml': group('one'), 'bad.yaml': group('x').replace('children', 'kids') });
  const ssh = join(root, 'ssh');
  // What ssh would run on the host is run here.
  await writeFile(ssh, '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n');
  await chmod(ssh, 0o755);
  const log = pino({ level: 'silent' });
  const environment = { ...gitEnvironment, GIT_SSH_COMMAND: ssh };
  const mirrors = new GitMirrors({ folder: join(root, 'mirrors'), clock: systemClock, log, environment });
  const rules = [{ allow: [{ kind: 'Group' }, { kind: 'Location' }] }];
  const catalog = await start([], { mirrors, allow: [{ host: 'git.example' }], settings: { locations: [], rules } });
  const spec = { type: 'git', target: `ssh://git@git.example${repository.bare}?ref=main` };
  const { control } = catalog;
  const never = new AbortController().signal;
  const preview = await control.preview(spec, catalog.view(), never);
  expect(preview.entities.map(({ ref, change }) => [ref, change])).toEqual([
    [preview.location.entityRef, 'create'],
    ['group:default/one', 'create'],
  ]);
  expect(preview.findings.map(({ code }) => code)).toEqual(['entity-schema']);
  expect(catalog.refs()).toEqual([]);
  const { id } = await control.register(spec);
  await until(() => catalog.refs().length === 1);
  await repository.commit({ 'b.yaml': group('two') });
  await refresh(catalog, `git:${spec.target}`);
  expect(catalog.refs()).toEqual(['group:default/one', 'group:default/two']);
  await control.unregister(id);
  await until(() => catalog.refs().length === 0);
  for (const target of [
    'https://user:hunter2@git.example/r',
    repository.bare,
    'ext::sh -c id',
    'https://git.example/r?ref=--x',
  ]) {
    const told = await control.register({ type: 'git', target }).catch(String);
    expect(told).toContain('is no location with a full URL');
    expect(told).not.toContain('hunter2');
  }
  const foreign = { type: 'git', target: 'ssh://git@elsewhere.example/o/r.git' };
  const refused = await control.preview(foreign, catalog.view(), never);
  expect(refused.findings).toMatchObject([{ code: 'source-unreadable' }]);
  expect(refused.findings[0]?.message).toContain('reading.allow');
});

test('locations in one repository share its mirror and do not disturb each other', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  await repository.commit(Object.fromEntries(names.map((name) => [`${name}/catalog-info.yaml`, group(name)])));
  const targets = names.map((name) => `${server.url}/r.git//${name}/catalog-info.yaml`);
  const catalog = await start(targets);
  await until(() => catalog.refs().length === 5);
  await repository.commit(Object.fromEntries(names.map((name) => [`${name}/catalog-info.yaml`, group(`${name}2`)])));
  await Promise.all(targets.map((target) => refresh(catalog, `git:${target}`)));
  expect(catalog.refs()).toEqual(names.map((name) => `group:default/${name}2`));
  expect(catalog.problems()).toEqual([]);
});

test('a file that two sources of one origin lead to stays when one of them goes', async () => {
  const other = await TestRepository.create(root, 'other');
  await other.commit({ 'x/catalog-info.yaml': group('shared'), 'catalog-info.yaml': group('own') });
  const target = `${server.url}/other.git`;
  await repository.commit({ 'all.yaml': location('all', [`${target}//x`, target], 'git') });
  const catalog = await start([repository.bare], { allow: [{ host: new URL(server.url).host }] });
  await until(() => ['own', 'shared'].every((name) => catalog.refs().includes(`group:default/${name}`)));
  const uid = catalog.entity('group:default/shared')?.metadata.uid;
  const sources = () => catalog.view().leases().length;
  await until(() => sources() === 3);
  await repository.commit({ 'all.yaml': location('all', [target], 'git') });
  await refresh(catalog, `git:${repository.bare}`);
  await until(() => sources() === 2);
  expect(catalog.entity('group:default/shared')?.metadata.uid).toBe(uid);
});

test('a location that git cannot read is told, and the others are read', async () => {
  await repository.commit({ 'a.yaml': group('a') });
  const catalog = await start(['ext::sh -c id', `${repository.bare}?ref=--x`, repository.bare]);
  expect(catalog.refs()).toEqual(['group:default/a']);
  await until(() => catalog.problems().length === 2);
});
