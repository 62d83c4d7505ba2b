import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { clusterPlans } from '../../demo/fleet/world-clusters.ts';
import type { DemoFleet } from '../../demo/fleet/demo-fleet.ts';
import type { Evacuation, SingleEntities } from '../../src/api/evacuation.ts';
import type { Fleet } from '../../src/fleet/open-fleet.ts';
import { entryOf, TestClusters } from '../support/fleet-clusters.ts';
import { truthOf, untilClusters } from '../support/fleet-truth.ts';
import { openWorld, startFleet, temporaryFolder } from '../support/fleet-world.ts';
import { liveObject, memoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn } from '../support/signed-in.ts';
import { runCommand, type CommandOutcome } from '../support/surroundings.ts';

describe('with the clusters and the catalog of the demo', () => {
  const folder = temporaryFolder();
  let demo: DemoFleet;
  let fleet: Fleet;
  let server: TestServer;

  beforeAll(async () => {
    demo = await openWorld(4);
    const entries = (await truthOf(demo)).map((cluster) => {
      const plan = clusterPlans.find(({ name }) => name === cluster.name);
      const labels = { environment: plan?.environment ?? '', region: plan?.region ?? '' };
      return entryOf(cluster, { labels, isProtected: plan?.isProtected ?? false });
    });
    fleet = startFleet(new TestClusters(entries), folder.path, 2);
    const catalog = catalogOf([join(import.meta.dirname, '../../demo/organisation')]);
    server = await startTestServer({ live: fleet.live, config: { catalog } });
    await untilClusters(fleet.live, (shown) => [...shown.values()].every(({ state }) => state === 'ok'), 60_000);
    await vi.waitFor(async () => expect((await evacuation('cluster=prod-north')).counts.reduced).toBeGreaterThan(5), {
      timeout: 60_000,
      interval: 200,
    });
  }, 120_000);

  afterAll(async () => {
    await server.close();
    await fleet.close();
    await demo.close();
    folder.remove();
  }, 60_000);

  async function read<Answer>(path: string): Promise<Answer> {
    const response = await server.get(`/api/v1/fleet/${path}`);
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  }
  const evacuation = (query: string): Promise<Evacuation> => read<Evacuation>(`evacuation?${query}`);

  test('says what runs in one production cluster only, and what goes on with less', async () => {
    const { clusters, isProtected, lost, displaced, reduced, counts, incomplete } =
      await evacuation('cluster=prod-north');
    expect(clusters).toMatchObject([{ name: 'prod-north', protected: true, state: 'ok' }]);
    expect(isProtected).toBe(true);
    expect(incomplete).toEqual([]);
    expect(lost.length + displaced.length).toBeGreaterThan(0);
    for (const { clusters: gone, environment } of [...lost, ...displaced]) {
      expect([gone, environment]).toEqual([['prod-north'], 'prod']);
    }
    for (const { stays, readyAfter, readyBefore } of reduced) {
      expect(stays).not.toContain('prod-north');
      expect(readyAfter).toBeLessThanOrEqual(readyBefore);
    }
    expect(counts).toMatchObject({ lost: lost.length, displaced: displaced.length, reduced: reduced.length });
  });

  test('a region is the sum of its clusters; what cannot be lost is nowhere', async () => {
    const { clusters, lost, displaced } = await evacuation('label=region%3Dnorth');
    expect(clusters.map(({ name }) => name)).toEqual(['prod-north', 'staging-north']);
    const one = await evacuation('cluster=prod-north');
    const refs = new Set([...lost, ...displaced].map(({ ref }) => ref));
    for (const { ref } of one.lost) expect(refs).toContain(ref);
    const { items, counts } = await read<SingleEntities>('single');
    expect(counts.cluster + counts.region).toBe(items.length);
    expect(items.some(({ clusters: own }) => own[0] === 'prod-north')).toBe(true);
  });
});

describe('the command and who may know what', () => {
  let folder: string;
  let server: TestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-evacuation-'));
    const component = (name: string, owner: string): string =>
      `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}}\n` +
      `spec: {type: service, lifecycle: production, owner: ${owner}}\n`;
    await writeFile(join(folder, 'all.yaml'), [component('till', 'shop'), component('vault', 'money')].join('---\n'));
    const fleet = memoryFleet();
    for (const [name, region] of [
      ['eu-1', 'eu'],
      ['us-1', 'us'],
    ] as const) {
      fleet.putCluster(name, { labels: { region }, isProtected: name === 'eu-1' });
      fleet.watchAll(name);
    }
    const runs = (name: string, ready: number) =>
      liveObject(name, { namespace: name, labels: `app.kubernetes.io/name=${name}`, desired: ready, ready });
    fleet.put('eu-1', 'Deployment', [runs('till', 3), runs('vault', 2)]);
    fleet.put('us-1', 'Deployment', [runs('till', 1)]);
    server = await startTestServer({
      live: fleet.live,
      config: { ...adaAdministers, catalog: catalogOf([folder]) },
    });
    const ada = await signIn(server);
    await vi.waitFor(
      async () => {
        const response = await server.get('/api/v1/fleet/evacuation?cluster=eu-1', { headers: ada.headers });
        expect(await response.json()).toMatchObject({ counts: { lost: 1, reduced: 1 } });
      },
      { timeout: 20_000, interval: 50 },
    );
    const rules = [
      { permissions: ['fleet.*.read'], clusters: ['*'] },
      { permissions: ['catalog.entity.read'], where: 'metadata.name == "till"' },
    ];
    await write(ada.headers, '/api/v1/access/roles/shop', { rules });
    await write(ada.headers, '/api/v1/access/bindings/shop', { role: 'shop', subjects: ['user:default/sam'] });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function write(headers: Readonly<Record<string, string>>, path: string, body: object): Promise<void> {
    const sent = { ...headers, 'content-type': 'application/json' };
    const response = await server.get(path, { method: 'PUT', headers: sent, body: JSON.stringify(body) });
    expect(response.status, await response.text()).toBe(200);
  }

  async function ask(
    who: string | undefined,
    path: string,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const { headers } = await signIn(server, who && `user:default/${who}`);
    const response = await server.get(`/api/v1/fleet/${path}`, { headers });
    return { status: response.status, text: await response.text() };
  }

  test('an entity that one may not see is not named; its workload is told of by itself', async () => {
    for (const path of ['evacuation?cluster=eu-1', 'single']) {
      const { status, text } = await ask('sam', path);
      expect(status).toBe(200);
      expect(text).not.toContain('component:default/vault');
      expect(text).not.toContain('group:default/money');
      expect((await ask(undefined, path)).text).toContain('component:default/vault');
    }
    const { text } = await ask('sam', 'evacuation?cluster=eu-1');
    expect(text).toContain('component:default/till');
    expect((JSON.parse(text) as Evacuation).unclaimed).toMatchObject([{ cluster: 'eu-1', name: 'vault', stays: [] }]);
  });

  test('a question without clusters, and about one that is not there, is refused', async () => {
    expect((await ask(undefined, 'evacuation')).status).toBe(400);
    expect((await ask(undefined, 'evacuation?cluster=eu-9')).status).toBe(404);
    expect((await ask(undefined, 'evacuation?label=region%3D%3D%3D')).status).toBe(400);
  });

  test('callboard fleet evacuate says it in one sentence, a table, or a document', async () => {
    const token = await tokenOf();
    const file = join(folder, 'token');
    await writeFile(file, token, { mode: 0o600 });
    const evacuate = (...args: readonly string[]): Promise<CommandOutcome> =>
      runCommand(tmpdir(), ['fleet', 'evacuate', ...args, '--server', server.url, '--token-file', file]);
    const { code, out, err } = await evacuate('eu-1');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.replace(/ {2,}/g, '  ').trim())).toEqual([
      'If eu-1 vanished now: 1 entity lost, 1 with less than half of their replicas.',
      'Protected: eu-1',
      'FATE  WHAT  LIFECYCLE  READY  LEFT IN  CARRIED',
      'lost  component:default/vault  production  0/2  nowhere  -',
      'reduced  component:default/till  production  1/4  us-1  no: nothing adds the 3 lost',
    ]);
    const json = JSON.parse((await evacuate('--label', 'region=eu', '-o', 'json')).out) as Evacuation;
    expect(json.counts.lost).toBe(1);
    expect((await evacuate('--label', 'region=moon')).err).toContain('no cluster that you may see has the labels');
    expect((await evacuate()).code).toBe(2);
    expect((await evacuate('eu-9')).code).toBe(2);
  });

  async function tokenOf(): Promise<string> {
    const ada = await signIn(server);
    const response = await server.get('/api/v1/account/tokens', {
      method: 'POST',
      headers: { ...ada.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'evacuation', expiresInDays: 1 }),
    });
    const text = await response.text();
    expect(response.status, text).toBeLessThan(300);
    return (JSON.parse(text) as { readonly token: string }).token;
  }
});
