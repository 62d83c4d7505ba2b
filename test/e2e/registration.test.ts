import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, startFileServer, type FileServer } from '../support/client-catalog.ts';
import { catalogOf, component, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

describeInBrowser('locations come and go in the pages, problems are taken away', ({ open, webFolder }) => {
  let theatre: Theatre;
  let web: FileServer;
  let server: TestServer;
  beforeAll(async () => {
    theatre = await openTheatre();
    web = await startFileServer();
    server = await startTestServer({
      config: { catalog: catalogOf([theatre.folder]), reading: { allow: [{ host: web.host }] } },
      webFolder: webFolder(),
    });
    await waitForEntities(server, PARTS + 5);
  });
  afterAll(async () => {
    await server.close();
    await web.close();
    await theatre.close();
  });

  test('what a location brings is seen before it is registered, what goes before it is taken back', async () => {
    const target = serve(web, '/ramp.yaml', component('ramp'), component('desk'), component('hall lights'));
    const { page, errors, close } = await open(`${server.url}/sources`);
    await page.getByRole('link', { name: 'Register a location…' }).click();
    await page.getByRole('button', { name: 'See what it would bring' }).click();
    await page.getByText('Say where it is').waitFor();
    await page.getByRole('textbox', { name: 'Address' }).fill(target);
    await page.getByRole('button', { name: 'See what it would bring' }).click();
    const seen = page.getByRole('region', { name: 'What it would bring' });
    await seen.getByText('2 entities: 1 in conflict, 1 new').waitFor();
    await seen.getByText('1 error', { exact: true }).waitFor();
    expect(await seen.getByRole('row', { name: /desk/ }).textContent()).toMatch(/Conflict.*stays as .*desk\.yaml:1/);
    expect((await server.get('/api/v1/entities/component/default/ramp')).status).toBe(404);

    // What changed since is to be looked at again.
    await page.getByRole('checkbox', { name: /no problem when there is nothing/ }).check();
    expect(await seen.getByRole('button', { name: 'Register it' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox').uncheck();
    await seen.getByRole('button', { name: 'Register it' }).click();
    await page.getByText('is registered and read from now on').waitFor();
    await page.getByRole('link', { name: 'See its source' }).click();

    const row = page.getByRole('row', { name: `url:${target}` }).first();
    await row.getByRole('link', { name: /Unregister/ }).click();
    await page.getByText('1 entity, which come from it alone').waitFor();
    expect((await server.get('/api/v1/entities/component/default/ramp')).status).toBe(200);
    await page.getByRole('button', { name: 'Unregister it' }).click();
    await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
    await expect.poll(() => page.getByRole('row', { name: `url:${target}` }).count()).toBe(0);
    expect((await server.get('/api/v1/entities/component/default/ramp')).status).toBe(404);
    expect(errors).toEqual([]);
    await close();
  });

  test('a preview that takes long says so and can be stopped; one that is refused says why', async () => {
    const { page, errors, close } = await open('');
    await page.route('**/api/v1/locations?dryRun=true', () => undefined);
    await page.goto(`${server.url}/sources/register?target=${web.url}/never.yaml`);
    await page.getByRole('button', { name: 'See what it would bring' }).click();
    await page.getByText(/Reading it for [1-9]\d* s/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'See what it would bring' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Address' }).inputValue()).toBe(`${web.url}/never.yaml`);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.getByRole('textbox', { name: 'Address' }).fill('https://nowhere.example/a.yaml');
    await page.getByRole('button', { name: 'See what it would bring' }).click();
    await page
      .getByText(/not allowed|nowhere\.example/)
      .nth(1)
      .waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('problems are put together by owner and by code, copied as text and exported as a table', async () => {
    const { page, errors, close } = await open(`${server.url}/problems`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const counts = page.getByRole('navigation', { name: 'Problems by location' });
    await counts.getByRole('link', { name: /broken\.yaml/ }).click();
    await page.getByText('1 problem', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Owner', exact: true }).click();
    await page.getByText('Nobody is known to own these').first().waitFor();
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await page.getByText('Copied 1').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/broken\.yaml:3:\d+ {2}error {2}.*\n {4}-> /);
    await page.getByRole('link', { name: /take off/ }).click();
    await page.getByRole('region', { name: 'group:default/nobody' }).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const table = await readFile(await (await downloading).path(), 'utf8');
    expect(table.split('\r\n')).toHaveLength(4);
    expect(table).toContain('dangling-relation');
    expect(errors).toEqual([]);
    await close();
  });
});
