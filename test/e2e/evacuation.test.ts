import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { stageFleet } from './stage-fleet.ts';

describeInBrowser('evacuation', ({ open, webFolder }) => {
  let server: TestServer;

  beforeAll(async () => {
    const fleet = stageFleet();
    fleet.live.changeClaims({
      isWhole: true,
      put: [{ ref: 'component:default/desk', name: 'desk', kind: 'Component', lifecycle: 'production' }],
      dropped: [],
    });
    server = await startTestServer({ live: fleet.live, webFolder: webFolder() });
  });
  afterAll(() => server.close());

  test('is asked from the page of a cluster, answered in a sentence, and stands in the URL', async () => {
    const { page, errors, close } = await open(`${server.url}/clusters/prod-eu-1`);
    await page.getByRole('link', { name: 'If it vanished' }).click();
    await page.waitForURL(/\/fleet\/evacuation\?cluster=prod-eu-1$/);
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await verdict.getByText('If prod-eu-1 vanished now:').waitFor();
    await verdict.getByText('1 protected').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('a region is chosen by its label; what cannot be read is told of', async () => {
    const { page, errors, close } = await open(`${server.url}/fleet/evacuation`);
    await page.getByText('Choose a cluster or a region').waitFor();
    await page.getByLabel('If this vanished').selectOption('label:region=us-east');
    await page.waitForURL(/label=region/);
    await page.getByText('If region=us-east vanished now:').waitFor();
    await page.getByText(/not read as of now/).waitFor();
    await page.getByRole('link', { name: 'Carried alone' }).click();
    await page.getByText(/carried by one cluster alone/).waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});
