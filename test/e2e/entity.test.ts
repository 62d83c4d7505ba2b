import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { componentText, openTheatre, type Theatre } from './theatre.ts';

type Page = WatchedPage['page'];

const demo = resolve(import.meta.dirname, '../../demo/organisation');

/** Path of an entity of each kind, its name, and what its first screen says beside it. */
const kinds: readonly (readonly [path: string, title: string, texts: readonly (string | RegExp)[]])[] = [
  ['component/default/ticket-office', 'Ticket office', ['Provides API', 'Depends on', 'What changed', 'Links']],
  ['api/default/tickets', 'Tickets', ['Providers', 'Consumers']],
  ['resource/default/ticket-db', 'ticket-db', ['Used by']],
  ['system/default/ticketing', 'Ticketing', ['Parts', 'Lifecycle', 'Ticket shop']],
  ['domain/default/front-of-house', 'Front of house', ['Systems and subdomains', 'Ticketing', 'Everything in it']],
  ['group/default/house', 'Front of house', ['Members', 'Child groups', 'Owns', 'With 2 groups below']],
  ['user/default/ticket-clerk-one', 'Row Halfprice', ['Groups', 'directly or through 1 group', 'Ticket office']],
  ['location/default/lantern-theatre', 'The Lantern Theatre', ['Targets', './company/*.yaml', /company\/users\.yaml/]],
  ['template/default/new-service', 'New service', ['What it asks', 'What it does', 'required']],
  ['airesource/default/cue-skill', 'cue-skill', ['Spec', 'stage, sound']],
];

const skill = `apiVersion: backstage.io/v1alpha1
kind: AiResource
metadata: { name: cue-skill, description: Teaches how cues are called }
spec: { type: skill, lifecycle: experimental, owner: stage, disciplines: [stage, sound] }
`;

const linked = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: linked
  links:
    - { url: 'https://docs.example/desk', title: Handbook, icon: docs }
    - { url: 'javascript:alert(1)', title: Trap }
  annotations: { backstage.io/view-url: 'javascript:alert(2)' }
spec: { type: service, lifecycle: production, owner: stage, dependsOn: ['resource:no-such-lamp'] }
`;

describeInBrowser('the page of an entity', ({ open, webFolder }) => {
  let theatre: Theatre;
  let server: TestServer;
  let opened: WatchedPage | undefined;

  beforeAll(async () => {
    theatre = await openTheatre();
    await theatre.write('skill.yaml', skill);
    await theatre.write('linked.yaml', linked);
    server = await startTestServer({ catalog: [theatre.folder, demo], webFolder: webFolder() });
    const refs = ['component/default/linked', 'user/default/ticket-clerk-one', 'template/default/new-service'];
    await vi.waitFor(
      async () => {
        const answers = await Promise.all(refs.map((ref) => server.get(`/api/v1/entities/${ref}`)));
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      },
      { timeout: 30_000, interval: 100 },
    );
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
  const visit = async (path: string): Promise<Page> => {
    opened = await open(server.url + path, { permissions: ['clipboard-read', 'clipboard-write'] });
    return opened.page;
  };
  const desk = '/catalog/component/default/desk';

  test.each(kinds)('of %s says what its kind is about', async (path, title, texts) => {
    const page = await visit(`/catalog/${path}`);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    for (const text of texts) await page.getByText(text).first().waitFor();
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  });

  describe('its first screen', () => {
    test('says what is wrong with place and beginning, and what is declared but not there', async () => {
      const page = await visit('/catalog/component/default/lost');
      const state = page.getByRole('region', { name: 'State' });
      await state.getByText('1 warning on its descriptor').waitFor();
      await state.getByText(/since .* ago/).waitFor();
      await state.getByText('lost.yaml:10').waitFor();
      await page.getByText('1 declared target not in the catalog').waitFor();
    });

    test('tells the way to it, its owner and its tags', async () => {
      const page = await visit('/catalog/component/default/ticket-office');
      const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });
      await crumbs.getByRole('link', { name: 'Front of house' }).waitFor();
      await page.getByRole('link', { name: 'tier-1' }).waitFor();
      await page.getByRole('link', { name: 'Box office' }).waitFor();
      await crumbs.getByRole('link', { name: 'Ticketing' }).click();
      await page.getByRole('heading', { name: 'Ticketing', level: 1 }).waitFor();
    });

    test('follows no address but those of the web', async () => {
      const page = await visit('/catalog/component/default/linked');
      await page.getByRole('link', { name: 'Handbook' }).waitFor();
      await page.getByText('Trap (not a web address)').waitFor();
      const targets = await page.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
      expect(targets.filter((target) => target?.startsWith('javascript'))).toEqual([]);
    });

    test('fits into 1280 x 720 with state, owner, what changed and links', async () => {
      const page = await visit('/catalog/component/default/ticket-office');
      await page.setViewportSize({ width: 1280, height: 720 });
      const seen = ['State', 'What changed', 'Links', 'Provides API'].map((name) => page.getByRole('region', { name }));
      for (const region of seen) {
        const box = await region.boundingBox();
        expect((box?.y ?? 720) + (box?.height ?? 0)).toBeLessThan(720);
      }
    });
  });

  test('puts the worst of its parts first, and narrows them to a kind', async () => {
    const page = await visit('/catalog/system/default/tickets');
    const rows = page.getByRole('table', { name: 'Entities, the worst first' }).getByRole('row');
    await rows.nth(1).filter({ hasText: 'lost' }).waitFor();
    await page
      .getByRole('region', { name: 'State' })
      .getByText(/entities in it has problems/)
      .waitFor();
    const chosen = page.getByRole('navigation', { name: 'Kinds in it' });
    await chosen.getByRole('link', { name: /^API/ }).click();
    await expect.poll(() => rows.count()).toBe(2);
    expect(page.url()).toContain('kind=api');
    await page.reload();
    await rows.nth(1).filter({ hasText: 'Seats' }).waitFor();
  });

  test('of a group counts what the groups below it own, or leaves that out', async () => {
    const page = await visit('/catalog/group/default/house?kind=system');
    const owns = page.getByRole('region', { name: 'Owns' });
    await owns.getByRole('link', { name: 'Ticketing' }).waitFor();
    await owns.getByRole('link', { name: 'Directly' }).click();
    await owns.getByRole('link', { name: 'Ticketing' }).waitFor({ state: 'detached' });
    expect(page.url()).toContain('scope=direct');
  });

  test('shows the fields of each step as they were and are, and a link to a step finds it', async () => {
    const page = await visit(`${desk}?view=history`);
    await page.getByText('Created').waitFor();
    await theatre.write('desk.yaml', componentText('desk', 'Sells seats at the counter', { owner: 'nobody' }));
    const step = page.getByRole('listitem').filter({ hasText: 'spec.owner' });
    await step.locator('del', { hasText: 'stage' }).waitFor();
    await step.locator('ins', { hasText: 'nobody' }).waitFor();
    await step.getByRole('link', { name: /revision/ }).click();
    await page.waitForURL(/step=\d+/);
    await page.reload();
    await page.locator('li[aria-current=true]', { hasText: 'spec.owner' }).waitFor();
    await page.getByRole('searchbox', { name: /Filter steps/ }).fill('no such field');
    await page.getByText(/None of the last 2 steps/).waitFor();
    await page.goto(server.url + desk);
    await page.getByRole('region', { name: 'What changed' }).getByText('spec.owner stage → nobody').waitFor();
    await theatre.write('desk.yaml', componentText('desk', 'Sells seats at the counter'));
  });

  test('shows a problem at its line of the descriptor, in YAML and in JSON', async () => {
    const page = await visit('/catalog/component/default/lost?view=descriptor');
    const wrong = page.locator('.code-line.is-wrong');
    await wrong.filter({ hasText: 'owner: nobody' }).getByText('Warning').waitFor();
    await page.getByRole('link', { name: 'JSON' }).click();
    await wrong.filter({ hasText: '"owner": "nobody"' }).waitFor();
  });

  test('filters its relations by name', async () => {
    const page = await visit('/catalog/group/default/stage?view=relations&type=ownerOf');
    await page.getByRole('searchbox', { name: 'Filter relations by name' }).fill('part-07');
    const rows = page.getByRole('table', { name: 'Owns' }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(2);
    expect(page.url()).toContain('q=part-07');
  });

  describe('a link to an entity', () => {
    test('opens a card for a pointer that rests on it, which Esc puts away without leaving the page', async () => {
      const page = await visit('/catalog/component/default/ticket-office');
      await page.getByRole('link', { name: 'Box office' }).hover();
      const card = page.getByRole('tooltip');
      await card.getByText('Tickets, seats and the season.').waitFor();
      await card.getByText(/ticket-clerk-one/).waitFor();
      await card.hover();
      await page.keyboard.press('Escape');
      await card.waitFor({ state: 'detached' });
      await page.getByRole('heading', { name: 'Ticket office', level: 1 }).waitFor();
    });

    test('opens it for the keyboard too, and a click goes where it leads', async () => {
      const page = await visit('/catalog/component/default/ticket-office');
      const link = page.getByRole('link', { name: 'Box office' });
      await link.waitFor();
      await page.keyboard.press('Tab');
      await link.focus();
      await page.getByRole('tooltip').waitFor();
      expect(await link.getAttribute('aria-describedby')).toBe(await page.getByRole('tooltip').getAttribute('id'));
      await link.click();
      await page.getByRole('heading', { name: 'Box office', level: 1 }).waitFor();
      await page.getByRole('tooltip').waitFor({ state: 'detached' });
    });
  });

  test('has keys: y copies its link, s stars it', async () => {
    const page = await visit(desk);
    await page.getByRole('heading', { name: 'desk', level: 1 }).waitFor();
    await page.keyboard.press('y');
    await page.getByText('Link copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Star desk', pressed: true }).waitFor();
  });

  test('of what is not there names what is near, and where it was', async () => {
    await theatre.write('brief.yaml', componentText('brief-visit', 'Does not stay'));
    const page = await visit('/catalog/component/default/brief-visit');
    await page.getByText('Does not stay').waitFor();
    await theatre.remove('brief.yaml');
    await page.getByText('It left the catalog').waitFor();
    await page.getByText('brief.yaml').waitFor();
    await page.goto(`${server.url}/catalog/component/default/ticket-ofice`);
    await page.getByText('Did you mean').getByRole('link', { name: 'Ticket office' }).click();
    await page.getByRole('heading', { name: 'Ticket office', level: 1 }).waitFor();
  });
});
