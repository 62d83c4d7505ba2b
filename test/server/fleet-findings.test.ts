import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FindingPage } from '../../src/api/findings.ts';
import type { IncidentList } from '../../src/api/incidents.ts';
import { incidentFleet } from '../support/incident-fleet.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { adaAdministers, signIn } from '../support/signed-in.ts';

// Findings and incidents over real HTTP: who sees what of them.

let server: TestServer;
const ref = 'component:default/desk';

beforeAll(async () => {
  const component = (name: string) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', lifecycle: 'production', owner: 'stage' },
  });
  const fleet = incidentFleet();
  server = await startTestServer({ live: fleet.live, config: adaAdministers, entities: [component('desk')] });
  const ada = await signIn(server);
  const write = async (path: string, body: object): Promise<void> => {
    const headers = { ...ada.headers, 'content-type': 'application/json' };
    const response = await server.get(path, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(response.status, await response.text()).toBe(200);
  };
  const read = { permissions: ['fleet.object.read'], clusters: ['prod-eu-*'] };
  await write('/api/v1/access/roles/eu', { rules: [read, { permissions: ['catalog.entity.read'] }] });
  await write('/api/v1/access/bindings/eu', { role: 'eu', subjects: ['user:default/eve'] });
  // Of the catalog sam sees nothing.
  await write('/api/v1/access/roles/blind', { rules: [{ permissions: ['fleet.object.read'] }] });
  await write('/api/v1/access/bindings/blind', { role: 'blind', subjects: ['user:default/sam'] });
  const isClaimed = async (): Promise<string | undefined> =>
    (await told<FindingPage>('ada', 'findings')).items.find(({ rule }) => rule === 'oom')?.entity;
  for (let round = 0; round < 200 && (await isClaimed()) !== ref; round += 1)
    await new Promise((done) => setTimeout(done, 50));
}, 60_000);
afterAll(() => server.close());

async function ask(who: string, path: string): Promise<Response> {
  const { headers } = who === 'ada' ? await signIn(server) : await signIn(server, `user:default/${who}`);
  return server.get(`/api/v1/fleet/${path}`, { headers });
}

async function told<T>(who: string, path: string): Promise<T> {
  const response = await ask(who, path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

test('who sees all is told all, with the entity', async () => {
  const { items, counts } = await told<FindingPage>('ada', `findings?entity=${ref}&rule=oom`);
  expect(items.map(({ cluster }) => cluster)).toEqual(['prod-eu-1', 'prod-eu-2', 'prod-us-1', 'prod-us-2']);
  expect(counts).toEqual({ critical: 0, warning: 4, notice: 0 });
  const incidents = await told<IncidentList>('ada', `incidents?entity=${ref}`);
  expect(incidents.items).toMatchObject([{ rule: 'oom-cycle', entity: ref, regions: ['eu', 'us'] }]);
});

test('who sees one region is told of that alone, and not how far it went', async () => {
  const { items } = await told<FindingPage>('eve', 'findings');
  expect(new Set(items.map(({ cluster }) => cluster))).toEqual(new Set(['prod-eu-1', 'prod-eu-2']));
  const text = await (await ask('eve', 'incidents')).text();
  expect(text).not.toContain('prod-us');
  expect(text).not.toContain('regions at the same moment');
  expect(JSON.parse(text)).toMatchObject({ total: 1, looked: 2, items: [{ clusters: ['prod-eu-1', 'prod-eu-2'] }] });
});

test('an entity that one may not see is not named, nor may be asked about', async () => {
  for (const path of ['findings', 'incidents']) {
    const text = await (await ask('sam', path)).text();
    expect(text).toContain('desk');
    expect(text).not.toContain(ref);
    expect((await ask('sam', `${path}?entity=${ref}`)).status).toBe(404);
  }
});

test('a question that makes no sense is refused', async () => {
  expect((await ask('ada', 'findings?cursor=x')).status).toBe(400);
  expect((await ask('ada', 'findings?severity=awful')).status).toBe(400);
  expect((await ask('ada', 'incidents?state=odd')).status).toBe(400);
});
