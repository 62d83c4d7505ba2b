import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noAudit, noSecrets } from './audit-config.ts';
import { noBackstage } from './backstage-config.ts';
import { publicForges } from './config.ts';
import type { Environment } from './environment.ts';
import { demoFolder, loadConfig, locationsOf } from './load-config.ts';
import type { Flags, LoadedConfig } from './load-config.ts';
import { noPolicy } from './policy-config.ts';
import { noFleet } from './fleet-config.ts';
import { noSignIn } from './sign-in-config.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-config-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function put(name: string, text: string): string {
  const file = join(cwd, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function load(flags: Flags = {}, env: Environment = {}): Promise<LoadedConfig> {
  return loadConfig({ cwd, flags, env });
}

async function failure(flags: Flags = {}, env: Environment = {}): Promise<string> {
  try {
    await load(flags, env);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the configuration was taken');
}

describe('without any configuration', () => {
  test('the demo organisation is shown, on loopback, with data under the working folder', async () => {
    const { config, files, notices } = await load();
    expect(config).toMatchObject({
      demo: true,
      listen: { host: '127.0.0.1', port: 7007 },
      baseUrl: 'http://localhost:7007',
      dataFolder: join(cwd, '.callboard'),
      databaseUrl: undefined,
      guests: 'loopback',
      reading: { allow: [] },
      log: { level: 'info', format: 'json' },
    });
    expect(config.catalog.locations).toEqual([{ type: 'file', target: demoFolder, origin: 'the demo organisation' }]);
    expect([files, notices]).toEqual([[], []]);
  });

  test('guests are let in no more once somebody is named who may do what, unless the configuration says so', async () => {
    const admins = { CALLBOARD_ADMINS: 'user:default/ada' };
    expect((await load({}, admins)).config.guests).toBe('never');
    expect((await load({ guests: 'loopback' }, admins)).config.guests).toBe('loopback');
    expect((await load({ guests: 'never' })).config.guests).toBe('never');
  });

  test('proxies are believed that are named by address or range, and by nothing else', async () => {
    const { config } = await load({}, { CALLBOARD_TRUSTED_PROXIES: '10.0.0.0/8,::1' });
    expect(config.listen.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(await failure({}, { CALLBOARD_TRUSTED_PROXIES: 'anybody' })).toContain('10.0.0.0/8');
  });

  test('flags that name no catalog leave the demo', async () => {
    const { config } = await load({ port: '8080' });
    expect(config).toMatchObject({ demo: true, listen: { port: 8080 }, baseUrl: 'http://localhost:8080' });
  });

  test('clusters of the demo are shown with it, unless others are named or another number is', async () => {
    expect((await load()).config.demoClusters).toBe(12);
    expect((await load({ demoClusters: '3' })).config.demoClusters).toBe(3);
    expect((await load({}, { CALLBOARD_DEMO_CLUSTERS: '0' })).config.demoClusters).toBe(0);
    expect((await load({ kubeconfigs: 'kubeconfig' })).config.demoClusters).toBe(0);
    expect((await load({ demo: false, demoClusters: '3' })).config.demoClusters).toBe(0);
  });

  test('--no-demo starts with an empty catalog', async () => {
    const { config } = await load({ demo: false });
    expect(config).toMatchObject({ demo: false, catalog: { locations: [] } });
  });

  test('--catalog takes the place of the demo', async () => {
    put('services/catalog-info.yaml', '');
    const { config } = await load({ locations: ['services', 'services/*.yaml'] });
    expect(config.demo).toBe(false);
    expect(config.catalog.locations).toEqual([
      { type: 'file', target: join(cwd, 'services'), origin: '--catalog' },
      { type: 'file', target: join(cwd, 'services/*.yaml'), origin: '--catalog' },
    ]);
  });

  test('URLs and repositories stand beside files, in flags and in the environment', async () => {
    put('services/catalog-info.yaml', '');
    const locations = ['services', 'https://git.example:8443/all.yaml', 'git:https://git.example/o/r'];
    const expected = [
      { type: 'file', target: join(cwd, 'services') },
      { type: 'url', target: 'https://git.example:8443/all.yaml' },
      { type: 'git', target: 'https://git.example/o/r' },
    ];
    expect((await load({ locations })).config.catalog.locations).toMatchObject(expected);
    const env = { CALLBOARD_CATALOG: locations.join(' '), CALLBOARD_READING_ALLOW: 'git.example:8443,raw.example' };
    const { config } = await load({}, env);
    expect(config.catalog.locations).toMatchObject(expected);
    expect(config.reading.allow).toEqual([{ host: 'git.example:8443' }, { host: 'raw.example' }]);
    const paths = await load({}, { CALLBOARD_CATALOG: ['my services', 'b'].join(delimiter) });
    expect(paths.config.catalog.locations.map(({ target }) => target)).toEqual([
      join(cwd, 'my services'),
      join(cwd, 'b'),
    ]);
  });

  test('a command that reads files takes no URL', () => {
    expect(() => locationsOf(['https://git.example/all.yaml'], cwd)).toThrow(
      'https://git.example/all.yaml is no file, folder or glob, and only those are read here',
    );
  });

  test('a catalog that is not there is an error, since it was typed', async () => {
    expect(await failure({ locations: ['servces'] })).toBe(
      `--catalog: there is no file or folder ${join(cwd, 'servces')}`,
    );
  });
});

describe('callboard.yaml', () => {
  test('gives every setting, paths from its folder', async () => {
    put(
      'conf/callboard.yaml',
      [
        'organization: The Company',
        'listen: { host: 0.0.0.0, port: 9000 }',
        'guests: everywhere',
        'baseUrl: https://portal.example/board/',
        'data: ./state',
        'database: postgres://user:word@db/callboard',
        'catalog:',
        '  locations:',
        '    - ./services',
        '    - type: file',
        '      target: ./teams/*.yaml',
        '  rules: [{ allow: [Component, { kind: Resource, spec.type: database }] }]',
        '  readonly: true',
        '  orphanStrategy: keep',
        '  onLocationConflict: refresh',
        '  forges: [{ host: Git.example, type: gitlab }]',
        '  refreshSeconds: 5m',
        '  exact: true',
        'reading: { allow: [git.example, { host: "*.example:8443", paths: [/catalog/] }] }',
        'plugins: [./plugin.mjs]',
        'log: { level: debug, format: text }',
        'retention: { revisions: 5, logRows: 2000, historyDays: 7 }',
      ].join('\n'),
    );
    const { config, files } = await load({ config: ['conf/callboard.yaml'] });
    expect(files).toEqual([join(cwd, 'conf/callboard.yaml')]);
    expect(config).toEqual({
      organization: 'The Company',
      fleet: noFleet,
      listen: { host: '0.0.0.0', port: 9000 },
      guests: 'everywhere',
      signIn: noSignIn,
      access: noPolicy,
      backstage: noBackstage,
      audit: noAudit,
      secrets: noSecrets,
      baseUrl: 'https://portal.example/board',
      dataFolder: join(cwd, 'conf/state'),
      databaseUrl: 'postgres://user:word@db/callboard',
      catalog: {
        locations: [
          { type: 'file', target: join(cwd, 'conf/services'), origin: 'conf/callboard.yaml:9' },
          { type: 'file', target: join(cwd, 'conf/teams/*.yaml'), origin: 'conf/callboard.yaml:11' },
        ],
        rules: [{ allow: [{ kind: 'Component' }, { kind: 'Resource', type: 'database' }] }],
        readonly: true,
        orphanStrategy: 'keep',
        onLocationConflict: 'refresh',
        forges: [{ host: 'git.example', type: 'gitlab' }, ...publicForges],
        refreshSeconds: 300,
        exact: true,
      },
      reading: { allow: [{ host: 'git.example' }, { host: '*.example:8443', paths: ['/catalog/'] }] },
      demo: false,
      demoClusters: 0,
      plugins: [join(cwd, 'conf/plugin.mjs')],
      log: { level: 'debug', format: 'text' },
      retention: {
        revisions: 5,
        logRows: 2000,
        historyDays: 7,
        auditDays: 400,
        timeline: { days: 30, bytes: 200_000_000 },
      },
    });
  });

  test('that is empty configures an empty catalog, not the demo', async () => {
    put('callboard.yaml', '');
    expect((await load()).config).toMatchObject({ demo: false, catalog: { locations: [] } });
  });

  test('is preferred to app-config.yaml', async () => {
    put('callboard.yaml', 'organization: Ours');
    put('app-config.yaml', 'organization: { name: Theirs }');
    expect((await load()).config.organization).toBe('Ours');
  });

  test('flags win over the environment, that over the file', async () => {
    put('callboard.yaml', 'listen: { port: 1 }\norganization: file\nlog: { level: error }');
    const env = { CALLBOARD_PORT: '2', CALLBOARD_ORGANIZATION: 'environment', PORT: '4' };
    expect((await load({ port: '3' }, env)).config).toMatchObject({
      listen: { port: 3 },
      organization: 'environment',
      log: { level: 'error' },
    });
    expect((await load({}, env)).config.listen.port).toBe(2);
    expect((await load({}, { PORT: '4' })).config.listen.port).toBe(4);
  });

  test('every mistake is named with line, key, value and what is allowed', async () => {
    put(
      'callboard.yaml',
      [
        'organisation: Acme',
        'listen:',
        '  prot: 80',
        '  port: eighty',
        'log:',
        '  level: loud',
        'catalog: [a]',
        'guests:',
        '  all: yes',
      ].join('\n'),
    );
    expect((await failure()).split('\n')).toEqual([
      'callboard.yaml:1: unknown key organisation; did you mean organization?',
      'callboard.yaml:3: unknown key listen.prot; did you mean listen.port?',
      'callboard.yaml:4: listen.port is "eighty"; expected a whole number from 0 to 65535',
      'callboard.yaml:6: log.level is "loud"; expected one of trace, debug, info, warn, error, fatal',
      'callboard.yaml:7: catalog must be a map of locations, rules, readonly, orphanStrategy, onLocationConflict, forges, refreshSeconds, exact',
      'callboard.yaml:8: guests is a map; expected one of loopback, everywhere, never',
    ]);
  });

  test('an unknown key with no near name lists what is known', async () => {
    put('callboard.yaml', 'log: { colour: red }');
    expect(await failure()).toBe('callboard.yaml:1: unknown key log.colour; known here: level, format');
  });

  test('broken YAML is named with line and column', async () => {
    put('callboard.yaml', 'listen: {\n  port: [1\n');
    expect(await failure()).toMatch(/^callboard\.yaml:\d+:\d+: /);
  });

  test('a variable that is not set is an error, since the setting would silently be another', async () => {
    put('callboard.yaml', 'database: ${PORTAL_DATABASE}');
    expect(await failure()).toBe(
      'callboard.yaml:1: database needs the environment variable PORTAL_DATABASE, which is not set',
    );
    const { config } = await load({}, { PORTAL_DATABASE: 'postgres://db/x' });
    expect(config.databaseUrl).toBe('postgres://db/x');
  });

  test('a file that is named and missing is an error', async () => {
    expect(await failure({ config: ['other.yaml'] })).toBe(
      `The configuration file ${join(cwd, 'other.yaml')} cannot be read: there is no such file`,
    );
  });
});

describe('secrets', () => {
  test('never stand in a message', async () => {
    const secret = 'hunter2';
    put(
      'callboard.yaml',
      [
        `database: mysql://user:${secret}@db/x`,
        `baseUrl: https://user:${secret}@portal.example`,
        'listen: { port: "${TOKEN}" }',
        'log: { level: { $env: TOKEN } }',
        'data: { $file: ./token }',
        'guests: { $file: ./token }',
      ].join('\n'),
    );
    put('token', secret);
    const message = await failure(
      { database: secret, baseUrl: `http://user:${secret}@x` },
      { TOKEN: secret, CALLBOARD_DATABASE: secret },
    );
    expect(message.split('\n')).toHaveLength(8);
    expect(message).not.toContain(secret);
    expect(message).toContain('--database is a value that is not shown');
    expect(message).toContain('callboard.yaml:3: listen.port is "${TOKEN}"');
    expect(message).toContain('callboard.yaml:6: guests is "{ $file: ./token }"');
  });
});

describe('limits', () => {
  test('an alias bomb ends in a message', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const item = level === 0 ? '"x"' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => item).join(', ')}]`;
    });
    put('app-config.yaml', levels.join('\n'));
    expect(await failure()).toMatch(/too large or too deeply nested$/);
  });

  test('a file of more than 1 MiB is not read', async () => {
    put('callboard.yaml', `# ${'x'.repeat(1024 * 1024)}`);
    expect(await failure()).toContain('more than the 1048576 allowed');
  });

  test('files that include each other in a circle end in a message', async () => {
    put('app-config.yaml', 'a: { $include: b.yaml }');
    put('b.yaml', 'a: { $include: ./b.yaml }');
    expect(await failure()).toContain('more than 8 includes inside each other');
  });
});
