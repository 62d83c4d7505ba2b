import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import type { MemoryFleet } from '../support/memory-fleet.ts';
import { describeInBrowser } from './browser.ts';
import { stageFleet } from './stage-fleet.ts';
import { componentText, waitForEntities } from './theatre.ts';

describeInBrowser('where an entity runs', ({ open, webFolder }) => {
  let folder: string;
  let fleet: MemoryFleet;
  let server: TestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-running-'));
    await writeFile(join(folder, 'desk.yaml'), componentText('desk', 'Sells seats'));
    await writeFile(join(folder, 'idle.yaml'), componentText('idle', 'Does nothing'));
    fleet = stageFleet();
    server = await startTestServer({
      live: fleet.live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([folder]) },
    });
    await waitForEntities(server, 2);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const desk = '/catalog/component/default/desk';

  test('stands in the first line of its page: how, where, since when', async () => {
    const { page, errors, close } = await open(`${server.url}${desk}`);
    const state = page.getByRole('region', { name: 'State' });
    await state.getByText('Degraded in 1 of 6 clusters').waitFor();
    expect(await state.textContent()).toMatch(/since 12 min ago/);
    expect(await state.textContent()).toContain('prod-eu-2 1 of 2 pods of desk: CrashLoopBackOff');
    expect(errors).toEqual([]);
    await close();
  });

  test('is a matrix with the pods of the worst below; another cell shows its own', async () => {
    const { page, errors, close } = await open(`${server.url}${desk}`);
    await page.getByRole('link', { name: 'Running', exact: true }).click();
    const pods = page.getByRole('region', { name: 'prod-eu-2 · desk' });
    await pods.getByRole('row', { name: /desk-7f9-x2v9k CrashLoopBackOff.*OOMKilled 137/ }).waitFor();
    await pods.getByText('back-off 5m0s restarting failed container').waitFor();
    await page.getByText('not read as of now').waitFor();
    await page.getByRole('link', { name: 'desk in prod-us-1: Healthy, 2/2' }).click();
    await page.getByRole('region', { name: 'prod-us-1 · desk' }).getByText('desk-7f9-m8q2d').waitFor();
    await page.waitForURL(/workload=Deployment(%2F|\/)box-office(%2F|\/)desk/);
    await page.reload();
    await page.getByRole('region', { name: 'prod-us-1 · desk' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('follows the clusters: a pod that fails is seen without reloading, and so is a cluster that goes', async () => {
    const { page, close } = await open(`${server.url}${desk}?view=running`);
    await page.getByRole('link', { name: 'desk in prod-us-1: Healthy, 2/2' }).waitFor();
    fleet.setState('prod-us-1', { state: 'unreachable', reason: { code: 'Timeout', message: 'It does not answer' } });
    await page.getByRole('link', { name: 'desk in prod-us-1: Unknown, Timeout, 2/2' }).waitFor();
    await close();
  });

  test('says of what runs nowhere how a workload is found', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog/component/default/idle?view=running`);
    await page.getByText('No workload of this entity was found; not every cluster could be read.').waitFor();
    await page.getByText('app.kubernetes.io/name: idle').waitFor();
    expect(await page.getByRole('region', { name: 'State' }).textContent()).not.toContain('clusters');
    expect(errors).toEqual([]);
    await close();
  });
});
