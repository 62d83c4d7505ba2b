import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditItem } from '../../src/api/audit.ts';
import { type ActingClusters, openActingClusters } from '../support/acting-world.ts';
import type { ActingProcess, ActingProcessStarted } from '../support/acting-process.ts';
import { killed, nextMessage } from '../support/store-fork.ts';

const program = fileURLToPath(new URL('../support/acting-process.ts', import.meta.url));

let clusters: ActingClusters;
let child: ChildProcess;
let server: ActingProcessStarted;
/** Called when a Deployment was changed in the cluster, before the cluster answers. */
let onChange = (): void => undefined;

beforeAll(async () => {
  clusters = await openActingClusters(['eu']);
  const everything = [{ verbs: ['*'], groups: ['*'], resources: ['*'] }];
  for (const { cluster } of clusters.demo.servers) {
    cluster.access.grants = [{ to: 'callboard:user:default/ada', rules: everything }];
    cluster.store.listen(({ plural }) => plural === 'deployments' && onChange());
  }
  await start();
}, 60_000);
afterAll(async () => {
  await killed(child);
  await clusters.close();
}, 30_000);

async function start(): Promise<void> {
  const { fleet, folder } = clusters;
  const parts: ActingProcess = { dataFolder: join(folder, 'data'), fleet };
  child = fork(program, [JSON.stringify(parts)], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  server = await nextMessage<ActingProcessStarted>(child);
}

function scale(name: string, replicas: number): Promise<Response> {
  return fetch(`${server.url}/api/v1/fleet/actions`, {
    method: 'POST',
    headers: { ...server.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ cluster: 'eu', kind: 'Deployment', namespace: 'shop', name, action: 'scale', replicas }),
  });
}

/** Records of what was done to a workload, oldest first. */
async function recordsOf(name: string): Promise<readonly AuditItem[]> {
  const response = await fetch(`${server.url}/api/v1/audit?action=fleet.*&target=eu/shop/Deployment/${name}`, {
    headers: server.headers,
  });
  const { items } = (await response.json()) as { readonly items: readonly AuditItem[] };
  return items.toReversed();
}

const outcomesOf = async (name: string): Promise<readonly string[]> =>
  (await recordsOf(name)).map(({ outcome }) => outcome);

/** Waits until the newest record of a workload has an outcome. */
const told = (name: string, outcome: string): Promise<void> =>
  expect.poll(async () => (await outcomesOf(name)).at(-1), { timeout: 10_000, interval: 50 }).toBe(outcome);

function replicasOf(name: string): unknown {
  const [only] = clusters.demo.servers;
  const { store } = only?.cluster ?? {};
  const deployments = only?.cluster.resource('apps', 'deployments');
  if (store === undefined || deployments === undefined) return undefined;
  return (store.get(deployments, 'shop', name).object as { readonly spec?: { readonly replicas?: number } }).spec
    ?.replicas;
}

async function isIntact(): Promise<unknown> {
  const response = await fetch(`${server.url}/api/v1/audit/verification`, { headers: server.headers });
  return ((await response.json()) as { readonly intact?: boolean }).intact;
}

test('what was done is recorded before the cluster is asked, and with its outcome after', async () => {
  const during: Promise<readonly string[]>[] = [];
  onChange = () => {
    if (replicasOf('web') !== 3) return;
    onChange = () => undefined;
    during.push(outcomesOf('web'));
  };
  expect((await scale('web', 3)).status).toBe(200);
  const [seen] = await Promise.all(during);
  expect(seen?.[0]).toBe('pending');
  const [begun, ended] = await recordsOf('web');
  expect([begun?.outcome, ended?.outcome]).toEqual(['pending', 'success']);
  expect(ended?.requestId).toBe(begun?.requestId);
  expect(begun).toMatchObject({ actor: 'user:default/ada', action: 'fleet.workload.scale', data: { replicas: 3 } });
}, 30_000);

test('a server that is killed after the cluster did it leaves that nobody knows the outcome, told by the next start', async () => {
  onChange = () => {
    // The cluster's controllers still write of what came before.
    if (replicasOf('till') !== 4) return;
    onChange = () => undefined;
    child.kill('SIGKILL');
  };
  await expect(scale('till', 4)).rejects.toThrow();
  await killed(child);
  expect(replicasOf('till')).toBe(4);
  await start();
  await told('till', 'unknown');
  const records = await recordsOf('till');
  expect(records.map(({ outcome }) => outcome)).toEqual(['pending', 'unknown']);
  const [begun, ended] = records;
  expect(ended).toMatchObject({
    actor: 'user:default/ada',
    action: 'fleet.workload.scale',
    requestId: begun?.requestId,
    reason: 'SERVER_ENDED',
    data: { replicas: 4, asUser: 'callboard:user:default/ada', began: begun?.at },
  });
  // What had ended is as it was.
  expect(await outcomesOf('web')).toEqual(['pending', 'success']);
  expect(await isIntact()).toBe(true);
}, 60_000);

test('so does one that is killed before the cluster heard of it, and it is told once, however often it starts', async () => {
  const [eu] = clusters.demo.servers;
  await eu?.setFault({ type: 'hang', resources: ['deployments'] });
  const asked = scale('web', 9).catch(() => undefined);
  await told('web', 'pending');
  await killed(child);
  await asked;
  await eu?.setFault(undefined);
  for (let round = 0; round < 2; round += 1) {
    await start();
    await told('web', 'unknown');
    expect(await outcomesOf('web')).toEqual(['pending', 'success', 'pending', 'unknown']);
    await killed(child);
  }
  await start();
  expect(await outcomesOf('web')).toEqual(['pending', 'success', 'pending', 'unknown']);
  expect(replicasOf('web')).toBe(3);
  expect(await isIntact()).toBe(true);
}, 90_000);
