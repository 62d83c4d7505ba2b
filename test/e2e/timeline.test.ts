import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { stageFleet } from './stage-fleet.ts';
import { fillTimeline, stageTimeline } from './stage-timeline.ts';
import { componentText, waitForEntities } from './theatre.ts';

describeInBrowser('the timeline', ({ open, webFolder }) => {
  let folder: string;
  let server: TestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-timeline-'));
    await writeFile(join(folder, 'desk.yaml'), componentText('desk', 'Sells seats'));
    server = await startTestServer({
      live: stageFleet().live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([folder]) },
    });
    await waitForEntities(server, 1);
    await fillTimeline(server.store.timeline);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  test('shows what happened, newest first; the same change in several clusters is one line that opens', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/timeline`);
    await page.getByText('prod-eu-3 is unreachable').waitFor();
    const lines = page.locator('.timeline-entry');
    expect(await lines.count()).toBe(5);
    expect(await lines.first().textContent()).toContain('prod-eu-3 is unreachable');
    await page.getByRole('button', { name: '3 clusters' }).click();
    await page.locator('.timeline-places').getByRole('link', { name: 'prod-us-1' }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('kinds narrow it, and the address keeps them', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/timeline`);
    await page.getByRole('link', { name: 'Restarts', exact: true }).click();
    await page.waitForURL(/kind=restarts/);
    await expect.poll(() => page.locator('.timeline-entry').count()).toBe(1);
    await page.getByRole('link', { name: 'Scaling', exact: true }).click();
    await page.getByRole('link', { name: 'Restarts', exact: true }).click();
    await page.getByText('Nothing of this choice happened in this time').waitFor();
    await page.getByRole('link', { name: 'See everything' }).click();
    await page.getByText('prod-eu-3 is unreachable').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('a moment shows the likely cause on top, with why', async () => {
    const at = new Date(Date.now() - 11 * 60_000).toISOString();
    const { page, errors, close } = await open(`${server.url}/fleet/timeline?at=${at}`);
    const panel = page.getByRole('region', { name: /^What changed at/ });
    const first = panel.getByRole('listitem').first();
    await first.getByText('ConfigMap desk-settings changed, used by desk').waitFor();
    const text = await first.textContent();
    expect(text).toContain('It reached 3 clusters');
    expect(text).toMatch(/began to restart or fail within 15 minutes after/);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.waitForURL((url) => !url.search.includes('at='));
    expect(errors).toEqual([]);
    await close();
  });

  test('the bars are walked by keys, lead to their time, and have a table', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/timeline?span=1h`);
    const bars = page.locator('.timeline-bar');
    await bars.last().waitFor();
    await bars.last().focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await bars.nth(1).evaluate((bar) => bar === document.activeElement)).toBe(true);
    await page.getByRole('link', { name: 'Table', exact: true }).click();
    const table = page.getByRole('table', { name: 'How much happened when' });
    await table.getByRole('row', { name: /Cluster 1/ }).waitFor();
    await page.getByRole('link', { name: 'Bars', exact: true }).click();
    await page
      .getByRole('link', { name: /: 1 entry$/ })
      .last()
      .click();
    await page.waitForURL(/from=.*to=/);
    await expect.poll(() => page.locator('.timeline-entry').count()).toBe(1);
    expect(errors).toEqual([]);
    await close();
  });

  test('what comes while somebody reads waits to be shown', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/timeline?kind=scale`);
    await page.getByText('Nothing of this choice happened in this time').waitFor();
    const [first] = stageTimeline(Date.now());
    if (first === undefined) throw new Error('The stage has no timeline');
    const scaled = (id: string, minutes: number) =>
      ({
        op: 'add',
        entry: { ...first, id, at: Date.now() - minutes * 60_000, kind: 'scale', title: `desk scaled ${id}`, data: {} },
      }) as const;
    await server.store.timeline.append([scaled('first', 2)]);
    await page.getByText('desk scaled first').waitFor();
    await server.store.timeline.append([scaled('second', 0)]);
    await page.getByRole('button', { name: '1 new, show' }).click();
    await page.getByText('desk scaled second').waitFor();
    expect(errors).toEqual([]);
    await close();
  }, 60_000);
});
