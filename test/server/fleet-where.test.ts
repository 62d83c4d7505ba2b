import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { liveObject, memoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { runCommand, type CommandOutcome } from '../support/surroundings.ts';

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-where-'));
  await writeFile(
    join(folder, 'till.yaml'),
    'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: till}\n' +
      'spec: {type: service, lifecycle: production, owner: team}\n',
  );
  const fleet = memoryFleet();
  for (const [cluster, health] of [
    ['eu-1', 'Healthy'],
    ['us-1', 'Degraded'],
  ] as const) {
    fleet.putCluster(cluster);
    fleet.watchAll(cluster);
    const parts = {
      namespace: 'shop',
      labels: 'backstage.io/kubernetes-id=till',
      images: 'till:1',
      desired: 2,
      ready: 1,
    };
    fleet.put(cluster, 'Deployment', [liveObject('till', { ...parts, health, healthReason: 'Why' })]);
  }
  fleet.setState('us-1', { state: 'denied', reason: { code: 'Forbidden', message: 'may not list jobs' } }, ['Job']);
  server = await startTestServer({ live: fleet.live, config: { catalog: catalogOf([folder]) } });
  await vi.waitFor(async () => expect((await server.get('/api/v1/entities/component/default/till')).status).toBe(200), {
    timeout: 20_000,
    interval: 50,
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const where = (...args: readonly string[]): Promise<CommandOutcome> =>
  runCommand(tmpdir(), ['fleet', 'where', ...args, '--server', server.url]);

test('shows each workload in each cluster, and what could not be read', async () => {
  const { code, out, err } = await where('till');
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.replace(/ {2,}/g, '  ').trim())).toEqual([
    'component:default/till: Degraded (1 Degraded, 1 Healthy)',
    'STATUS  CLUSTER  WORKLOAD  READY  RESTARTS  IMAGE  SINCE  REASON',
    'Degraded  us-1  Deployment/shop/till  1/2  0  till:1  -  Why',
    'Healthy  eu-1  Deployment/shop/till  1/2  0  till:1  -  Why',
    'Found by the label backstage.io/kubernetes-id, which is its name (a guess: the entity does not say).',
  ]);
  expect(err).toContain('us-1, Job is denied');
});

test('the answer is a document where one is asked for; of what is not there it says so', async () => {
  const json = JSON.parse((await where('component:default/till', '-o', 'json')).out) as { ref: string };
  expect(json.ref).toBe('component:default/till');
  const nowhere = await where('nothing');
  expect(nowhere.code).not.toBe(0);
  expect(nowhere.err).toContain('No entity component:default/nothing that you may see');
  expect(nowhere.err).toContain('callboard find');
  expect((await where('tlil')).err).toContain('Did you mean component:default/till?');
  expect((await where('api:other/till')).err).toContain('Did you mean component:default/till?');
  expect((await where(':')).err).toContain('the ref of an entity is expected');
});
