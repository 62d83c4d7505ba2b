import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gitEnvironment, TestRepository } from '../../test/support/git-repository.ts';
import { startGitServer, type GitServer } from '../../test/support/git-server.ts';
import { systemClock } from '../base/clock.ts';
import type { GitReading } from './git-mirror.ts';
import { GitMirrors, type MirrorsOptions, type OpenMirror } from './git-mirrors.ts';
import { parseRepository } from './repository-url.ts';

const never = new AbortController().signal;
const PATTERNS = ['*.yaml', '*.json'];

let root: string;
let data: string;
let server: GitServer;
let log: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'callboard-git-'));
  data = join(root, 'data');
  server = await startGitServer(root);
  log = [];
});

afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

function mirrors(more: Partial<MirrorsOptions> = {}): GitMirrors {
  const lines = pino({ level: 'debug' }, { write: (line) => void log.push(line) });
  return new GitMirrors({ folder: data, clock: systemClock, log: lines, environment: gitEnvironment, ...more });
}

function open(url: string, ref?: string, pool = mirrors()): Promise<OpenMirror> {
  const parsed = parseRepository(url);
  if (!parsed.ok) throw new Error(parsed.reason);
  return pool.open({ repository: parsed.repository, ref });
}

function read(mirror: OpenMirror, signal = never, patterns = PATTERNS): Promise<GitReading> {
  return mirror.read({ signal, maxAgeMs: 0, patterns });
}

/** Reads, and tells the commit and the files but for `.gitattributes`. */
async function look(mirror: OpenMirror): Promise<{ commit: string; files: readonly string[] }> {
  const reading = await read(mirror);
  const files = await filesOf(reading);
  reading.release();
  return { commit: reading.commit, files };
}

async function filesOf({ folder }: GitReading): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory() && entry.name !== '.gitattributes');
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).toSorted();
}

function posts(): number {
  return server.requests.filter((request) => request.startsWith('POST')).length;
}

describe.each(['a repository on disk', 'over HTTP'])('%s', (way) => {
  const addressOf = (repository: TestRepository, name: string): string =>
    way === 'over HTTP' ? `${server.url}/${name}.git` : repository.bare;

  test('is mirrored at its newest commit, only the wanted files, and follows it', async () => {
    const repository = await TestRepository.create(root, 'r');
    const first = await repository.commit({
      'a.yaml': 'a: 1\n',
      'x/b.json': '{}',
      'x/code.ts': 'code',
      'big.bin': 'b',
    });
    const mirror = await open(addressOf(repository, 'r'));
    expect(await look(mirror)).toEqual({ commit: first, files: ['a.yaml', 'x/b.json'] });
    const second = await repository.commit({ 'a.yaml': 'a: 2\n', 'x/b.json': undefined, 'c.yaml': 'c: 1\n' });
    expect(await look(mirror)).toEqual({ commit: second, files: ['a.yaml', 'c.yaml'] });
  });

  test('that cannot give out parts is read all the same', async () => {
    const repository = await TestRepository.create(root, 'r', false);
    const commit = await repository.commit({ 'a.yaml': 'a: 1\n', 'x/code.ts': 'code' });
    const mirror = await open(addressOf(repository, 'r'));
    expect(await look(mirror)).toEqual({ commit, files: ['a.yaml'] });
    const later = await repository.commit({ 'a.yaml': 'a: 2\n' });
    expect(await look(mirror)).toEqual({ commit: later, files: ['a.yaml'] });
  });

  test('may be rewritten', async () => {
    const repository = await TestRepository.create(root, 'r');
    await repository.commit({ 'a.yaml': 'a: 1\n' });
    await repository.commit({ 'b.yaml': 'b: 1\n' });
    const mirror = await open(addressOf(repository, 'r'));
    await look(mirror);
    await repository.git('checkout', '-q', '--orphan', 'fresh');
    const commit = await repository.commit({ 'a.yaml': undefined, 'b.yaml': 'b: 2\n' });
    expect(await look(mirror)).toEqual({ commit, files: ['b.yaml'] });
  });

  test('is read at a branch, a tag, or a commit', async () => {
    const repository = await TestRepository.create(root, 'r');
    const first = await repository.commit({ 'a.yaml': 'a: 1\n' });
    await repository.git('tag', '-a', 'v1', '-m', 'v1');
    await repository.push('v1');
    await repository.commit({ 'a.yaml': 'a: 2\n' });
    const third = await repository.commit({ 'b.yaml': 'b: 1\n' }, 'feature/b');
    const address = addressOf(repository, 'r');
    expect((await look(await open(address, 'v1'))).commit).toBe(first);
    expect(await look(await open(address, 'feature/b'))).toEqual({ commit: third, files: ['a.yaml', 'b.yaml'] });
    expect(await look(await open(address, 'refs/heads/feature/b'))).toMatchObject({ commit: third });
    expect((await look(await open(address, first))).commit).toBe(first);
  });

  test('that is empty, lost its branch, or is gone says so; what was mirrored is read when it is back', async () => {
    const repository = await TestRepository.create(root, 'r');
    const mirror = await open(addressOf(repository, 'r'));
    await expect(read(mirror)).rejects.toMatchObject({ code: 'GIT_REF_MISSING' });
    const commit = await repository.commit({ 'a.yaml': 'a: 1\n' });
    expect((await look(mirror)).commit).toBe(commit);
    await repository.push('HEAD:refs/heads/other', ':refs/heads/main');
    await expect(read(mirror)).rejects.toMatchObject({ code: 'GIT_REF_MISSING' });
    await repository.push('HEAD:refs/heads/main');
    await rename(repository.bare, join(root, 'away'));
    await expect(read(mirror)).rejects.toMatchObject({ code: 'GIT_FAILED' });
    await rename(join(root, 'away'), repository.bare);
    expect(await look(mirror)).toEqual({ commit, files: ['a.yaml'] });
  });

  test('with object names of SHA-256 is read', async () => {
    const repository = await TestRepository.create(root, 'r', true, 'sha256');
    const commit = await repository.commit({ 'a.yaml': 'a: 1\n' });
    expect(commit).toHaveLength(64);
    expect((await look(await open(addressOf(repository, 'r')))).commit).toBe(commit);
  });
});

describe('what a look costs', () => {
  test('an unchanged repository is asked for one ref, also after a restart', async () => {
    const repository = await TestRepository.create(root, 'r');
    await repository.commit({ 'a.yaml': 'a: 1\n' });
    const mirror = await open(`${server.url}/r.git`);
    await look(mirror);
    server.requests.length = 0;
    await look(mirror);
    expect(posts()).toBe(1);
    const restarted = await open(`${server.url}/r.git`);
    server.requests.length = 0;
    await look(restarted);
    expect(posts()).toBe(1);
  });

  test('only the wanted contents come over the wire, in one go', async () => {
    const repository = await TestRepository.create(root, 'r');
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, number) => [`x${number}/a.yaml`, `a: ${number}\n`]),
    );
    await repository.commit({ ...files, 'big.bin': 'x'.repeat(1000), '.gitattributes': '*.bin binary\n' });
    const big = (await repository.git('rev-parse', 'HEAD:big.bin')).trim();
    await look(await open(`${server.url}/r.git`));
    // ls-remote, then refs and commit, then refs and contents.
    expect(posts()).toBeLessThanOrEqual(5);
    const packs = join(data, (await readdir(data))[0] ?? '', 'git/objects/pack');
    const names = (await readdir(packs)).filter((name) => name.endsWith('.idx'));
    const held = await Promise.all(names.map((name) => readFile(join(packs, name))));
    expect(held.length).toBeGreaterThan(0);
    expect(held.some((index) => index.includes(Buffer.from(big, 'hex')))).toBe(false);
  });

  test('readers of one repository share a mirror and a look, and do not wait for each other', async () => {
    const repository = await TestRepository.create(root, 'r');
    const commit = await repository.commit({ 'a/a.yaml': 'a: 1\n', 'b/b.yaml': 'b: 1\n' });
    const pool = mirrors();
    const one = await open(`${server.url}/r.git`, undefined, pool);
    const two = await open(`${server.url}/r.git`, undefined, pool);
    const first = await one.read({ signal: never, maxAgeMs: 60_000, patterns: ['/a/**/*.yaml'] });
    expect(await filesOf(first)).toEqual(['a/a.yaml']);
    server.requests.length = 0;
    const second = await two.read({ signal: never, maxAgeMs: 60_000, patterns: ['/b/**/*.yaml'] });
    expect(await filesOf(second)).toEqual(['a/a.yaml', 'b/b.yaml']);
    // One fetch of the contents that the first did not want.
    expect(posts()).toBe(1);
    await repository.commit({ 'a/a.yaml': 'a: 2\n' });
    const waiting = one.read({ signal: never, maxAgeMs: 0, patterns: ['/a/**/*.yaml'] });
    first.release();
    expect(await readFile(join(second.folder, 'a/a.yaml'), 'utf8')).toBe('a: 1\n');
    expect(second.commit).toBe(commit);
    second.release();
    expect(await readFile(join((await waiting).folder, 'a/a.yaml'), 'utf8')).toBe('a: 2\n');
    (await waiting).release();
    one.close();
    two.close();
    expect(await readdir(data)).toHaveLength(1);
  });
});

describe('files that the patterns left out', () => {
  test('come when they are asked for, and stay over a restart and a new commit', async () => {
    const repository = await TestRepository.create(root, 'r');
    await repository.commit({ 'a.yaml': 'a: 1\n', 'd/[x] *.md': 'text\n', 'd/y.md': 'no\n', '!z': 'z\n' });
    const mirror = await open(repository.bare);
    const reading = await read(mirror);
    await reading.ensure({ paths: ['d/[x] *.md', '!z', 'none.md', 'bad\nname'] }, never);
    expect(await filesOf(reading)).toEqual(['!z', 'a.yaml', 'd/[x] *.md']);
    reading.release();
    const restarted = await open(repository.bare);
    expect((await look(restarted)).files).toEqual(['!z', 'a.yaml', 'd/[x] *.md']);
    await repository.commit({ '!z': undefined, 'none.md': 'now\n' });
    expect((await look(restarted)).files).toEqual(['a.yaml', 'd/[x] *.md', 'none.md']);
  });
});

describe('a mirror that is broken', () => {
  const gitFolder = async (): Promise<string> => join(data, (await readdir(data))[0] ?? '', 'git');

  test.each<[string, (git: string) => Promise<void>]>([
    ['its configuration', (git) => writeFile(join(git, 'config'), '[core\n')],
    ['its index', (git) => writeFile(join(git, 'index'), 'broken')],
    ['its HEAD', (git) => rm(join(git, 'HEAD'))],
    ['its objects', (git) => rm(join(git, 'objects'), { recursive: true })],
    ['its ref', (git) => writeFile(join(git, 'refs/callboard/tip'), 'nonsense\n')],
    ['a lock that was left behind', (git) => writeFile(join(git, 'index.lock'), '')],
    ['a changed file', (git) => writeFile(join(git, '../tree/a.yaml'), 'changed')],
    ['a lost file', (git) => rm(join(git, '../tree/a.yaml'))],
    ['everything', (git) => rm(join(git, '..'), { recursive: true })],
  ])('at %s is mended', async (_, damage) => {
    const repository = await TestRepository.create(root, 'r');
    const commit = await repository.commit({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    await look(await open(repository.bare));
    await damage(await gitFolder());
    const mirror = await open(repository.bare);
    const reading = await read(mirror);
    expect(reading.commit).toBe(commit);
    expect(await filesOf(reading)).toEqual(['a.yaml', 'b.yaml']);
    expect(await readFile(join(reading.folder, 'a.yaml'), 'utf8')).toBe('a: 1\n');
  });

  test('is made anew once so many packs came together', async () => {
    const repository = await TestRepository.create(root, 'r');
    await repository.commit({ 'a.yaml': 'a: 1\n' });
    await look(await open(repository.bare));
    const packs = join(await gitFolder(), 'objects/pack');
    for (let number = 0; number < 101; number += 1) await writeFile(join(packs, `left-${number}.pack`), '');
    await writeFile(join(packs, 'tmp_pack_x'), '');
    expect((await look(await open(repository.bare))).files).toEqual(['a.yaml']);
    expect((await readdir(packs)).filter((name) => name.startsWith('left') || name.startsWith('tmp'))).toEqual([]);
  });
});

test('a connection that breaks off costs no mirror', async () => {
  const repository = await TestRepository.create(root, 'r');
  const commit = await repository.commit({ 'a.yaml': 'a: 1\n' });
  const mirror = await open(`${server.url}/r.git`);
  await look(mirror);
  const later = await repository.commit({ 'b.yaml': 'b: 1\n' });
  server.requests.length = 0;
  server.intercept = (request) => {
    if (request.method !== 'POST' || posts() < 2) return false;
    request.socket.destroy();
    return true;
  };
  await expect(read(mirror)).rejects.toMatchObject({ code: 'GIT_FAILED' });
  const held = join(data, (await readdir(data))[0] ?? '', 'git/HEAD');
  expect((await readFile(held, 'utf8')).trim()).toBe(commit);
  server.intercept = () => false;
  expect((await look(mirror)).commit).toBe(later);
});

test('a repository is read over ssh, by the command that the environment names', async () => {
  const repository = await TestRepository.create(root, 'r');
  const commit = await repository.commit({ 'a.yaml': 'a: 1\n' });
  const ssh = join(root, 'ssh');
  // What ssh would run on the host is run here.
  await writeFile(ssh, `#!/bin/sh\necho "$@" >> ${root}/calls\nfor last; do :; done\nexec sh -c "$last"\n`);
  await chmod(ssh, 0o755);
  const pool = mirrors({ environment: { ...gitEnvironment, GIT_SSH_COMMAND: ssh } });
  const mirror = await open(`git@git.example:${repository.bare}`, undefined, pool);
  expect(await look(mirror)).toEqual({ commit, files: ['a.yaml'] });
  expect(await readFile(join(root, 'calls'), 'utf8')).toContain('git@git.example git-upload-pack');
});

describe('limits', () => {
  test('a repository with too many or too large files is refused and not kept', async () => {
    const repository = await TestRepository.create(root, 'r');
    await repository.commit({ 'a.yaml': 'a: 1\n', 'b.yaml': 'x'.repeat(300_000) });
    for (const limits of [
      { bytes: 250_000, files: 1000 },
      { bytes: 10_000_000, files: 10 },
    ]) {
      const mirror = await open(repository.bare, undefined, mirrors({ limits }));
      await expect(read(mirror)).rejects.toMatchObject({ code: 'GIT_TOO_LARGE' });
      expect(await readdir(data)).toEqual([]);
    }
  });

  test('a server that does not answer is given up on, and what runs for it ends', async () => {
    await TestRepository.create(root, 'r');
    server.intercept = () => true;
    const mirror = await open(`${server.url}/r.git`, undefined, mirrors({ timeoutMs: 700 }));
    await expect(read(mirror)).rejects.toMatchObject({ code: 'GIT_TIMEOUT', details: { seconds: 0.7 } });
    expect(await processesOf(server.url)).toEqual([]);
  });

  test('what git leaves running does not hold up its answer', async () => {
    const repository = await TestRepository.create(root, 'r');
    const program = join(root, 'lingering-git');
    await writeFile(program, '#!/bin/sh\ncase "$*" in *ls-remote*) sleep 20 & ;; esac\nexec git "$@"\n');
    await chmod(program, 0o755);
    const began = systemClock.monotonic();
    const empty = read(await open(repository.bare, undefined, mirrors({ program })));
    await expect(empty).rejects.toMatchObject({ code: 'GIT_REF_MISSING' });
    expect(systemClock.monotonic() - began).toBeLessThan(15_000);
  });

  test('an abort ends git within a fetch; the next reader goes on', async () => {
    const repository = await TestRepository.create(root, 'r');
    const commit = await repository.commit({ 'a.yaml': 'a: 1\n' });
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    server.intercept = (request) => {
      // The second question is the fetch.
      if (request.method !== 'POST' || posts() < 3) return false;
      resolve();
      return true;
    };
    const pool = mirrors();
    const mirror = await open(`${server.url}/r.git`, undefined, pool);
    const abort = new AbortController();
    const reading = read(mirror, abort.signal);
    await Promise.race([reached, reading]);
    abort.abort(new Error('no longer wanted'));
    await expect(reading).rejects.toThrow('no longer wanted');
    expect(await processesOf(server.url)).toEqual([]);
    server.intercept = () => false;
    expect((await look(mirror)).commit).toBe(commit);
  });

  test('repositories that do not answer hold up none of the others', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'good']) {
      await (await TestRepository.create(root, name)).commit({ 'a.yaml': `a: ${name}\n` });
    }
    server.intercept = (request) => !(request.url ?? '').startsWith('/good');
    const pool = mirrors({ timeoutMs: 1_500 });
    const sick = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => open(`${server.url}/${name}.git`, undefined, pool)),
    );
    await Promise.allSettled(sick.map((mirror) => read(mirror)));
    // From now on they wait for each other, and only for each other.
    const abort = new AbortController();
    const waiting = sick.map((mirror) => read(mirror, abort.signal));
    const good = await open(`${server.url}/good.git`, undefined, pool);
    const order: string[] = [];
    const outcomes = Promise.allSettled(waiting.map((one) => one.catch(() => order.push('sick'))));
    await look(good);
    expect(order).toEqual([]);
    abort.abort(new Error('test ends'));
    await outcomes;
  });

  test('fifty repositories at once are read by a few processes', async () => {
    const pool = mirrors();
    const names = Array.from({ length: 50 }, (_, number) => `r${number}`);
    const template = await TestRepository.create(root, 'template');
    await template.commit({ 'a.yaml': 'a: 1\n' });
    for (const name of names) await template.git('clone', '-q', '--bare', template.bare, join(root, `${name}.git`));
    const opened = await Promise.all(names.map((name) => open(join(root, `${name}.git`), undefined, pool)));
    const found = await Promise.all(opened.map((mirror) => look(mirror)));
    expect(new Set(found.map(({ files }) => files.join()))).toEqual(new Set(['a.yaml']));
    expect(await readdir(data)).toHaveLength(50);
  });
});

describe('a hostile repository', () => {
  test('runs nothing, converts nothing, and brings no submodules', async () => {
    const proof = join(root, 'proof');
    const home = join(root, 'home');
    const hooks = join(root, 'hooks');
    await mkdir(home);
    await mkdir(hooks);
    await writeFile(join(hooks, 'post-checkout'), `#!/bin/sh\ntouch ${proof}\n`);
    await chmod(join(hooks, 'post-checkout'), 0o755);
    // What the person who runs the server may have configured for their own work.
    await writeFile(
      join(home, '.gitconfig'),
      `[core]\n\thooksPath = ${hooks}\n\tfsmonitor = touch ${proof}\n[filter "evil"]\n\tsmudge = touch ${proof}; cat\n[submodule]\n\trecurse = true\n`,
    );
    const repository = await TestRepository.create(root, 'r');
    const inner = await TestRepository.create(root, 'inner');
    const commit = await inner.commit({ 'inner.yaml': 'a: 1\n' });
    await repository.write({
      '.gitattributes': '*.yaml filter=evil text eol=crlf ident working-tree-encoding=UTF-16\n',
      '.gitmodules': `[submodule "sub"]\n\tpath = sub\n\turl = ${inner.bare}\n`,
    });
    await repository.git('add', '--all');
    await repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
    const blob = (
      await repository.git('-c', 'core.autocrlf=false', 'hash-object', '-w', '--no-filters', '.gitmodules')
    ).trim();
    await repository.git('update-index', '--add', '--cacheinfo', `100644,${blob},a.yaml`);
    await repository.git('commit', '-q', '-m', 'change');
    await repository.push('HEAD:refs/heads/main');
    const environment = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
    const reading = await read(await open(repository.bare, undefined, mirrors({ environment })));
    expect(await filesOf(reading)).toEqual(['a.yaml']);
    expect(await readFile(join(reading.folder, 'a.yaml'), 'utf8')).toContain(`url = ${inner.bare}\n`);
    expect(await readdir(root)).not.toContain('proof');
  });

  test('brings links as links, for the reader to judge', async () => {
    const repository = await TestRepository.create(root, 'r');
    await repository.write({ 'a.yaml': 'a: 1\n' });
    await symlink('/etc/passwd', repository.path('evil.yaml'));
    await repository.commit({});
    const reading = await read(await open(repository.bare));
    expect(await readlink(join(reading.folder, 'evil.yaml'))).toBe('/etc/passwd');
  });
});

test('no credential reaches a message or the log, also where git’s own configuration adds one', async () => {
  const environment = {
    ...gitEnvironment,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.http://robot:hunter2@${new URL(server.url).host}/.insteadOf`,
    GIT_CONFIG_VALUE_0: `${server.url}/`,
  };
  server.intercept = (_, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    return true;
  };
  const mirror = await open(`${server.url}/r.git`, undefined, mirrors({ environment }));
  const failed = await read(mirror).then(() => 'nothing failed', String);
  expect(failed).toMatch(/The git repository .* cannot be read: .*(Authentication failed|could not read)/);
  expect(failed + log.join()).not.toContain('hunter2');
});

test('where git is missing or too old the message says what to do', async () => {
  const repository = await TestRepository.create(root, 'r');
  const missing = mirrors({ program: join(root, 'no-git') });
  await expect(read(await open(repository.bare, undefined, missing))).rejects.toMatchObject({
    code: 'GIT_MISSING',
    message: expect.stringContaining('install git 2.25 or newer') as string,
  });
  await writeFile(join(root, 'old-git'), '#!/bin/sh\necho git version 2.17.1\n');
  await chmod(join(root, 'old-git'), 0o755);
  const old = mirrors({ program: join(root, 'old-git') });
  await expect(read(await open(repository.bare, undefined, old))).rejects.toMatchObject({ code: 'GIT_MISSING' });
});

test('mirrors that nobody opened for a week are removed, and nothing else', async () => {
  const repository = await TestRepository.create(root, 'r');
  await repository.commit({ 'a.yaml': 'a: 1\n' });
  await look(await open(repository.bare));
  await look(await open(repository.bare, 'main'));
  const [name = ''] = await readdir(data);
  await mkdir(join(data, 'mine'));
  const eightDaysAgo = systemClock.now() / 1000 - 8 * 24 * 3600;
  await utimes(join(data, name), eightDaysAgo, eightDaysAgo);
  await utimes(join(data, 'mine'), eightDaysAgo, eightDaysAgo);
  await open(join(root, 'another.git'));
  const left = await readdir(data);
  expect(left).toHaveLength(3);
  expect(left).toContain('mine');
  expect(left).not.toContain(name);
});

/** Command lines of processes that name a text. */
async function processesOf(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text)) found.push(line);
  }
  return found;
}

describe('a login', () => {
  const basic = `Basic ${Buffer.from('oauth2:token-of-git').toString('base64')}`;
  let seen: (string | undefined)[];

  beforeEach(() => {
    seen = [];
    server.intercept = (request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === basic) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return true;
    };
  });

  test('opens a repository over HTTP, beside what the environment configures, and is not left on disk', async () => {
    const repository = await TestRepository.create(root, 'r');
    const commit = await repository.commit({ 'a.yaml': 'a: 1\n' });
    const environment = {
      ...gitEnvironment,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'http.userAgent',
      GIT_CONFIG_VALUE_0: 'test',
    };
    const hosts: string[] = [];
    const loginOf = (host: string) => {
      hosts.push(host);
      return { user: 'oauth2', password: 'token-of-git' };
    };
    const mirror = await open(`${server.url}/r.git`, undefined, mirrors({ environment, loginOf }));
    expect(await look(mirror)).toEqual({ commit, files: ['a.yaml'] });
    expect(new Set(hosts)).toEqual(new Set([new URL(server.url).host]));
    expect(new Set(seen)).toEqual(new Set([basic]));
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect(bytes.includes('token-of-git') || bytes.includes(basic.slice(6))).toBe(false);
    }
  });

  test('that is not there fails the reading with its reason', async () => {
    await TestRepository.create(root, 'r');
    const loginOf = () => {
      throw new Error('there is no secret git');
    };
    await expect(read(await open(`${server.url}/r.git`, undefined, mirrors({ loginOf })))).rejects.toThrow(
      'there is no secret git',
    );
    await expect(read(await open(`${server.url}/r.git`))).rejects.toMatchObject({ code: 'GIT_FAILED' });
    expect(seen.filter(Boolean)).toEqual([]);
  });
});
