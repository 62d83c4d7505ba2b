import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entity } from '../../src/model/entity.ts';
import { component, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { waitUntilDrawn } from './inspection.ts';
import { typistAt } from './keyboard.ts';

/** Entities beside those that the journeys are about. */
const COUNT = 2_000;

function group(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, annotations: { 'backstage.io/managed-by-location': 'file:/srv/groups.yaml' } },
    spec: { type: 'team', children: [] },
  };
}

/** A large catalog of look-alikes with one service that people look for: gangway, of the carpenters, needed by the fly tower. */
function entities(): readonly Entity[] {
  const teams = Array.from({ length: 40 }, (_, at) => group(`crew-${at}`));
  const others = Array.from({ length: COUNT }, (_, at) =>
    component(
      `service-${String(at).padStart(4, '0')}`,
      {
        owner: `group:default/crew-${at % 40}`,
        dependsOn: [`component:default/service-${String((at * 7) % COUNT).padStart(4, '0')}`],
      },
      { description: `Moves part ${at} of the house` },
    ),
  );
  return [
    ...teams,
    group('carpenters'),
    ...others,
    component('gangway', { owner: 'group:default/carpenters' }, { description: 'Leads over the orchestra' }),
    component('fly-tower', { owner: 'group:default/crew-1', dependsOn: ['component:default/gangway'] }),
  ];
}

async function isInView(locator: Locator): Promise<boolean> {
  const box = await locator.first().boundingBox();
  const size = locator.page().viewportSize();
  return box !== null && size !== null && box.y >= 0 && box.y + box.height <= size.height;
}

describeInBrowser('questions that people come with, by keyboard alone', ({ open, webFolder }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ webFolder: webFolder(), entities: entities() });
    const { revision } = await server.store.commit([
      {
        op: 'putProblem',
        problem: {
          id: 'p1',
          source: 'files',
          location: 'file:/srv/gangway.yaml',
          code: 'entity-schema',
          severity: 'error',
          message: 'spec.lifecycle is missing',
          fix: 'Add lifecycle',
          entityRef: 'component:default/gangway',
          line: 7,
          since: 0,
        },
      },
    ]);
    await server.graph.waitFor(revision);
  });
  afterAll(() => server.close());

  const desk = { viewport: { width: 1280, height: 720 } };
  const main = (page: Page): Locator => page.locator('main');

  test('any service by its name: the palette, three letters, Enter', async () => {
    const { page, errors, close } = await open(`${server.url}/?team=*`, desk);
    await page.getByText('Live', { exact: true }).waitFor();
    const typist = typistAt(page);
    await typist.press('Control+k', 'g', 'a', 'n');
    // Enter opens what is chosen, which what was found first may not be for long.
    await page.getByRole('option', { name: /gangway/, selected: true }).waitFor();
    await typist.press('Enter');
    await page.getByRole('heading', { name: 'gangway', level: 1 }).waitFor();
    expect(typist).toMatchObject({ activations: 1, keys: 5, unseen: [] });
    expect(errors).toEqual([]);
    await close();
  });

  test('who owns it, where it is declared and what is wrong with it: on the first screen', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog/component/default/gangway`, desk);
    await page.getByRole('heading', { name: 'gangway', level: 1 }).waitFor();
    await page.waitForFunction(() => document.querySelector('.skeleton') === null);
    await expect.poll(() => isInView(main(page).getByRole('link', { name: /carpenters/ }))).toBe(true);
    await expect.poll(() => isInView(main(page).getByText('test:entities'))).toBe(true);
    await expect.poll(() => isInView(main(page).getByText(/1 error|1 problem|lifecycle is missing/))).toBe(true);
    expect(errors).toEqual([]);
    await close();
  });

  test('what depends on it: at most one key that opens', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog/component/default/gangway`, desk);
    await page.getByRole('heading', { name: 'gangway', level: 1 }).waitFor();
    await page.waitForFunction(() => document.querySelector('.skeleton') === null);
    const dependent = main(page).getByRole('link', { name: /fly-tower/ });
    const typist = typistAt(page);
    if (!(await dependent.first().isVisible())) {
      await page.getByRole('link', { name: /^Relations/ }).focus();
      await typist.press('Enter');
      await dependent.first().waitFor();
    }
    expect(typist.activations).toBeLessThanOrEqual(1);
    expect(errors).toEqual([]);
    await close();
  });

  test('what a team must mend: on its home, without a key', async () => {
    const { page, errors, close } = await open(`${server.url}/?team=group:default/carpenters`, desk);
    await main(page).getByText('spec.lifecycle is missing').first().waitFor();
    await expect.poll(() => isInView(main(page).getByText('spec.lifecycle is missing'))).toBe(true);
    expect(errors).toEqual([]);
    await close();
  });

  test('rows are walked, opened and come back to; places are gone to by two keys', async () => {
    const { page, errors, close } = await open(`${server.url}/catalog?kind=component`, desk);
    await main(page)
      .getByRole('row', { name: /service-0000/ })
      .waitFor();
    const typist = typistAt(page);
    await typist.press('j', 'j', 'j', 'k');
    const opened = await page.evaluate(() => (document.activeElement as HTMLElement).dataset['rowLink']);
    await typist.press('Enter');
    await main(page).getByRole('heading', { level: 1 }).waitFor();
    await page.waitForURL(/\/catalog\/component\//);
    await page.goBack();
    await page.waitForURL(/\/catalog\?kind=component/);
    await page.waitForFunction((row) => (document.activeElement as HTMLElement).dataset['rowLink'] === row, opened);
    for (const [key, title] of [
      ['p', 'Problems'],
      ['s', 'Sources'],
      ['c', 'Catalog'],
    ] as const) {
      await typist.press('g', key);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    }
    expect(typist).toMatchObject({ activations: 1, unseen: [] });
    expect(errors).toEqual([]);
    await close();
  });

  test.each([
    ['/catalog?kind=component', 'service-0000'],
    ['/catalog/component/default/gangway', 'gangway'],
    ['/?team=group:default/carpenters', 'gangway'],
    ['/problems', 'gangway'],
    ['/sources', 'completeness'],
    ['/sources/register', 'See what it would bring'],
  ])('every place that Tab leads to on %s is seen', async (path, text) => {
    const { page, close } = await open(server.url + path, desk);
    await waitUntilDrawn(page, text);
    const typist = typistAt(page);
    await typist.press(...Array.from({ length: 45 }, () => 'Tab'));
    expect(typist.unseen).toEqual([]);
    await close();
  });

  test('Escape loses nothing that was typed', async () => {
    const { page, errors, close } = await open(`${server.url}/problems`, desk);
    for (const [path, field] of [
      ['/problems', page.getByRole('searchbox', { name: 'Search the problems' })],
      ['/sources', page.getByRole('searchbox', { name: 'Search the locations' })],
      ['/sources/register', page.getByRole('textbox', { name: 'Address' })],
    ] as const) {
      await page.goto(server.url + path);
      await field.pressSequentially('gangway');
      await page.keyboard.press('Escape');
      expect(await field.inputValue()).toBe('gangway');
    }
    expect(errors).toEqual([]);
    await close();
  });
});
