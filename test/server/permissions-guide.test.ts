import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoFolder, loadConfig } from '../../src/config/load-config.ts';
import { until } from '../support/running-catalog.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';

// The examples of docs/how-to/permissions.md, as they stand there, over the demo organisation.

let folder: string;
let server: TestServer;
const examples: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-guide-'));
  const page = await readFile(new URL('../../docs/how-to/permissions.md', import.meta.url), 'utf8');
  examples.push(...[...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text));
  await writeFile(join(folder, 'callboard.yaml'), examples[0] ?? '');
  await writeFile(join(folder, 'access.yaml'), examples[1] ?? '');
  const { config } = await loadConfig({ cwd: folder, flags: {}, env: {} });
  server = await startTestServer({ config: { access: config.access, catalog: catalogOf([demoFolder]) } });
  const everything = () => server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
  await until(
    () =>
      everything().find('user:default/lighting-designer-one') !== undefined &&
      everything().list({ limit: 0 }).total > 150,
  );
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a principal is answered, by a token of its own. */
async function as(
  principal: string,
  path: string,
): Promise<{
  status: number;
  body: { total: number; items: { spec: { lifecycle?: string; owner?: string }; kind: string }[] };
}> {
  const kind = principal.startsWith('service:') ? 'service' : 'personal';
  const start = { kind, principal, name: 'guide', createdBy: principal, expiresAt: Date.now() + 60_000 } as const;
  const audit = { at: 0, actor: principal, action: 'access.token.create', outcome: 'success' } as const;
  const { text } = await server.access.tokens.make(start, audit);
  const response = await server.get(`/api/v1/${path}`, { headers: { authorization: `Bearer ${text}` } });
  return { status: response.status, body: (await response.json()) as never };
}

const components = 'entities?limit=500&filter=kind=component';

test('everybody sees what is in production, the crew of the stage also what it owns', async () => {
  const wardrobe = await as('user:default/dresser-one', components);
  expect(wardrobe.body.total).toBeGreaterThan(0);
  expect(new Set(wardrobe.body.items.map(({ spec }) => spec.lifecycle))).toEqual(new Set(['production']));
  const lighting = await as('user:default/lighting-designer-one', components);
  expect(lighting.body.total).toBeGreaterThan(wardrobe.body.total);
  const others = lighting.body.items.filter(({ spec }) => spec.lifecycle !== 'production');
  expect(others.every(({ spec }) => ['lighting', 'stage', 'group:default/lighting'].includes(spec.owner ?? ''))).toBe(
    true,
  );
});

test('a service that is a viewer sees everything, an administrator may do everything, others are told whom to ask', async () => {
  const all = await as('service:default/build', components);
  expect(new Set(all.body.items.map(({ spec }) => spec.lifecycle))).toContain('experimental');
  const planner = 'user:default/rehearsal-planner-one';
  expect((await as(planner, 'access/policy')).status).toBe(200);
  const refused = await as('user:default/dresser-one', 'access/policy');
  expect(refused).toMatchObject({
    status: 403,
    body: {
      code: 'PERMISSION_DENIED',
      details: {
        permission: 'access.policy.read',
        principal: 'user:default/dresser-one',
        reason: 'none of its roles has this permission',
        contact: 'Ask in the channel of the planning office.',
      },
    },
  });
});

test('the configuration with a policy agent is one', async () => {
  await writeFile(join(folder, 'callboard.yaml'), examples[2] ?? '');
  const { config } = await loadConfig({ cwd: folder, flags: {}, env: {} });
  expect(config.access).toMatchObject({
    admins: ['group:default/planning'],
    opa: { url: 'http://localhost:8181/v1/data/callboard/decision', timeoutMs: 500, cacheSeconds: 10 },
  });
});
