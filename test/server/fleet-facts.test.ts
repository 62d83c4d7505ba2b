import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';

let folder: string;
let server: TestServer;
let fleet: MemoryFleet;
/** How far the fleet's clock is ahead, ms: changes are looked at when they are a while old. */
let aheadMs = 0;

const component = (name: string, more = ''): string =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}${more}}\n` +
  `spec: {type: service, lifecycle: production, owner: stage}\n---\n`;

const template = JSON.stringify({
  metadata: { labels: { app: 'till' } },
  spec: {
    hostNetwork: true,
    containers: [
      {
        name: 'main',
        ports: [{ name: 'grpc', containerPort: 1 }],
        resources: { requests: { cpu: '250m', memory: '64Mi' }, limits: { memory: '128Mi' } },
        readinessProbe: { grpc: { port: 1 } },
      },
    ],
  },
});
const at = { namespace: 'shop', desired: 2, ready: 2, health: 'Healthy' };
const till = { ...at, labels: 'app.kubernetes.io/name=till', template };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-facts-'));
  await writeFile(
    join(folder, 'catalog.yaml'),
    component('till') +
      component('lamp') +
      component('quiet') +
      component('ghost', ', annotations: {backstage.io/kubernetes-id: ghost}'),
  );
  fleet = memoryFleet(() => Date.now() + aheadMs);
  for (const cluster of ['eu-1', 'us-1']) {
    fleet.putCluster(cluster, { labels: { environment: 'prod', region: cluster.slice(0, 2) } });
    fleet.watchAll(cluster);
  }
  fleet.put('eu-1', 'Deployment', [liveObject('till', { ...till, images: 'x/till:1' })]);
  fleet.put('us-1', 'Deployment', [liveObject('till', { ...till, images: 'x/till:2' })]);
  fleet.put('us-1', 'HorizontalPodAutoscaler', [
    liveObject('till', {
      namespace: 'shop',
      targetKind: 'Deployment',
      targetName: 'till',
      minimum: 1,
      maximum: 4,
      current: 2,
      desired: 4,
    }),
  ]);
  fleet.put('eu-1', 'ReplicaSet', [
    liveObject('till-7', {
      ownerKind: 'Deployment',
      ownerName: 'till',
      namespace: 'shop',
      images: 'x/till:1',
      created: Math.floor(Date.now() / 1000) - 10 * 86_400,
    }),
  ]);
  fleet.put('eu-1', 'PodDisruptionBudget', [liveObject('till', { namespace: 'shop', selector: 'app=till' })]);
  fleet.put('eu-1', 'Service', [
    liveObject('till', { namespace: 'shop', selector: 'app=till', type: 'LoadBalancer', ports: 'web 80/TCP' }),
  ]);
  fleet.put('eu-1', 'Ingress', [
    liveObject('till', { namespace: 'shop', services: 'till', hosts: 'till.example.com' }),
  ]);
  fleet.put('us-1', 'StatefulSet', [
    liveObject('lamp', {
      ...at,
      ready: 1,
      labels: 'app.kubernetes.io/name=lamp',
      images: 'x/lamp@sha256:0123456789abcdef',
      health: 'Degraded',
      healthReason: 'Crash',
    }),
  ]);
  server = await startTestServer({ live: fleet.live, config: { catalog: catalogOf([folder]) } });
  await vi.waitFor(
    async () => {
      told();
      expect(await found("facts.kubernetes.health == 'Missing'")).toEqual(['ghost']);
    },
    { timeout: 20_000, interval: 100 },
  );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
  readonly unknown: number;
}

async function ask(where: string): Promise<Answer> {
  const answer = await server.get(`/api/v1/query?where=${encodeURIComponent(where)}`);
  const body = (await answer.json()) as Answer;
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body;
}

async function found(where: string): Promise<readonly string[]> {
  return (await ask(where)).items.map(({ metadata }) => metadata.name).sort();
}

async function factsOf(
  name: string,
): Promise<Readonly<Record<string, { value: unknown; state: string; error?: string }>>> {
  const answer = await server.get(`/api/v1/entities/component/default/${name}/facts?collector=kubernetes`);
  const { items } = (await answer.json()) as {
    items: readonly { path: string; value: unknown; state: string; error?: string }[];
  };
  return Object.fromEntries(items.map(({ path, ...rest }) => [path, rest]));
}

/** Lets what changed be told. */
function told(): void {
  aheadMs += 20_000;
  for (const cluster of ['eu-1', 'us-1']) fleet.store.confirm(cluster, 1, Date.now() + aheadMs);
  fleet.tellFacts();
}

test('an entity has what its clusters say of it', async () => {
  const facts = await vi.waitFor(async () => {
    const known = await factsOf('till');
    expect(known).toHaveProperty('clusters');
    expect(new Set(Object.values(known).map(({ state }) => state))).toEqual(new Set(['fresh']));
    return known;
  });
  const values = Object.fromEntries(Object.entries(facts).map(([path, { value }]) => [path, value]));
  expect(values).toEqual({
    clusters: ['eu-1', 'us-1'],
    clusterCount: 2,
    regions: ['eu', 'us'],
    singleRegion: false,
    environments: ['prod'],
    namespaces: ['shop'],
    kinds: ['Deployment'],
    images: ['x/till:1', 'x/till:2'],
    versions: { 'eu-1': '1', 'us-1': '2' },
    versionSkew: true,
    imagePinned: false,
    imageAgeDays: 10,
    claimRule: 'app-name',
    health: 'Healthy',
    pods: 0,
    restarts: 0,
    ready: 4,
    desired: 4,
    replicas: { 'eu-1': 2, 'us-1': 2 },
    noPdb: true,
    hpa: { min: 1, max: 4, current: 2, headroom: 0.5 },
    hpaAtLimit: true,
    requests: { cpu: 1, memory: 4 * 64 * 2 ** 20 },
    limits: { memory: 4 * 128 * 2 ** 20 },
    noLimits: false,
    probes: { readiness: true, liveness: false },
    privileged: false,
    hostNetwork: true,
    hostPid: false,
    speaksGrpc: true,
    serviceType: ['LoadBalancer'],
    ingressHosts: ['till.example.com'],
  });
  expect(await factsOf('quiet')).toEqual({});
});

test('facts answer expressions, filters and facets', async () => {
  expect(await found("facts.kubernetes.health == 'Degraded'")).toEqual(['lamp']);
  expect(await found("'eu-1' in facts.kubernetes.clusters && facts.kubernetes.clusterCount > 1")).toEqual(['till']);
  expect(await found("facts.kubernetes.versions['us-1'] == '2' && facts.kubernetes.versionSkew")).toEqual(['till']);
  expect(await found('facts.kubernetes.hpa.headroom <= 0.5 && !facts.kubernetes.probes.liveness')).toEqual(['till']);
  expect(await found('facts.kubernetes.imagePinned && facts.kubernetes.singleRegion')).toEqual(['lamp']);
  const listed = await server.get('/api/v1/entities?search=facts.kubernetes.health:degraded');
  expect(((await listed.json()) as { total: number }).total).toBe(1);
  const facets = (await (await server.get('/api/v1/facets?path=facts.kubernetes.health')).json()) as {
    facets: Readonly<Record<string, readonly { value: string; count: number }[]>>;
  };
  expect(JSON.stringify(facets)).toContain('"Degraded"');
});

test('what depends on a cluster that cannot be read is unknown, never good, and what it was is shown', async () => {
  fleet.setState('eu-1', { state: 'unreachable', reason: { code: 'Gone', message: 'no answer' } });
  told();
  await vi.waitFor(
    async () => expect((await factsOf('till'))['health']).toMatchObject({ value: 'Unknown', state: 'failed' }),
    {
      timeout: 5_000,
      interval: 50,
    },
  );
  const facts = await factsOf('till');
  expect(facts['clusters']).toMatchObject({ value: ['eu-1', 'us-1'], error: 'eu-1 cannot be read as of now.' });
  expect(facts['unreadClusters']).toMatchObject({ value: ['eu-1'], state: 'fresh' });
  for (const where of [
    "facts.kubernetes.health == 'Healthy'",
    "facts.kubernetes.health != 'Degraded'",
    '!facts.kubernetes.noPdb',
  ])
    expect(await found(where), where).not.toContain('till');
  expect((await ask("facts.kubernetes.health != 'Degraded'")).unknown).toBeGreaterThan(0);
  // What is degraded where it can be read is so, and of what was to run anywhere nobody knows.
  expect(await found("facts.kubernetes.health == 'Degraded'")).toEqual(['lamp']);
  expect((await factsOf('ghost'))['health']).toMatchObject({ value: 'Unknown', state: 'failed' });
  fleet.setState('eu-1', { state: 'ok' });
  told();
  await vi.waitFor(async () => expect(await found("facts.kubernetes.health == 'Healthy'")).toEqual(['till']), {
    timeout: 5_000,
    interval: 50,
  });
  expect((await factsOf('till'))['clusters']).toMatchObject({ value: ['eu-1', 'us-1'], state: 'fresh' });
});

test('what does not run any more loses its facts', async () => {
  fleet.remove('us-1', 'StatefulSet', liveObject('lamp', at));
  told();
  await vi.waitFor(async () => expect(await factsOf('lamp')).toEqual({}), { timeout: 5_000, interval: 50 });
});
