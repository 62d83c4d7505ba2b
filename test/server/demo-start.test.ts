import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ActionDone } from '../../src/api/acting.ts';
import { createClient, type Client } from '../../src/client.ts';

// What a newcomer gets: the program without any configuration, in a folder of its own.

const main = resolve(import.meta.dirname, '../../src/main.ts');
let folder: string;
let program: ChildProcessWithoutNullStreams;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-demo-'));
});
afterEach(async () => {
  program.kill('SIGKILL');
  await expect.poll(fleetProcess, { timeout: 10_000 }).toBeUndefined();
  rmSync(folder, { recursive: true });
});

/** Starts the program, and waits until it listens. */
async function start(...args: readonly string[]): Promise<Client> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^CALLBOARD_|^PORT$/.test(name)));
  program = spawn(process.execPath, [main, 'serve', '--port', '0', ...args], { cwd: folder, env });
  printed = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  }
  await expect.poll(() => printed, { timeout: 30_000 }).toContain('Ctrl+C ends it');
  const url = /http:\/\/localhost:\d+/.exec(printed)?.[0] ?? '';
  return createClient({ baseUrl: url });
}

/** The process that runs the clusters; undefined when there is none. */
function fleetProcess(): number | undefined {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split(
    '\n',
  );
  const found = processes.find((line) => line.includes('demo/fleet/') && line.includes(folder));
  return found === undefined ? undefined : Number.parseInt(found, 10);
}

async function states(client: Client): Promise<Readonly<Record<string, number>>> {
  const { items } = await client.call('GET /api/v1/fleet/clusters');
  const counts: Record<string, number> = {};
  for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

test('twelve clusters are shown, and they end with the program, however it ends', { timeout: 90_000 }, async () => {
  const client = await start();
  expect(printed).toContain('Clusters   12 demo clusters');
  await expect.poll(() => states(client), { timeout: 40_000 }).toEqual({ ok: 12 });
  const found = await client.call('GET /api/v1/fleet/objects', {
    query: { kind: ['Deployment'], labelSelector: 'backstage.io/kubernetes-id=ticket-shop' },
  });
  expect(new Set(found.items.map(({ cluster }) => cluster))).toContain('prod-north');
  program.kill('SIGKILL');
  await expect.poll(fleetProcess, { timeout: 10_000 }).toBeUndefined();
  expect(existsSync(join(folder, '.callboard/demo-fleet/kubeconfig'))).toBe(false);
});

test('a guest may try in development what production refuses', { timeout: 90_000 }, async () => {
  const client = await start('--demo-clusters', '9');
  await expect.poll(() => states(client), { timeout: 40_000 }).toEqual({ ok: 9 });
  const { clusters, user } = await client.call('GET /api/v1/fleet/acting');
  expect(clusters.every(({ isActing }) => isActing)).toBe(true);
  expect(user).toBe('callboard:user:default/guest');
  const restart = async (cluster: string): Promise<ActionDone> => {
    const query = { kind: ['Deployment'], cluster: [cluster], limit: 1 };
    const { items } = await client.call('GET /api/v1/fleet/objects', { query });
    const { name = '', namespace = '' } = items[0] ?? {};
    const body = { cluster, kind: 'Deployment', namespace, name, action: 'restart', confirm: cluster } as const;
    return client.call('POST /api/v1/fleet/actions', { body });
  };
  expect(await restart('dev-north')).toMatchObject({ done: true, status: 200, asUser: user });
  await expect(restart('prod-north')).rejects.toMatchObject({ code: 'CLUSTER_DENIES' });
});

test('where the clusters fail that is said, and all else goes on', { timeout: 90_000 }, async () => {
  const client = await start('--demo-clusters', '2');
  await expect.poll(() => states(client), { timeout: 40_000 }).toEqual({ ok: 2 });
  process.kill(fleetProcess() ?? 0, 'SIGKILL');
  await expect.poll(() => printed, { timeout: 10_000 }).toContain('the clusters of the demo have ended (SIGKILL)');
  await expect.poll(() => states(client), { timeout: 40_000 }).toEqual({ unreachable: 2 });
  const { items } = await client.call('GET /api/v1/entities', { query: { limit: 1 } });
  expect(items).toHaveLength(1);
});

test('without clusters none are started', { timeout: 60_000 }, async () => {
  const client = await start('--demo-clusters', '0');
  expect(printed).not.toContain('Clusters');
  expect(await states(client)).toEqual({});
  expect(fleetProcess()).toBeUndefined();
});
