import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Running, Verdicts } from '../../src/api/running.ts';
import type { MissingPage } from '../../src/api/unclaimed.ts';
import { memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { runCommand } from '../support/surroundings.ts';

let folder: string;
let server: TestServer;
let fleet: MemoryFleet;
/** How far the fleet's clock is ahead, ms: changes are looked at when they are a while old. */
let aheadMs = 0;

const component = (name: string, annotations: string): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}, annotations: {${annotations}}}\n` +
  `spec: {type: service, lifecycle: production, owner: stage}\n---\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-unseen-'));
  await writeFile(
    join(folder, 'catalog.yaml'),
    component('lamp', 'backstage.io/kubernetes-id: lamp') +
      component('bound', 'backstage.io/kubernetes-id: bound, backstage.io/kubernetes-cluster: elsewhere'),
  );
  fleet = memoryFleet(() => Date.now() + aheadMs);
  server = await startTestServer({ live: fleet.live, config: { catalog: catalogOf([folder]) } });
  await vi.waitFor(
    async () => expect((await server.get('/api/v1/entities/component/default/bound')).status).toBe(200),
    { timeout: 20_000, interval: 50 },
  );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const json = async <Body>(path: string, init?: RequestInit): Promise<Body> =>
  (await (await server.get(path, init)).json()) as Body;

interface Fact {
  readonly path: string;
  readonly value: unknown;
  readonly error?: string;
}

/** What every place says of an entity of which nothing is found. */
async function said(name: string) {
  const verdicts = await json<Verdicts>('/api/v1/fleet/verdicts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ownedBy: ['group:default/stage'] }),
  });
  const ref = `component:default/${name}`;
  const running = await json<Running>(`/api/v1/entities/component/default/${name}/running`);
  const missing = await json<MissingPage>('/api/v1/fleet/missing');
  const facts = await json<{ items: readonly Fact[] }>(
    `/api/v1/entities/component/default/${name}/facts?collector=kubernetes`,
  );
  const { out } = await runCommand(tmpdir(), ['fleet', 'where', name, '--server', server.url]);
  return {
    verdict: verdicts.items.find((item) => item.ref === ref)?.verdict.status,
    running: running.verdict.status,
    missing: missing.items.find((item) => item.ref === ref)?.state,
    fact: facts.items.find(({ path }) => path === 'health')?.value,
    command: out.includes('Unknown') ? 'Unknown' : 'Missing',
  };
}

/** Lets facts be told until they are as expected. */
async function expectSaid(name: string, expected: object): Promise<void> {
  await vi.waitFor(
    async () => {
      aheadMs += 20_000;
      for (const { name: cluster } of await clusters()) fleet.store.confirm(cluster, 1, Date.now() + aheadMs);
      fleet.tellFacts();
      expect(await said(name)).toEqual(expected);
    },
    { timeout: 10_000, interval: 50 },
  );
}

async function clusters(): Promise<readonly { readonly name: string }[]> {
  return (await json<{ items: readonly { name: string }[] }>('/api/v1/fleet/clusters')).items;
}

const unknown = { verdict: 'Unknown', running: 'Unknown', missing: 'unknown', fact: 'Unknown', command: 'Unknown' };

test('without clusters nobody is called missing anywhere', async () => {
  await expectSaid('lamp', { ...unknown, missing: undefined, fact: undefined });
});

test('before a cluster was read nobody is called missing, and where none could be read neither', async () => {
  fleet.putCluster('dark');
  await expectSaid('lamp', unknown);
  fleet.setState('dark', { state: 'unreachable', reason: { code: 'Timeout', message: 'No answer' } });
  await expectSaid('lamp', unknown);
});

test('once every cluster was read all say that it is missing, but not where its own cluster is none of them', async () => {
  fleet.watchAll('dark');
  await expectSaid('lamp', {
    verdict: 'Missing',
    running: 'Missing',
    missing: 'missing',
    fact: 'Missing',
    command: 'Missing',
  });
  await expectSaid('bound', unknown);
});

test('a cluster that comes makes it unknown again until it was read', async () => {
  fleet.putCluster('elsewhere');
  await expectSaid('lamp', unknown);
  fleet.watchAll('elsewhere');
  await expectSaid('bound', {
    verdict: 'Missing',
    running: 'Missing',
    missing: 'missing',
    fact: 'Missing',
    command: 'Missing',
  });
});
