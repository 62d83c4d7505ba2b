import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BEHAVES_SINCE, BEHAVIOUR } from '../../demo/fleet/kubelet.ts';
import { openLogStage, type LogStage } from '../support/log-stage.ts';
import { liveObject, memoryFleet, type MemoryFleet } from '../support/memory-fleet.ts';
import { catalogOf, component, startTestServer, type TestServer } from '../support/server.ts';
import { signIn } from '../support/signed-in.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { typistAt } from './keyboard.ts';
import { componentText, waitForEntities } from './theatre.ts';

const CLUSTERS = ['eu-1', 'eu-2', 'eu-3', 'us-1'];
/** Steps with the Tab key after which what is looked for is not within reach. */
const MOST_TABS = 60;

/** Somebody who comes with a question: opens what a locator names, and counts how often. */
interface Asker {
  readonly activations: number;
  activate(target: Locator): Promise<void>;
}

/** One who has a mouse. */
function clicker(): Asker {
  let activations = 0;
  return {
    get activations() {
      return activations;
    },
    async activate(target) {
      await target.first().click();
      activations += 1;
    },
  };
}

/** One who has the keyboard alone: walks to it with Tab, presses Enter. */
function walker(page: Page): Asker {
  const typist = typistAt(page);
  return {
    get activations() {
      return typist.activations;
    },
    async activate(target) {
      const isReached = (): Promise<boolean> =>
        target.first().evaluate((element) => element === document.activeElement);
      await target.first().waitFor();
      for (let tabs = 0; tabs < MOST_TABS && !(await isReached()); tabs += 1) await typist.press('Tab');
      expect(await isReached()).toBe(true);
      await typist.press('Enter');
      expect(typist.unseen).toEqual([]);
    },
  };
}

/** Waits until one of what a locator finds is in the window as a whole. */
async function expectInView(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'attached' });
  const height = locator.page().viewportSize()?.height ?? 0;
  await expect
    .poll(async () => {
      const boxes = await Promise.all((await locator.all()).map((one) => one.boundingBox()));
      return boxes.some((box) => box !== null && box.y >= 0 && box.y + box.height <= height);
    })
    .toBe(true);
}

describeInBrowser('questions from a cold bookmark of Home, within their budget of clicks', ({ open, webFolder }) => {
  let folder: string;
  let server: TestServer;
  let opened: WatchedPage | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-budget-'));
    const group =
      'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: stage}\nspec: {type: team, children: []}\n';
    const lobby =
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: lobby}\n' +
      'spec: {type: service, lifecycle: production, owner: stage, dependsOn: [component:desk]}\n';
    const texts = ['desk', 'till'].map((name) => componentText(name, `The ${name}`));
    await writeFile(join(folder, 'all.yaml'), [group, lobby, ...texts].join('---\n'));
    server = await startTestServer({
      live: runningFleet().live,
      webFolder: webFolder(),
      config: { catalog: catalogOf([folder]) },
    });
    await waitForEntities(server, 4);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = undefined;
    expect(errors).toEqual([]);
  });

  /** Each question is asked in a browser that has not seen the product before. */
  const home = async (): Promise<Page> => {
    opened = await open(`${server.url}/?team=group:default/stage`, { viewport: { width: 1280, height: 720 } });
    await opened.page.getByText('Live', { exact: true }).waitFor();
    return opened.page;
  };
  const owned = (page: Page, name: string): Locator =>
    page.getByRole('region', { name: 'What the team owns' }).getByRole('row', { name: new RegExp(`^${name}`) });
  const toEntity = (page: Page, name: string): Locator => owned(page, name).getByRole('link', { name, exact: false });

  test('is my service healthy: 0', async () => {
    const page = await home();
    await expectInView(owned(page, 'till').getByText('Healthy'));
    await expectInView(owned(page, 'desk').getByText('Degraded'));
  });

  test('where does it run, and which version: 0', async () => {
    const page = await home();
    await expectInView(owned(page, 'till').getByText('4 clusters'));
    await expectInView(owned(page, 'till').getByText('3.0.0'));
  });

  test('any service by its name: the palette, three letters, Enter', async () => {
    const page = await home();
    const typist = typistAt(page);
    await typist.press('Control+k', 't', 'i', 'l');
    await page.getByRole('option', { name: /till/, selected: true }).waitFor();
    await typist.press('Enter');
    await page.getByRole('heading', { name: 'till', level: 1 }).waitFor();
    expect(typist).toMatchObject({ activations: 1, keys: 5, unseen: [] });
  });

  test.each([
    ['clicks', clicker],
    ['keys alone', walker],
  ] as const)(
    'by %s: where it runs exactly 1, who owns it 1, what depends on it 1, why it is red in eu-3 2',
    async (_, by) => {
      const places = await home();
      const first = by(places);
      await first.activate(toEntity(places, 'desk'));
      await places.getByRole('heading', { name: 'desk', level: 1 }).waitFor();
      const main = places.locator('main');
      await expectInView(main.getByText('eu-3'));
      await expectInView(main.getByText('1.5.0'));
      await expectInView(main.getByRole('link', { name: /stage/ }));
      // It stands further down, below what is wrong: scrolling opens nothing.
      await main.getByRole('link', { name: /lobby/ }).first().waitFor();
      expect(first.activations).toBeLessThanOrEqual(1);
      await opened?.close();

      const why = await home();
      const second = by(why);
      await second.activate(toEntity(why, 'desk'));
      await second.activate(why.locator('main').getByRole('link', { name: /eu-3/ }));
      await expectInView(why.locator('main').getByText('CrashLoopBackOff'));
      expect(second.activations).toBeLessThanOrEqual(2);
    },
  );
});

describeInBrowser(
  'why a service fails, down to the line of its log, from a cold bookmark of Home',
  ({ open, webFolder }) => {
    let stage: LogStage;

    beforeAll(async () => {
      stage = await openLogStage(
        { 'prod-north': true },
        {
          webFolder: webFolder(),
          entities: [
            component(
              'ticket-office',
              { owner: 'stage' },
              { annotations: { 'backstage.io/kubernetes-id': 'ticket-office' } },
            ),
          ],
        },
      );
      crashOnePod(stage);
    }, 60_000);
    afterAll(() => stage.close(), 60_000);

    test.each([
      ['clicks', clicker],
      ['keys alone', walker],
    ] as const)('by %s: 2 from Home, 1 from the first screen of what fails', async (_, by) => {
      const { cookie } = await signIn(stage.server);
      const [name = '', value = ''] = cookie.split('=');
      const opened = await open('', { viewport: { width: 1280, height: 720 } });
      const { page } = opened;
      await page.context().addCookies([{ name, value, url: stage.server.url }]);
      await page.goto(`${stage.server.url}/?team=group:default/stage`);
      await page.getByText('Live', { exact: true }).waitFor();
      const asker = by(page);
      const row = page
        .getByRole('region', { name: 'What the team owns' })
        .getByRole('row', { name: /^ticket-office.*Degraded/ });
      await asker.activate(row.getByRole('link', { name: /^ticket-office/ }));
      const state = page.getByRole('region', { name: 'State' });
      await expectInView(state.getByText(/pods of ticket-office: CrashLoopBackOff/));
      await asker.activate(state.getByRole('link', { name: 'Log of ticket-office in prod-north' }));
      expect(asker.activations).toBe(2);
      await expectInView(page.getByRole('log').locator('.logs-row:not(.logs-ruler)').last());
      // What the container said before it ended, and of this pod alone.
      await page.getByText(/^\d+ lines?, to the end/).waitFor();
      const pods = await page.getByRole('log').locator('.logs-row:not(.logs-ruler) .logs-pod').allTextContents();
      expect(new Set(pods).size).toBe(1);
      expect(opened.errors).toEqual([]);
      await opened.close();
    });
  },
);

/** Lets a pod of a service crash since a while. */
function crashOnePod({ demo }: LogStage): void {
  const cluster = demo.servers.find((server) => server.cluster.name === 'prod-north')?.cluster;
  if (cluster === undefined) throw new Error('There is no prod-north');
  const resource = cluster.resource('', 'pods');
  const pod = cluster.store
    .collection(resource)
    .list()
    .map(({ object }) => object)
    .find(({ metadata: { namespace, name } }) => namespace === 'ticketing' && name.startsWith('ticket-office-'));
  if (pod === undefined) throw new Error('The ticket office does not run');
  const since = new Date(Date.now() - 5 * 60_000).toISOString();
  const annotations = { ...pod.metadata.annotations, [BEHAVIOUR]: 'crash', [BEHAVES_SINCE]: since };
  cluster.store.update(resource, { ...pod, metadata: { ...pod.metadata, annotations } });
}

/** Two services that run in four clusters; in one of them the desk crashes. */
function runningFleet(): MemoryFleet {
  const fleet = memoryFleet();
  for (const cluster of CLUSTERS) {
    fleet.putCluster(cluster, { labels: { environment: 'production', region: cluster.slice(0, 2) } });
    fleet.watchAll(cluster);
    const fails = cluster === 'eu-3';
    run(fleet, cluster, 'till', '3.0.0', false);
    run(fleet, cluster, 'desk', fails ? '1.5.0' : '1.4.2', fails);
  }
  return fleet;
}

function run(fleet: MemoryFleet, cluster: string, name: string, tag: string, fails: boolean): void {
  const labels = `app.kubernetes.io/name=${name}`;
  const common = { namespace: 'shop', labels };
  const reason = fails ? { healthReason: 'CrashLoopBackOff', reason: 'CrashLoopBackOff' } : {};
  const health = fails ? 'Degraded' : 'Healthy';
  fleet.put(cluster, 'Deployment', [
    liveObject(name, {
      ...common,
      selector: labels,
      images: `registry.example.com/${name}:${tag}`,
      desired: 1,
      ready: fails ? 0 : 1,
      health,
      ...(fails && { healthReason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' }),
    }),
  ]);
  fleet.put(cluster, 'ReplicaSet', [
    liveObject(`${name}-7f9`, { namespace: 'shop', ownerKind: 'Deployment', ownerName: name }),
  ]);
  fleet.put(cluster, 'Pod', [
    liveObject(`${name}-7f9-x2v9k`, {
      ...common,
      ownerKind: 'ReplicaSet',
      ownerName: `${name}-7f9`,
      phase: 'Running',
      containers: 1,
      ready: fails ? 0 : 1,
      restarts: fails ? 7 : 0,
      health,
      ...reason,
      ...(fails && { message: 'back-off 5m0s restarting failed container', lastExit: 'desk OOMKilled 137' }),
    }),
  ]);
}
