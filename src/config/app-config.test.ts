import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publicForges } from './config.ts';
import type { Environment } from './environment.ts';
import { loadConfig } from './load-config.ts';
import type { Flags, LoadedConfig } from './load-config.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'callboard-app-config-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function put(name: string, ...lines: readonly string[]): void {
  const file = join(cwd, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.join('\n'));
}

function load(env: Environment = {}, flags: Flags = {}): Promise<LoadedConfig> {
  return loadConfig({ cwd, flags, env });
}

describe("Backstage's app-config.yaml", () => {
  test('is read for name, URL, port, database and locations; the rest is left to its owners', async () => {
    put(
      'app-config.yaml',
      'app: { title: A title, baseUrl: http://localhost:3000 }',
      'organization: { name: My Company }',
      'backend:',
      '  baseUrl: http://localhost:7007',
      '  listen: { port: 7007 }',
      '  csp: { connect-src: ["\'self\'"] }',
      '  database: { client: better-sqlite3, connection: ":memory:" }',
      'integrations: { github: [{ host: github.com, token: "${GITHUB_TOKEN}" }] }',
      'techdocs: { builder: local }',
      'catalog:',
      '  rules: [{ allow: [Component] }]',
      '  locations:',
      '    - type: file',
      '      target: ./examples/entities.yaml',
      '    - type: url',
      '      target: https://git.example/all.yaml',
    );
    put('examples/entities.yaml');
    const { config, notices, files } = await load();
    expect(config).toMatchObject({
      organization: 'My Company',
      baseUrl: 'http://localhost:7007',
      listen: { host: '127.0.0.1', port: 7007 },
      databaseUrl: undefined,
      demo: false,
      demoClusters: 0,
      catalog: {
        locations: [
          { type: 'file', target: join(cwd, 'examples/entities.yaml'), origin: 'app-config.yaml:14' },
          { type: 'url', target: 'https://git.example/all.yaml', origin: 'app-config.yaml:16' },
        ],
        rules: [{ allow: [{ kind: 'Component' }] }],
        refreshSeconds: 120,
      },
      reading: { allow: [] },
    });
    expect(files).toEqual([join(cwd, 'app-config.yaml')]);
    expect(notices).toEqual([]);
  });

  test('the title stands in where the organisation has no name', async () => {
    put('app-config.yaml', 'app: { title: A title }');
    expect((await load()).config.organization).toBe('A title');
  });

  test('rules, conflicts, intervals and hosts that may be read are taken over', async () => {
    put(
      'app-config.yaml',
      'backend: { reading: { allow: [{ host: git.example }, { host: "*.example", paths: [/org/] }] } }',
      'catalog:',
      '  rules: [{ allow: [Component], locations: [{ type: url, pattern: "https://git.example/**" }] }]',
      '  readonly: true',
      '  orphanStrategy: keep',
      '  defaultLocationConflictStrategy: refresh',
      '  processingInterval: { minutes: 3 }',
      '  locations:',
      '    - { type: url, target: "https://git.example/org.yaml", rules: [{ allow: [User, Group] }] }',
    );
    const { config } = await load();
    expect(config).toMatchObject({
      reading: { allow: [{ host: 'git.example' }, { host: '*.example', paths: ['/org/'] }] },
      catalog: {
        rules: [{ allow: [{ kind: 'Component' }], locations: [{ type: 'url', pattern: 'https://git.example/**' }] }],
        readonly: true,
        orphanStrategy: 'keep',
        onLocationConflict: 'refresh',
        refreshSeconds: 180,
        exact: false,
        locations: [{ type: 'url', allowed: [{ kind: 'User' }, { kind: 'Group' }] }],
      },
    });
  });

  test('the hosts of integrations are forges; their tokens stay where they are', async () => {
    put(
      'app-config.yaml',
      'integrations:',
      '  github: [{ host: github.com, token: "${GITHUB_TOKEN}" }, { host: ghe.example, token: "${GHE_TOKEN}" }]',
      '  gitlab: [{ host: git.example:8443, token: "${GITLAB_TOKEN}" }]',
      '  harness: [{ host: app.harness.example }]',
    );
    const { config, notices } = await load();
    expect(config.catalog.forges.slice(0, -publicForges.length)).toEqual([
      { host: 'ghe.example', type: 'github' },
      { host: 'git.example:8443', type: 'gitlab' },
    ]);
    expect(notices).toEqual([]);
  });

  test('what is wrong in them is named by its key there', async () => {
    put('app-config.yaml', 'catalog:', '  processingInterval: soon', '  defaultLocationConflictStrategy: ignore');
    await expect(load()).rejects.toThrow(
      /app-config\.yaml:2: catalog\.processingInterval is "soon"; expected a number/,
    );
    await expect(load()).rejects.toThrow('catalog.defaultLocationConflictStrategy is "ignore"; expected one of reject');
  });

  test('a target that Backstage takes from packages/backend is found there', async () => {
    put('app-config.yaml', 'catalog:', '  locations:', '    - { type: file, target: ../../examples/org.yaml }');
    put('examples/org.yaml');
    put('packages/backend/package.json', '{}');
    const { config } = await load();
    expect(config.catalog.locations[0]?.target).toBe(join(cwd, 'examples/org.yaml'));
  });

  test('files are laid over each other: maps deeply, lists replaced, null removes', async () => {
    put('app-config.yaml', 'organization: { name: Base }', 'backend: { listen: { host: 0.0.0.0, port: 1 } }');
    put('app-config.staging.yaml', 'organization: { name: null }', 'app: { title: Stage }');
    put('app-config.local.yaml', 'backend: { listen: { port: 2 } }');
    put('app-config.production.yaml', 'backend: { listen: { port: 3 } }');
    const { config, files } = await load({ BACKSTAGE_ENV: 'staging' });
    expect(config).toMatchObject({ organization: 'Stage', listen: { host: '0.0.0.0', port: 2 } });
    expect(files).toHaveLength(3);
  });

  test('with --config only the named files are read, in order', async () => {
    put('app-config.yaml', 'organization: { name: Base }', 'app: { title: Base }');
    put('app-config.local.yaml', 'organization: { name: Local }');
    put('app-config.production.yaml', 'organization: { name: Production }');
    const { config } = await load({}, { config: ['app-config.yaml', 'app-config.production.yaml'] });
    expect(config.organization).toBe('Production');
  });

  test('APP_CONFIG_ variables win over files', async () => {
    put('app-config.yaml', 'backend: { listen: { port: 1 }, baseUrl: http://a.example }');
    const { config } = await load({
      APP_CONFIG_backend_baseUrl: '"http://b.example"',
      APP_CONFIG_backend_listen_port: '5',
    });
    expect(config).toMatchObject({ baseUrl: 'http://b.example', listen: { port: 5 } });
  });

  test.each([
    ['":7008"', '127.0.0.1', 7008],
    ['"0.0.0.0:7009"', '0.0.0.0', 7009],
    ['"[::1]:7010"', '::1', 7010],
    ['7011', '127.0.0.1', 7011],
    ['{ port: "7012" }', '127.0.0.1', 7012],
  ])('backend.listen %s', async (written, host, port) => {
    put('app-config.yaml', `backend: { listen: ${written} }`);
    expect((await load()).config.listen).toEqual({ host, port });
  });

  test('a moved port moves a local baseUrl with it, and no other', async () => {
    put('app-config.yaml', 'backend: { baseUrl: "http://localhost:7007" }');
    expect((await load({}, { port: '7100' })).config.baseUrl).toBe('http://localhost:7100');
    put('app-config.yaml', 'backend: { baseUrl: "https://portal.example" }');
    expect((await load({}, { port: '7100' })).config.baseUrl).toBe('https://portal.example');
  });
});

describe('backend.database', () => {
  const database = ['backend:', '  database:', '    client: pg', '    connection:'];

  test('a map becomes a URL with everything quoted', async () => {
    put(
      'app-config.yaml',
      ...database,
      '      host: ${PG_HOST:-db.example}',
      '      port: 5433',
      '      user: { $env: PG_USER }',
      '      password: { $file: ./password }',
      '      ssl: { rejectUnauthorized: false }',
    );
    put('password', 'p@ss/word?\n');
    const { config } = await load({ PG_USER: 'portal' });
    expect(config.databaseUrl).toBe('postgres://portal:p%40ss%2Fword%3F@db.example:5433/callboard?sslmode=no-verify');
  });

  test('a URL is taken as it is', async () => {
    put('app-config.yaml', ...database.slice(0, 3), '    connection: postgres://a@b/c');
    expect((await load()).config.databaseUrl).toBe('postgres://a@b/c');
  });

  test('a variable that is not set is an error: another database would be the wrong one', async () => {
    put('app-config.yaml', ...database, '      host: ${PG_HOST}', '      password: ${PG_PASSWORD}');
    await expect(load()).rejects.toThrow(
      'app-config.yaml:4: backend.database.connection needs the environment variables PG_HOST, PG_PASSWORD, which are not set',
    );
  });

  test('certificates inside the file are refused with the way out', async () => {
    put('app-config.yaml', ...database, '      host: db', '      ssl: { ca: "-----BEGIN" }');
    await expect(load()).rejects.toThrow('sslrootcert=<file>');
  });
});

describe('substitution', () => {
  test('defaults, escapes, and values that count as not written', async () => {
    put('app-config.yaml', 'organization: { name: "${A:-x} $${B} ${C}" }', 'app: { title: "${D} end" }');
    const { config, notices } = await load({ C: 'c' });
    expect(config.organization).toBe('x ${B} c');
    expect(notices).toEqual([]);
    put('app-config.yaml', 'organization: { name: "${A}" }', 'app: { title: there }');
    const other = await load();
    expect(other.config.organization).toBe('there');
    expect(other.notices).toEqual(['app-config.yaml:1: organization.name is left out, A is not set']);
  });

  test('$include takes a part of another file, with its own substitutions', async () => {
    put('app-config.yaml', 'organization: { $include: "org/all.yaml#teams.main" }');
    put('org/all.yaml', 'teams: { main: { name: "${NAME}" } }');
    expect((await load({ NAME: 'Included' })).config.organization).toBe('Included');
  });

  test.each([
    ['{ $include: missing.yaml }', 'cannot be read'],
    ['{ $include: notes.txt }', 'only .yaml, .yml and .json'],
    ['{ $include: "part.yaml#a.b" }', 'it has no a.b'],
    ['{ $env: A, other: 1 }', '$env takes one text and stands alone'],
    ['{ $file: "${NOT_SET}" }', '$file names a variable that is not set'],
  ])('%s is refused', async (written, message) => {
    put('app-config.yaml', `organization: ${written}`);
    put('notes.txt', 'x');
    put('part.yaml', 'a: 1');
    await expect(load()).rejects.toThrow(message);
  });
});
