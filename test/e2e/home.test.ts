import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Preferences } from '../../src/api/preferences.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { tryAgain } from './inspection.ts';
import { openHouse, type House } from './people.ts';
import { componentText, openTheatre, waitForEntities, PARTS, type Theatre } from './theatre.ts';

const STAGE = '/?team=group:default/stage';

describeInBrowser('Home of a guest', ({ open, webFolder }) => {
  let theatre: Theatre;
  let server: TestServer;
  let opened: WatchedPage | undefined;
  beforeAll(async () => {
    theatre = await openTheatre();
    server = await startTestServer({ catalog: [theatre.folder], webFolder: webFolder() });
    await waitForEntities(server, PARTS + 5);
  });
  afterAll(async () => {
    await server.close();
    await theatre.close();
  });
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = undefined;
    expect(errors).toEqual([]);
  });
  const visit = async (path: string): Promise<WatchedPage['page']> => {
    opened = await open(server.url + path);
    return opened.page;
  };

  test('offers the teams; the browser remembers the one that was chosen, and the URL says it', async () => {
    const page = await visit('/');
    await page.getByRole('heading', { name: 'Choose a team' }).waitFor();
    const teams = page.getByRole('region', { name: 'Choose a team' });
    await teams.getByRole('link', { name: 'stage' }).click();
    await page.getByRole('heading', { name: 'stage', level: 1 }).waitFor();
    expect(new URL(page.url()).search).toBe('?team=group:default/stage');
    await page.goto(`${server.url}/`);
    await page.getByRole('heading', { name: 'stage', level: 1 }).waitFor();
    expect(new URL(page.url()).search).toBe('?team=group:default/stage');
  });

  test('takes another team by typing, with the keyboard alone', async () => {
    const page = await visit('/?team=*');
    await page.getByRole('heading', { name: 'Everything', level: 1 }).waitFor();
    const field = page.getByRole('combobox', { name: 'Team' });
    await field.fill('sta');
    await page.getByRole('option', { name: /^stage/ }).waitFor();
    await field.press('ArrowDown');
    await field.press('Enter');
    await page.getByRole('heading', { name: 'stage', level: 1 }).waitFor();
  });

  test('shows what needs the team, what it owns and what changed, and follows a file', async () => {
    await theatre.write('desk.yaml', componentText('desk', 'Sells seats', { system: 'nowhere' }));
    const page = await visit(STAGE);
    const needs = page.getByRole('region', { name: 'Needs you' });
    await needs.getByRole('link', { name: /nowhere/ }).waitFor();
    await needs.getByText('desk.yaml:').waitFor();
    const owned = page.getByRole('region', { name: 'What the team owns' });
    await owned.getByRole('link', { name: '61 components' }).waitFor();
    expect(await owned.getByRole('row').count()).toBe(51);
    await owned.getByRole('link', { name: `All ${PARTS + 3} in the catalog` }).waitFor();
    await owned.getByRole('row', { name: /^desk.*1 warning/ }).waitFor();
    await theatre.write('desk.yaml', componentText('desk', 'Sells seats at the counter'));
    const latest = page.getByRole('region', { name: 'What changed' }).getByRole('listitem').first();
    await latest.getByText('description, system').waitFor();
    await needs.getByText('All 61 components, 1 API and 1 system without a problem').waitFor();
  });

  test('is walked by keys and opened', async () => {
    const page = await visit(STAGE);
    await page.getByRole('region', { name: 'What the team owns' }).getByRole('link', { name: /^desk/ }).waitFor();
    const problems = await page.getByRole('region', { name: 'Needs you' }).getByRole('listitem').count();
    for (let at = 0; at <= problems; at += 1) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'tickets', level: 1 }).waitFor();
  });

  test.each([
    ['What changed', 'changes'],
    ['Needs you', 'problems'],
    ['What the team owns', 'owned'],
    ['On the team', 'entities'],
  ])('%s fails alone', async (region, path) => {
    opened = await open('');
    const { page } = opened;
    await page.route(`**/api/v1/${path}?**`, (route) =>
      route.fulfill({ status: 500, json: { title: 'Fault', status: 500, code: 'STORE_FAILED', detail: 'On fire.' } }),
    );
    await page.goto(server.url + STAGE);
    const block = page.getByRole('region', { name: region });
    await block.getByText('STORE_FAILED').waitFor();
    for (const other of ['What changed', 'Needs you', 'What the team owns', 'On the team'].filter(
      (name) => name !== region,
    )) {
      await page.getByRole('region', { name: other }).waitFor();
      expect(await page.getByRole('region', { name: other }).getByText('STORE_FAILED').count()).toBe(0);
    }
    await page.unroute(`**/api/v1/${path}?**`);
    await tryAgain(block);
    await block.getByText('STORE_FAILED').waitFor({ state: 'detached' });
  });

  test('keeps stars and visits in the browser', async () => {
    const page = await visit('/catalog/component/default/desk');
    await page.getByRole('button', { name: 'Star desk' }).click();
    await page.goto(`${server.url}/catalog/api/default/seats`);
    await page.getByRole('heading', { name: 'Seats', level: 1 }).waitFor();
    await page.goto(server.url + STAGE);
    await page.getByRole('region', { name: 'Starred' }).getByRole('link', { name: 'desk' }).waitFor();
    const seen = page.getByRole('region', { name: 'Seen lately' });
    await seen.getByRole('link', { name: 'Seats' }).waitFor();
    await page.getByRole('region', { name: 'Starred' }).getByRole('button', { name: 'Star desk' }).click();
    await page.getByText('A star on an entity’s page keeps it here.').waitFor();
    await seen.getByRole('link', { name: 'desk' }).waitFor();
  });

  test('says of a team that nobody knows what can be done', async () => {
    const page = await visit('/?team=group:default/none');
    await page.getByText('The catalog has no group none that you may see').waitFor();
    await page.getByRole('heading', { name: 'Choose a team' }).waitFor();
  });
});

describeInBrowser('Home of a person', ({ open, webFolder }) => {
  let house: House;
  const closing: WatchedPage[] = [];
  beforeAll(async () => {
    house = await openHouse(webFolder());
  });
  afterAll(() => house.close());
  afterEach(async () => {
    for (const each of closing.splice(0)) await each.close();
  });
  const enter = async (who: string, path: string): Promise<WatchedPage['page']> => {
    const visit = await house.enter(open, who, path);
    closing.push(visit);
    return visit.page;
  };

  test('is about the groups one is in, without being told', async () => {
    const page = await enter('bob', '/');
    await page.getByRole('heading', { name: 'The stage', level: 1 }).waitFor();
    await page
      .getByRole('region', { name: 'What the team owns' })
      .getByRole('link', { name: /^lights/ })
      .waitFor();
    await page.getByRole('region', { name: 'On the team' }).getByRole('link', { name: /bob/ }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('tells who is in no group how to be in one, and keeps another choice on the server', async () => {
    const page = await enter('ada', '/');
    await page.getByText('members: [ada]').waitFor();
    const teams = page.getByRole('region', { name: 'Choose a team' });
    await teams.getByRole('link', { name: 'The stage' }).click();
    await page.getByRole('button', { name: 'Make it your Home' }).click();
    await page.getByRole('button', { name: 'Back to your groups' }).waitFor();
    const again = await enter('ada', '/');
    await again.getByRole('heading', { name: 'The stage', level: 1 }).waitFor();
    await again.getByRole('button', { name: 'Back to your groups' }).click();
    await again.getByRole('heading', { name: 'Choose a team' }).waitFor();
  });

  test('a star is kept on the server; one that is refused is taken off again, with the reason', async () => {
    const page = await enter('bob', '/catalog/component/default/lights');
    const star = page.getByRole('button', { name: 'Star lights' });
    await star.click();
    const kept = async (): Promise<Preferences> =>
      (await (await page.request.get(`${house.baseUrl}/api/v1/account/preferences`)).json()) as Preferences;
    await vi.waitFor(async () => expect((await kept()).stars).toEqual(['component:default/lights']));
    await page.route('**/api/v1/account/stars/**', (route) =>
      route.fulfill({ status: 409, json: { title: 'Conflict', status: 409, code: 'STARS_FULL', detail: 'Full.' } }),
    );
    await star.click();
    await page.getByText(/^Not kept/).waitFor();
    expect(await star.getAttribute('aria-pressed')).toBe('true');
  });
});
