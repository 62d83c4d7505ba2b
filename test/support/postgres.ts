import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** A PostgreSQL server of the test run, on loopback. */
export interface TestPostgres {
  /** URL of the maintenance database, with the password. */
  readonly url: string;
  /** Stops at once, as a crash does: connections break. */
  crash(): Promise<void>;
  /** Starts again on the same port and data. */
  start(): Promise<void>;
  /** Stops and removes the data. */
  remove(): Promise<void>;
}

/** One database of one test. */
export interface TestDatabase {
  readonly url: string;
  /** Runs a statement outside the store. */
  query(text: string): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** The folder with `initdb` and `postgres`, or undefined where PostgreSQL is not installed. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/local/bin',
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Starts a server with fresh data. PostgreSQL refuses to run as root, so root runs it as the user `postgres`. */
export async function startPostgres(binaries: string): Promise<TestPostgres> {
  const account = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  const owner = account ?? {};
  const folder = mkdtempSync(join(tmpdir(), 'callboard-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid);
  const initdb = spawnSync(
    join(binaries, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'callboard',
      `--pwfile=${passwordFile}`,
      '--auth=password',
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C',
    ],
    { ...owner, cwd: folder, encoding: 'utf8' },
  );
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr}`);
  const port = await freePort();
  const url = `postgres://callboard:${password}@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      'unix_socket_directories=',
      'max_connections=200',
      'fsync=off',
      'deadlock_timeout=100ms',
      'log_min_messages=fatal',
    ];
    server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...owner,
      cwd: folder,
      stdio: 'ignore',
    });
    await untilReady(url);
  };
  const stop = (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> =>
    new Promise((resolve) => {
      if (server === undefined || server.exitCode !== null) {
        resolve();
        return;
      }
      server.once('exit', () => resolve());
      server.kill(signal);
    });
  await start();
  return {
    url,
    start,
    crash: () => stop('SIGQUIT'),
    remove: async () => {
      await stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an empty database on the server at `serverUrl`. */
export async function createDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await queryOnce(serverUrl, `CREATE DATABASE ${name}`);
  return {
    url: url.href,
    query: (text) => queryOnce(url.href, text),
    drop: async () => void (await queryOnce(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`)),
  };
}

async function queryOnce(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await queryOnce(url, 'SELECT 1');
      return;
    } catch (error) {
      if (attempt === 300) throw error;
      await sleep(50);
    }
  }
}

function accountOf(user: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`There is no user ${user} to run PostgreSQL as`);
  return { uid: Number(uid), gid: Number(gid) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
