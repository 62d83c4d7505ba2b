import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoFleet, kubeconfigText } from '../../demo/fleet/demo-fleet.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { ShownCluster } from '../support/fleet-truth.ts';
import { listsOf, openWorld, putConfigMap, temporaryFolder } from '../support/fleet-world.ts';

let demo: DemoFleet;
const folder = temporaryFolder();
const config = join(folder.path, 'callboard.json');
let server: ChildProcess | undefined;

beforeAll(async () => {
  demo = await openWorld(2);
  const kubeconfig = join(folder.path, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(demo, 'admin', await demo.issue('admin', ['system:masters'])), {
    mode: 0o600,
  });
  writeFileSync(
    config,
    JSON.stringify({
      data: join(folder.path, 'data'),
      listen: { host: '127.0.0.1', port: 0 },
      fleet: { kubeconfigs: [kubeconfig] },
    }),
  );
}, 60_000);

afterAll(async () => {
  server?.kill('SIGKILL');
  await demo.close();
  folder.remove();
});

/** Starts a server; resolves with where it listens. */
async function start(): Promise<string> {
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  server = child;
  let said = '';
  for await (const chunk of child.stderr) {
    said += String(chunk);
    const url = /"url":"(http:[^"]+)"/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The server did not start: ${said}`);
}

async function untilShown(
  url: string,
  holds: (clusters: readonly ShownCluster[]) => boolean,
): Promise<readonly ShownCluster[]> {
  for (let turn = 0; turn < 600; turn += 1) {
    const answer = await fetch(`${url}/api/v1/fleet/clusters`);
    const { items } = (await answer.json()) as { readonly items: readonly ShownCluster[] };
    if (answer.ok && holds(items)) return items;
    await systemClock.sleep(100);
  }
  throw new Error('waited in vain');
}

test('a server that is killed shows the clusters as they were saved, at once, and goes on without lists', async () => {
  const first = await start();
  const areOk = (items: readonly ShownCluster[]): boolean =>
    items.length === 2 && items.every(({ state }) => state === 'ok');
  const before = await untilShown(first, areOk);
  const saved = (): number =>
    readdirSync(join(folder.path, 'data'), { recursive: true }).filter((name) => String(name).endsWith('.snapshot'))
      .length;
  for (let turn = 0; turn < 300 && saved() < 2; turn += 1) await systemClock.sleep(100);
  server?.kill('SIGKILL');
  if (server !== undefined) await once(server, 'exit');
  const names = demo.servers.map(({ cluster }) => cluster.name);
  for (const each of demo.servers) {
    await each.setFault({ type: 'refuse' });
    putConfigMap(demo, each.cluster.name, 'default', 'while-dead');
    each.counts.forget();
  }
  const second = await start();
  const shown = await untilShown(second, (items) =>
    items.every(({ objects, state }) => objects > 0 && state === 'unreachable'),
  );
  // Pods of jobs come and go between the look and the snapshot.
  for (const [at, { pods }] of shown.entries()) expect(Math.abs(pods - (before[at]?.pods ?? 0))).toBeLessThan(10);
  for (const each of demo.servers) await each.setFault(undefined);
  await untilShown(second, areOk);
  expect(names.map((name) => listsOf(demo, name))).toEqual([{}, {}]);
  const maps = await fetch(`${second}/api/v1/fleet/objects?kind=ConfigMap&name=while-dead`);
  expect(await maps.json()).toMatchObject({ total: 2 });
}, 180_000);
