import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { findOldNode } from '../support/old-node.ts';

const root = resolve(import.meta.dirname, '../..');
let scratch: string;
/** Folder of somebody who has installed the package. */
let app: string;
/** Another folder, with descriptors and a plugin. */
let elsewhere: string;
let packed: {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
};

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd: string): Ended {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
  return spawnSync(command, args, { cwd, encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
}

function succeed(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

const callboard = (...args: readonly string[]): Ended => run(join(app, 'node_modules/.bin/callboard'), args, elsewhere);

const component = (name: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name} }\nspec: { type: service, lifecycle: production, owner: stage }\n`;

const plugin = `
const contract = {
  method: 'GET', path: '/api/plugins/hello/count', summary: 'Count', tag: 'Hello', permission: 'catalog.entity.read',
  response: { type: 'object', properties: { count: { type: 'integer' } } },
};
export const pluginApiVersion = 1;
export const manifest = {
  id: 'hello', title: 'Hello', routes: [{ contract, handle: ({ view }) => ({ count: view.list({ limit: 0 }).total }) }],
};
`;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'callboard-package-'));
  app = join(scratch, 'app');
  elsewhere = join(scratch, 'elsewhere');
  for (const folder of [app, join(elsewhere, 'services'), join(elsewhere, 'plugin')])
    mkdirSync(folder, { recursive: true });
  for (const name of ['lights', 'sound']) writeFileSync(join(elsewhere, 'services', `${name}.yaml`), component(name));
  writeFileSync(join(elsewhere, 'plugin', 'hello.mjs'), plugin);
  if (!existsSync(join(root, 'dist/web/index.html'))) succeed(process.execPath, ['tools/build-web.mjs'], root);
  succeed(process.execPath, ['tools/build-package.mjs'], root);
  const [report] = JSON.parse(
    succeed('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], root),
  ) as [typeof packed];
  packed = report;
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }');
  const install = [
    'install',
    join(scratch, packed.filename),
    '--ignore-scripts',
    '--omit=dev',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
  ];
  succeed('npm', install, app);
}, 300_000);

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe('the package', () => {
  test('holds what runs and nothing else', () => {
    const paths = packed.files.map(({ path }) => path);
    console.log(
      `package: ${paths.length} files, ${Math.round(packed.size / 1024)} KiB packed, ${Math.round(packed.unpackedSize / 1024)} KiB unpacked`,
    );
    for (const path of [
      'dist/main.js',
      'dist/plugin.js',
      'dist/plugin.d.ts',
      'dist/client.js',
      'dist/store/store-worker.js',
      'dist/web/index.html',
      'launcher/callboard.mjs',
      'launcher/runtime/package.json',
      'launcher/runtime/package-lock.json',
      'README.md',
      'LICENSE',
    ]) {
      expect(paths).toContain(path);
    }
    expect(paths.some((path) => path.startsWith('demo/organisation/'))).toBe(true);
    const foreign = paths.filter((path) =>
      /\.test\.|\.map$|(?<!\.d)\.ts$|^(src|test|tools|bench|web)\/|\/\.stamp$/.test(path),
    );
    expect(foreign).toEqual([]);
  });

  test('is clean for publint', async () => {
    const { messages } = await publint({ pkgDir: join(app, 'node_modules/callboard'), strict: true, pack: false });
    expect(messages).toEqual([]);
  });

  test('needs no install script', () => {
    const { packages } = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    expect(Object.entries(packages).filter(([, entry]) => entry.hasInstallScript)).toEqual([]);
  });

  test('has types for plugins and clients', () => {
    const source = `
      import { defineRoute, Type, type Manifest } from 'callboard/plugin';
      import { createClient } from 'callboard/client';
      const contract = defineRoute({ method: 'GET', path: '/api/plugins/x/y', summary: 's', tag: 't', permission: 'a.b.c', response: Type.Object({}) });
      export const manifest: Manifest = { id: 'x', title: 'X', routes: [{ contract, handle: ({ view }) => view.revision.toFixed() }] };
      // @ts-expect-error a manifest has no colour: the types are really there
      export const wrong: Manifest = { id: 'x', title: 'X', colour: 'red' };
      export async function total(): Promise<number> {
        return (await createClient({ baseUrl: 'http://localhost' }).call('GET /api/v1/entities', {})).total;
      }
    `;
    writeFileSync(join(app, 'consumer.ts'), source);
    const typeRoots = join(root, 'node_modules/@types');
    const compiler = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--lib',
      'es2024,dom',
      '--typeRoots',
      typeRoots,
      '--types',
      'node',
    ];
    const { stdout } = run(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), ...compiler, 'consumer.ts'],
      app,
    );
    expect(stdout).toBe('');
  });
});

describe('the installed command', () => {
  test('says its version, validates and answers queries over files', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(callboard('version')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`callboard ${version} `) as string,
      stderr: '',
    });
    expect(callboard('validate', 'services')).toMatchObject({
      status: 0,
      stdout: '2 documents in 2 files: 0 errors, 0 warnings\n',
    });
    const query = callboard('query', 'kind == "Component"', '--catalog', 'services', '--limit', '0');
    expect(query).toMatchObject({ status: 0, stdout: '2 found, 0 shown\n', stderr: '' });
    expect(callboard('nonsense')).toMatchObject({ status: 2 });
  });

  test('serves with its store worker, its web interface and a plugin from elsewhere, and backs up beside it', async () => {
    const args = ['serve', '--catalog', 'services', '--port', '0', '--plugin', 'plugin/hello.mjs'];
    const server = spawn(join(app, 'node_modules/.bin/callboard'), args, {
      cwd: elsewhere,
      env: { ...process.env, PORT: undefined, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((done) => server.on('close', done));
    try {
      let printed = '';
      let complaints = '';
      server.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
      const url = await new Promise<string>((found, failed) => {
        server.stdout.on('data', (chunk: Buffer) => {
          printed += chunk.toString();
          const said = /Open +(http:\S+)/.exec(printed)?.[1];
          if (said !== undefined) found(said);
        });
        void ended.then((code) => failed(new Error(`serve ended with ${code}: ${printed}${complaints}`)));
      });
      let count = 0;
      for (let round = 0; round < 200 && count < 3; round += 1) {
        const response = await fetch(`${url}/api/plugins/hello/count`);
        expect(response.status).toBe(200);
        ({ count } = (await response.json()) as { count: number });
        await systemClock.sleep(50);
      }
      // Two entities, and the Location that stands for the folder.
      expect(count).toBe(3);
      const page = await fetch(url, { headers: { accept: 'text/html' } });
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('importmap')]);
      expect(complaints).not.toContain('ExperimentalWarning');
      const query = callboard('query', 'spec.owner == "stage"', '--server', url, '-o', 'json');
      expect(JSON.parse(query.stdout)).toMatchObject({ total: 2 });
      expect(callboard('db', 'backup', 'backup.gz')).toMatchObject({ status: 0 });
    } finally {
      server.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
    expect(callboard('db', 'restore', 'backup.gz', '--data', 'restored')).toMatchObject({ status: 0 });
    expect(callboard('db', 'info', '--data', 'restored').stdout).toMatch(/entities {3}3\n/);
  });

  const old = findOldNode();
  test.runIf(old !== undefined)(`fetches its Node where the installed one is too old (${old?.version})`, () => {
    const command = join(app, 'node_modules/.bin/callboard');
    const env = { ...process.env, PATH: old?.path, XDG_CACHE_HOME: join(scratch, 'cache') };
    const first = spawnSync(command, ['version'], { cwd: elsewhere, encoding: 'utf8', env });
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('(Node v24.') as string });
    expect(first.stderr).toContain(`This is Node ${old?.version}; installing Node 24.`);
    const second = spawnSync(command, ['nonsense'], { cwd: elsewhere, encoding: 'utf8', env });
    expect(second).toMatchObject({ status: 2 });
    expect(second.stderr).not.toContain('installing');
  });
});
