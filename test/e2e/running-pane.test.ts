import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { mapAt } from '../../demo/fleet/kube-object.ts';
import { BEHAVIOUR } from '../../demo/fleet/kubelet.ts';
import { put } from '../../demo/fleet/world.ts';
import { openLogStage, type LogStage } from '../support/log-stage.ts';
import { component } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';

describeInBrowser('the pane of a workload', ({ open, webFolder }) => {
  let stage: LogStage;

  beforeAll(async () => {
    stage = await openLogStage(
      { 'prod-north': true, 'prod-south': false },
      {
        webFolder: webFolder(),
        entities: ['ticket-office', 'wages'].map((name) =>
          component(name, {}, { annotations: { 'backstage.io/kubernetes-id': name } }),
        ),
      },
    );
    for (const { cluster } of stage.demo.servers) {
      const rules = [{ verbs: ['*'], groups: ['*'], resources: ['*'], namespaces: ['ticketing'] }];
      cluster.access.grants = [...cluster.access.grants, { to: 'callboard:user:default/ada', rules }];
    }
  }, 60_000);
  afterAll(() => stage.close(), 60_000);

  const office = 'view=running&workload=Deployment/ticketing/ticket-office';

  async function show(query: string, entity = 'ticket-office'): Promise<WatchedPage> {
    const { cookie } = await signIn(stage.server);
    const at = cookie.indexOf('=');
    const own = {
      name: cookie.slice(0, at),
      value: cookie.slice(at + 1),
      domain: new URL(stage.server.url).hostname,
      path: '/',
    };
    return open(`${stage.server.url}/catalog/component/default/${entity}?${query}`, {
      storageState: { cookies: [{ ...own, expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' }], origins: [] },
    });
  }

  /** Starts a Job of a CronJob, as its controller does when it is due; it fails. */
  function startJob(): void {
    const cluster = stage.demo.servers.find((server) => server.cluster.name === 'prod-north')?.cluster;
    if (cluster === undefined) throw new Error('There is no prod-north');
    const { object: cron } = cluster.store.get(cluster.resource('batch', 'cronjobs'), 'house-accounts', 'wages');
    const { name, namespace = '', uid, labels = {} } = cron.metadata;
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true };
    const jobSpec = mapAt(cron, 'spec', 'jobTemplate', 'spec');
    const template = mapAt(jobSpec, 'template');
    const annotations = { ...mapAt(template, 'metadata', 'annotations'), [BEHAVIOUR]: 'crash' };
    const failing = { ...template, metadata: { ...mapAt(template, 'metadata'), annotations } };
    const spec = { ...jobSpec, template: failing };
    const metadata = { name: `${name}-now`, namespace, labels, ownerReferences: [owner] };
    put(cluster, { group: 'batch', plural: 'jobs', object: { metadata, spec } });
  }

  const linesOf = (page: Page): ReturnType<Page['locator']> => page.getByRole('log').locator('.logs-row');

  test('shows logs as they come, narrowed by a search whose finds are marked', async () => {
    const { page, errors, close } = await show(`${office}&cluster=prod-north`);
    await page.getByRole('link', { name: 'Logs', exact: true }).click();
    await page.getByText('following 4 containers').waitFor();
    await page.getByText('level=info').first().waitFor();
    await page.getByRole('searchbox', { name: /Only lines with this text/ }).fill('/cache (\\w+)/');
    await page.waitForURL(/q=/);
    await page.locator('mark').first().waitFor();
    expect(await page.locator('mark').first().textContent()).toBe('cache refreshed');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/Paused at/).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('has the pods that run or failed of the Jobs of a CronJob, and their logs', async () => {
    startJob();
    const { page, errors, close } = await show('view=running&cluster=prod-north', 'wages');
    const row = page.getByRole('row', { name: /^wages-now-\w{5}/ }).first();
    const pod = (await row.getByRole('rowheader').textContent()) ?? '';
    await row.getByRole('link', { name: `Log of ${pod}` }).click();
    await page.getByText(/^\d+ lines?, (to the end|following 1 container)/).waitFor();
    await linesOf(page).nth(1).waitFor();
    await page.getByRole('button', { name: `Only ${pod}` }).click();
    await page.waitForURL((url) => !url.searchParams.has('pod'));
    await linesOf(page).nth(1).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('draws only the lines in sight, and finds the line that a link means', async () => {
    const { page, errors, close } = await show(`${office}&cluster=prod-north&pane=logs`);
    await page.getByText(/[0-9,]{4,} lines, following/).waitFor();
    expect(await linesOf(page).count()).toBeLessThan(150);
    await page.getByRole('log').getByRole('link').last().click();
    await page.waitForURL(/line=/);
    await page.reload();
    await page.locator('.logs-row.is-meant').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('shows the object as the cluster has it, and what is the same elsewhere', async () => {
    const { page, errors, close } = await show(`${office}&cluster=prod-north&pane=yaml`);
    await page.getByText('callboard:user:default/ada').waitFor();
    await page.getByText('kind:', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByText('No warning in the time').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('does what is asked after its effect was seen, with the name of a protected cluster typed', async () => {
    const { page, errors, close } = await show(`${office}&cluster=prod-north&pane=actions`);
    await page.getByRole('button', { name: 'Restart…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('You may', { exact: true }).waitFor();
    await dialog.getByText('It would be accepted').waitFor();
    await dialog.getByText(/kubectl .*rollout restart/).waitFor();
    await dialog.getByRole('button', { name: 'Restart', exact: true }).click();
    await dialog.getByText('Done as callboard:user:default/ada').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('says where it is switched off, and how it is switched on', async () => {
    for (const pane of ['logs', 'yaml', 'actions']) {
      const { page, close } = await show(`${office}&cluster=prod-south&pane=${pane}`);
      await page.getByText('Switched off for prod-south').waitFor();
      await page.getByText('acting: true').waitFor();
      await close();
    }
  });
});
