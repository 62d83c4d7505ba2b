import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noFleet } from '../../src/config/fleet-config.ts';
import { liveObject, type MemoryFleet } from '../support/memory-fleet.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { stageFleet } from './stage-fleet.ts';

const FAILED_ROLLOUT = JSON.stringify([
  { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'It took too long' },
]);

describeInBrowser('the clusters', ({ open, webFolder }) => {
  let fleet: MemoryFleet;
  let server: TestServer;

  beforeAll(async () => {
    fleet = stageFleet();
    server = await startTestServer({ live: fleet.live, webFolder: webFolder() });
  });
  afterAll(() => server.close());

  const tile = (page: Page, name: string) => page.locator(`[data-tile][aria-label^="${name}:"]`);
  const count = (page: Page, word: string) => page.getByRole('navigation', { name: 'State' }).getByText(word);

  test('are tiles by environment and region, with the worst beside them and why', async () => {
    const { page, errors, close } = await open(`${server.url}/clusters`);
    await tile(page, 'prod-eu-1').waitFor();
    expect(await page.locator('[data-tile]').count()).toBe(7);
    const headings = page.locator('.cluster-group h2');
    expect(await headings.allTextContents()).toEqual(['production', 'staging']);
    expect(await tile(page, 'prod-eu-3').getAttribute('aria-label')).toContain('unreachable, Nothing listens at');
    const worst = page.getByRole('region', { name: 'Worst first' }).getByRole('listitem');
    const names = (await worst.allTextContents()).map((text) => /^[a-z]+-[a-z]+-\d/.exec(text)?.[0]);
    expect(names).toEqual(['prod-eu-3', 'prod-us-2', 'stage-eu-1', 'prod-eu-2', 'prod-eu-1']);
    expect(await worst.first().textContent()).toMatch(/never read$/);
    expect(errors).toEqual([]);
    await close();
  });

  test('are as severe as what is degraded in them: one of many is a warning, one of few or what is critical an alarm', async () => {
    const put = (cluster: string, count: number, degraded: Record<string, string | number>): void => {
      const well = Array.from({ length: count }, (_, at) =>
        liveObject(`w-${at}`, { health: 'Healthy', namespace: 'x' }),
      );
      const ill = liveObject('ill', { health: 'Degraded', namespace: 'x', ...degraded });
      fleet.put(cluster, 'StatefulSet', [...well, ill]);
    };
    put('prod-us-1', 40, {});
    put('prod-eu-1', 5, {});
    const { page, errors, close } = await open(`${server.url}/clusters`);
    const few = tile(page, 'prod-eu-1');
    await expect.poll(() => few.getAttribute('title')).toContain('Severe: at least 5 % of its workloads are degraded');
    expect(await few.getAttribute('class')).toContain('cluster-degraded');
    const many = tile(page, 'prod-us-1');
    await expect.poll(() => many.getAttribute('title')).toContain('1 of 42 workloads degraded\nWarning: less than 5 %');
    expect(await many.getAttribute('class')).toContain('cluster-warned');
    put('prod-us-1', 40, { desired: 2, ready: 0, conditions: FAILED_ROLLOUT });
    await expect.poll(() => many.getAttribute('title'), { timeout: 10_000 }).toContain('Severe: something is critical');
    expect(await many.getAttribute('class')).toContain('cluster-degraded');
    for (const cluster of ['prod-us-1', 'prod-eu-1']) fleet.list(cluster, 'StatefulSet', []);
    expect(errors).toEqual([]);
    await close();
  });

  test('are narrowed by text, state and label, which stand in the URL, as does the table', async () => {
    const { page, errors, close } = await open(`${server.url}/clusters`);
    await page.getByRole('searchbox', { name: 'Search the clusters' }).fill('token has ended');
    await page.waitForURL(/q=token\+has\+ended/);
    expect(await page.locator('[data-tile]').count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Search the clusters' }).fill('');
    await page.waitForURL(/clusters$/);
    await page.getByLabel('Add a label').selectOption('environment=staging');
    await page.getByRole('link', { name: /environment=staging.*take off/ }).waitFor();
    expect(await page.locator('[data-tile]').count()).toBe(2);
    await count(page, 'stale').click();
    await page.waitForURL(/state=stale/);
    expect(await page.locator('[data-tile]').count()).toBe(1);
    await page.keyboard.press('v');
    await page.getByRole('table', { name: 'Clusters' }).getByText('stage-eu-1').waitFor();
    expect(new URL(page.url()).search).toBe('?label=environment%3Dstaging&state=stale&twin=table');
    expect(errors).toEqual([]);
    await close();
  });

  test('are walked by arrows and opened with Enter; one tile is in the tab order', async () => {
    const { page, errors, close } = await open(`${server.url}/clusters`);
    await tile(page, 'prod-eu-1').focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split(':')[0]);
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('prod-eu-2');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('prod-us-2');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('stage-eu-2');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('prod-us-2');
    await page.keyboard.press('End');
    expect(await focused()).toBe('stage-eu-2');
    expect(await page.locator('[data-tile]:not([tabindex="-1"])').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'stage-eu-2' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('change as it happens, on the page of all and on that of one', async () => {
    const { page, close } = await open(`${server.url}/clusters`);
    const other = await open(`${server.url}/clusters/stage-eu-2`);
    await tile(page, 'stage-eu-2').waitFor();
    await other.page.getByRole('region', { name: 'Warning events' }).getByText('BackOff').first().waitFor();
    const reason = { code: 'Timeout', message: 'It does not answer' };
    fleet.setState('stage-eu-2', { state: 'unreachable', reason });
    await page.locator('[data-tile][aria-label="stage-eu-2: unreachable, It does not answer"]').waitFor();
    await other.page.getByText('It does not answer').first().waitFor();
    fleet.watchAll('stage-eu-2');
    await page.locator('[data-tile][aria-label="stage-eu-2: ok"]').waitFor();
    fleet.store.dropCluster('stage-eu-2');
    await tile(page, 'stage-eu-2').waitFor({ state: 'detached' });
    await other.page.getByText('There is no cluster stage-eu-2').waitFor();
    await other.close();
    await close();
  });

  test('that are left out since they are declared wrongly are told of above the others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-left-out-'));
    const file = join(folder, 'kubeconfig');
    await writeFile(
      file,
      'clusters:\n- {name: a, cluster: {server: 7}}\ncontexts:\n- {name: a, context: {cluster: a}}\n',
    );
    const other = await startTestServer({
      webFolder: webFolder(),
      config: { fleet: { ...noFleet, catalog: undefined, kubeconfigs: [{ paths: [file] }] } },
    });
    const { page, errors, close } = await open(`${other.url}/clusters`);
    const told = page.getByRole('region', { name: 'Clusters that are left out' });
    await told.getByText(`kubeconfig ${file}:2`).waitFor();
    expect(await told.textContent()).toContain('left out: a');
    expect(errors).toEqual([]);
    await close();
    await other.close();
    await rm(folder, { recursive: true });
  });

  test('one cluster says how each kind is read, what it is and what is wrong with it', async () => {
    const { page, errors, close } = await open(`${server.url}/clusters/prod-eu-2`);
    await page.getByText(/^read and watched for .*, but Job denied$/).waitFor();
    const kinds = page.getByRole('table', { name: 'Kinds of the cluster' });
    expect(await kinds.getByRole('row').nth(1).textContent()).toMatch(/^Jobmay not list jobsDenied/);
    await kinds.getByRole('row', { name: /^Pod OK 5/ }).waitFor();
    const wrong = page.getByRole('region', { name: 'What is wrong' });
    await wrong.getByText('OOMKilled').first().waitFor();
    expect(await wrong.textContent()).toMatch(/1 of 2 pods ran out of memory in container desk.*box-office\/desk/);
    expect(await wrong.getByText('Nothing is found wrong').count()).toBe(0);
    const about = page.getByRole('region', { name: 'About' });
    expect(await about.textContent()).toContain('kubeconfig /etc/callboard/kubeconfig, context prod-eu-2');
    await about.getByRole('link', { name: 'environment=production' }).click();
    await page.waitForURL(/\/clusters\?label=environment%3Dproduction/);
    expect(errors).toEqual([]);
    await close();
  });
});
