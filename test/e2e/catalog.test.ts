import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { componentText, openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

const FIELD = 'Filter the catalog';

describeInBrowser('the catalog in a browser', ({ open, webFolder }) => {
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

  test('lists the entities with their counts, and goes through the pages', async () => {
    const page = await visit('/catalog');
    await page.getByRole('heading', { name: 'Catalog', level: 1 }).waitFor();
    await page.getByText(`${PARTS + 6} entities`).waitFor();
    expect(new URL(page.url()).pathname).toBe('/catalog');
    expect(await page.getByRole('row').count()).toBe(51);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(`${PARTS + 6 - 50} of ${PARTS + 6}`).waitFor();
    expect(page.url()).toContain('cursor=');
    await page.reload();
    await page.getByText(`${PARTS + 6 - 50} of ${PARTS + 6}`).waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.getByRole('link', { name: 'desk' }).waitFor();
  });

  test('filters by kind, facet and text; the URL reopened elsewhere shows the same view', async () => {
    const page = await visit('/catalog');
    await page
      .getByRole('navigation', { name: 'Kinds' })
      .getByRole('link', { name: /^Component/ })
      .click();
    await page.getByText(`${PARTS + 2} entities match`).waitFor();
    await page.getByRole('checkbox', { name: /service/ }).check();
    await page.getByText('1 entity matches').waitFor();
    await page.getByRole('checkbox', { name: /website/ }).check();
    await page.getByText('2 entities match').waitFor();
    await page.getByRole('combobox', { name: FIELD }).fill('counter');
    await page.getByRole('row', { name: /lost/ }).waitFor();
    await page.getByRole('combobox', { name: FIELD }).fill('sells seats');
    await page.getByText('1 entity matches').waitFor();
    await page.waitForURL(/q=sells\+seats/);
    expect(new URL(page.url()).search).toBe('?kind=component&type=service,website&q=sells+seats');
    const rows = await page.getByRole('row').allInnerTexts();

    const other = await open(page.url());
    await other.page.getByText('1 entity matches').waitFor();
    expect(await other.page.getByRole('row').allInnerTexts()).toEqual(rows);
    expect(await other.page.getByRole('combobox', { name: FIELD }).inputValue()).toBe('sells seats');
    expect(await other.page.getByRole('checkbox', { name: /website/ }).isChecked()).toBe(true);
    expect(other.errors).toEqual([]);
    await other.close();

    await page.getByRole('checkbox', { name: /website/ }).click();
    await page.waitForURL(/type=service&/);
    await page.goBack();
    await page.waitForURL(/type=service,website/);
    expect(await page.getByRole('checkbox', { name: /website/ }).isChecked()).toBe(true);
  });

  test('sorts by a column, both ways', async () => {
    const page = await visit('/catalog?kind=component');
    await page.getByRole('link', { name: 'Type' }).click();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Type' }).waitFor();
    await page.getByRole('link', { name: 'Type' }).click();
    await page.locator('th[aria-sort=descending]', { hasText: 'Type' }).waitFor();
    await expect.poll(() => page.getByRole('row').nth(1).innerText()).toContain('lost');
    expect(page.url()).toContain('sort=-type');
  });

  test('a CEL condition is asked, what it cannot decide is counted, and a wrong one is told where it stands', async () => {
    const page = await visit('/catalog');
    await page.getByRole('button', { name: 'CEL' }).click();
    await page.getByRole('textbox', { name: 'CEL condition' }).fill('spec.lifecycle == "production"');
    await page.getByText('2 entities match').waitFor();
    // The group, the system and the Location of the folder have no lifecycle.
    await page.getByText('3 could not be decided').waitFor();
    await page.getByRole('textbox', { name: 'CEL condition' }).fill('spec.lifecycle ==');
    await page
      .getByRole('alert')
      .filter({ hasText: /line 1, column/ })
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'CEL condition' }).getAttribute('aria-invalid')).toBe('true');
  });

  test('is walked by keys: search, rows, open, back to the same row', async () => {
    const page = await visit('/catalog');
    await page.getByRole('row', { name: /desk/ }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('part-1');
    await page.getByText('10 entities match').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'part-11', level: 1 }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('10 entities match').waitFor();
    await expect.poll(() => focusedText(page)).toContain('part-11');
  });

  test('filters become tokens as they are typed, with completion, and are taken off by keys', async () => {
    const page = await visit('/catalog');
    await page.getByRole('row', { name: /desk/ }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('-li');
    await page.getByRole('option', { name: /^lifecycle:/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /^deprecated/ }).waitFor();
    await page.keyboard.type('dep');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('6 entities match').waitFor();
    expect(new URL(page.url()).search).toBe('?lifecycle=-deprecated');
    await page.keyboard.type('type:service,website desk ');
    await page.waitForURL(/q=desk/);
    expect(new URL(page.url()).search).toBe('?type=service,website&lifecycle=-deprecated&q=desk');
    await page.getByText('1 entity matches').waitFor();
    expect(await page.getByRole('combobox', { name: FIELD }).inputValue()).toBe('desk ');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Delete');
    await page.waitForURL((url) => url.search === '?type=service,website&q=desk');
    await expect.poll(() => focusedText(page)).toContain('type:');
    await page.keyboard.press('Backspace');
    await page.waitForURL((url) => url.search === '?q=desk');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
  });

  test('a filter that makes no sense is told with its place; the rest is asked, and the link keeps it', async () => {
    const page = await visit('/catalog');
    const field = page.getByRole('combobox', { name: FIELD });
    await field.fill('desk ownr:stage');
    await field.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'No filter is called "ownr". Did you mean "owner"?' }).waitFor();
    await page.getByText('1 entity matches').waitFor();
    await page.waitForURL(/q=desk\+ownr:stage/);
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'ownr' }).waitFor();
    expect(await field.inputValue()).toBe('desk ownr:stage');
  });

  test('facets exclude, count what has no value, and show all values with a search in them', async () => {
    const page = await visit('/catalog?kind=component');
    await page.getByText(`${PARTS + 2} entities match`).waitFor();
    await page.getByRole('checkbox', { name: /library/ }).click({ modifiers: ['Alt'] });
    await page.getByText('2 entities match').waitFor();
    expect(page.url()).toContain('type=-library');
    await page.getByRole('button', { name: 'Exclude library' }).click();
    await page.getByText(`${PARTS + 2} entities match`).waitFor();
    await page.getByRole('checkbox', { name: /With problems/ }).check();
    await page.getByText('1 entity matches').waitFor();
    expect(page.url()).toContain('has=problems');
    await page
      .getByRole('row', { name: /lost/ })
      .getByRole('link', { name: /1 warning/ })
      .hover();
    await page
      .getByRole('tooltip')
      .getByText(/not in the catalog/)
      .waitFor();
    await page.goto(`${server.url}/catalog`);
    await page.getByRole('checkbox', { name: /No owner/ }).check();
    await page.getByRole('row', { name: /stage/ }).waitFor();
    expect(page.url()).toContain('has=-owner');
  });

  test('columns are chosen, ordered and sorted by, with facts and any path; the link keeps them', async () => {
    const page = await visit('/catalog?kind=component');
    await page.getByRole('button', { name: 'Columns' }).click();
    const dialog = page.getByRole('dialog', { name: 'Columns' });
    await dialog.getByRole('button', { name: 'Take System off' }).click();
    await dialog.getByRole('button', { name: 'Move Owner up' }).click();
    await dialog.getByRole('button', { name: 'Completeness' }).click();
    await dialog.getByRole('combobox', { name: 'Path of a column' }).fill('spec.sys');
    await dialog.getByRole('option', { name: /spec\.system/ }).click();
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.waitForURL(/cols=kind,owner,type,lifecycle,score,spec\.system/);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('link', { name: 'Completeness' }).click();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Completeness' }).waitFor();
    await page.reload();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Completeness' }).waitFor();
    await expect.poll(() => page.getByRole('row').nth(1).innerText()).toMatch(/\b83\b/);
  });

  test('a row is looked at beside the list, which the walk goes through; its page leads to its neighbours', async () => {
    const page = await visit('/catalog?q=part-1');
    await page.getByText('10 entities match').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.locator('.peek-pane').getByRole('heading', { name: 'part-10' }).waitFor();
    await page.waitForURL(/peek=component:default\/part-10/);
    await page.keyboard.press('j');
    await page.locator('.peek-pane').getByRole('heading', { name: 'part-11' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.peek-pane').count()).toBe(0);
    await expect.poll(() => focusedText(page)).toContain('part-11');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'part-11', level: 1 }).waitFor();
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: 'part-12', level: 1 }).waitFor();
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    await page.getByRole('heading', { name: 'part-10', level: 1 }).waitFor();
    await page.goBack();
    await page.getByText('10 entities match').waitFor();
  });

  test('rows are chosen by keys, one and up to one, and taken away as a table', async () => {
    const page = await visit('/catalog?q=part-1&cols=owner');
    await page.getByText('10 entities match').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByText('3 chosen').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('region', { name: 'Chosen rows' }).getByRole('link', { name: 'CSV' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe(
      [
        '"metadata.name","metadata.namespace","relations.ownedBy"',
        ...['part-10', 'part-11', 'part-12'].map((name) => `"${name}","default","group:default/stage"`),
        '',
      ].join('\r\n'),
    );
    await page.getByRole('button', { name: 'Export' }).click();
    const [all] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download JSON' }).click(),
    ]);
    expect(JSON.parse(await readFile(await all.path(), 'utf8'))).toHaveLength(10);
  });

  test('a view is saved under a name and opened again', async () => {
    const page = await visit('/catalog?kind=component&type=website');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('textbox', { name: 'Name of this view' }).fill('Shop windows');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'View: Shop windows' }).waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${server.url}/catalog`);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('link', { name: 'Shop windows' }).click();
    await page.getByText('1 entity matches').waitFor();
    expect(new URL(page.url()).search).toBe('?kind=component&type=website');
    await page.getByRole('button', { name: 'View: Shop windows' }).click();
    await page.getByRole('button', { name: 'Remove the view Shop windows' }).click();
    await page.getByRole('button', { name: 'Views' }).waitFor();
  });

  test('a condition is completed with the paths of the catalog, and explained', async () => {
    const page = await visit('/catalog?where=kind+==+"Component"');
    await page.getByText(`${PARTS + 2} entities match`).waitFor();
    const field = page.getByRole('textbox', { name: 'CEL condition' });
    await field.focus();
    await field.press('End');
    await field.pressSequentially(' && spec.lifec');
    await page.getByRole('option', { name: /spec\.lifecycle/ }).click();
    await field.pressSequentially(' == "production"');
    await page.getByText('2 entities match').waitFor();
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('row', { name: /lookup spec\.lifecycle/ }).waitFor();
  });

  test('shows an entity: owner, relations, facts, history and its descriptor', async () => {
    const page = await visit('/catalog/component/default/desk');
    await page.getByRole('heading', { name: 'desk', level: 1 }).waitFor();
    await page.getByText('Sells seats at the counter').waitFor();
    await page.getByText('Its descriptor has no problem').waitFor();
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'tickets' }).waitFor();
    await page.getByText('Owned by', { exact: false }).first().waitFor();
    const parts = page.getByRole('navigation', { name: 'Parts of this page' });
    await parts.getByRole('link', { name: /Facts/ }).click();
    await page
      .getByRole('row', { name: /completeness/ })
      .first()
      .waitFor();
    expect(page.url()).toContain('view=facts');
    await parts.getByRole('link', { name: 'History' }).click();
    await page.getByText('Created').waitFor();
    await parts.getByRole('link', { name: 'Descriptor' }).click();
    await page.getByLabel('Descriptor', { exact: true }).getByText('name: desk').waitFor();
    await page.getByRole('link', { name: 'JSON' }).click();
    await page.getByText('"name": "desk"').waitFor();
    await page.reload();
    await page.getByText('"name": "desk"').waitFor();
    expect(await page.title()).toBe('desk · Callboard');
  });

  test('tells of what is wrong with the place and the fix, and leads to it from the entity', async () => {
    const page = await visit('/problems');
    await page
      .getByRole('navigation', { name: 'Severity' })
      .getByRole('link', { name: /Errors/ })
      .click();
    await page.getByText('broken.yaml:').waitFor();
    await page.getByText('metadata.name').first().waitFor();
    await page.getByRole('link', { name: /All/ }).click();
    await page.getByText('lost.yaml').first().waitFor();
    await page.getByRole('link', { name: 'lost , component' }).click();
    await page.getByRole('heading', { name: 'lost', level: 1 }).waitFor();
    await page
      .getByText(/not in the catalog/)
      .first()
      .waitFor();
  });

  test('names the sources, how fresh they are, and the locations with what they hold', async () => {
    const page = await visit('/sources');
    await page
      .getByRole('row', { name: /catalog.*Fresh/ })
      .first()
      .waitFor();
    await page.getByRole('searchbox').fill('desk');
    await expect.poll(() => page.getByRole('table', { name: 'Locations' }).getByRole('row').count()).toBe(2);
    await page.waitForURL(/q=desk/);
  });

  test('a descriptor that is edited, added or removed on disk changes the open page in place', async () => {
    const page = await visit('/catalog?q=trapdoor');
    await page.getByText('No entity matches').waitFor();
    await theatre.write('trapdoor.yaml', componentText('trapdoor', 'Opens downwards'));
    const row = page.getByRole('row', { name: /trapdoor/ });
    await row.waitFor();
    await row.evaluate((element) => element.setAttribute('data-marked', 'yes'));
    await theatre.write('trapdoor.yaml', componentText('trapdoor', 'Opens sideways'));
    await row.getByText('Opens sideways').waitFor();
    expect(await row.getAttribute('data-marked')).toBe('yes');

    await row.getByRole('link', { name: /trapdoor/ }).click();
    await page.getByText('Opens sideways', { exact: true }).waitFor();
    await theatre.write('trapdoor.yaml', componentText('trapdoor', 'Opens slowly'));
    await page.getByText('Opens slowly', { exact: true }).waitFor();
    await page.goBack();
    await expect.poll(() => focusedText(page)).toContain('trapdoor');
    await theatre.remove('trapdoor.yaml');
    // The focus is in the list, so even the row that is gone waits.
    await page.getByRole('button', { name: /show/ }).click();
    await page.getByText('No entity matches').waitFor();
  });

  test('rows do not move under the pointer: what came waits until it is asked for', async () => {
    const page = await visit('/catalog?q=curtain');
    await page.getByText('1 entity matches').waitFor();
    await page.getByRole('table').hover();
    await theatre.write('aa-curtain.yaml', componentText('aa-curtain', 'Falls at the end'));
    await page.getByText('2 entities match').waitFor();
    const button = page.getByRole('button', { name: /show/ });
    await button.waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await button.click();
    await expect.poll(() => page.getByRole('row').count()).toBe(3);
    await theatre.remove('aa-curtain.yaml');
    await page.mouse.move(5, 5);
    await page.getByText('1 entity matches').waitFor();
  });

  test('an unknown entity and an unknown page say so and lead on; the entity appears when it comes', async () => {
    const page = await visit('/nowhere/at/all');
    await page.getByText('Nothing is pinned at /nowhere/at/all').waitFor();
    await page.getByRole('link', { name: 'Go to the catalog' }).click();
    await page.getByRole('heading', { name: 'Catalog', level: 1 }).waitFor();
    await page.goto(`${server.url}/catalog/component/default/late`);
    await page.getByText('The catalog has no such entity').waitFor();
    await theatre.write('late.yaml', componentText('late', 'Comes after the bell'));
    await page.getByText('Comes after the bell').waitFor();
    await theatre.remove('late.yaml');
    await page.getByText('The catalog has no such entity').waitFor();
  });
});

function focusedText(page: WatchedPage['page']): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}
