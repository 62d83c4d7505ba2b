import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ClusterProblems } from '../../src/api/fleet.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import { fleetRoutes } from '../../src/fleet/routes.ts';
import { memoryFleet } from '../support/memory-fleet.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { runCommand } from '../support/surroundings.ts';

let folder: string;
let server: TestServer;

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: wrong
  cluster: {server: 7}
users:
- name: reader
  user: {token: hidden-token}
contexts:
- {name: wrong, context: {cluster: wrong, user: reader}}
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-problems-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, kubeconfig);
  const config = { fleet: { ...noFleet, catalog: undefined, kubeconfigs: [{ paths: [file] }] } };
  server = await startTestServer({ config });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function problems(): Promise<ClusterProblems['items']> {
  const response = await server.get('/api/v1/fleet/problems');
  expect(response.status).toBe(200);
  return ((await response.json()) as ClusterProblems).items;
}

test('a cluster that is left out is told with file, line, field and fix, and no secret', async () => {
  await vi.waitFor(async () => expect(await problems()).toHaveLength(1), { timeout: 20_000, interval: 50 });
  const [problem] = await problems();
  expect(problem?.origin).toBe(`kubeconfig ${join(folder, 'kubeconfig')}:5`);
  expect(problem?.message).toContain('clusters[0].cluster.server must be a text: put it in quotes; left out: wrong');
  const { code, err } = await runCommand(tmpdir(), ['fleet', 'status', '--server', server.url]);
  expect(code).toBe(0);
  expect(err).toContain('kubeconfig:5: clusters[0].cluster.server must be a text');
  expect(JSON.stringify(problem) + err).not.toContain('hidden-token');
});

test('who sees a part of the fleet is not told', () => {
  const { live } = memoryFleet();
  const told = [{ origin: 'kubeconfig', message: 'wrong' }];
  const answerFor = (scope: 'all' | Readonly<Record<string, true>>): unknown => {
    const routes = fleetRoutes({ live, problems: () => told, scopes: { of: () => ({ scope, mark: '' }) } });
    const route = routes.find(({ contract }) => contract.path === '/api/v1/fleet/problems');
    return route?.handle({} as Parameters<typeof route.handle>[0], {} as Parameters<typeof route.handle>[1]);
  };
  expect(answerFor('all')).toEqual({ items: told });
  expect(answerFor({ prod: true })).toEqual({ items: [] });
});
