import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, startFileServer, type FileServer } from '../support/client-catalog.ts';
import { catalogOf, component, startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser } from './browser.ts';
import { openTheatre, PARTS, waitForEntities, type Theatre } from './theatre.ts';

describeInBrowser('sources, problems and where entities come from', ({ open, webFolder }) => {
  let theatre: Theatre;
  let web: FileServer;
  let server: TestServer;
  let target: string;

  beforeAll(async () => {
    theatre = await openTheatre();
    web = await startFileServer();
    target = serve(web, '/ramp.yaml', component('ramp'));
    const catalog = catalogOf([theatre.folder, `${theatre.folder}/none`]);
    server = await startTestServer({
      config: { catalog, reading: { allow: [{ host: web.host }] } },
      webFolder: webFolder(),
    });
    await server.get('/api/v1/locations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'url', target }),
    });
    await waitForEntities(server, PARTS + 6);
  });
  afterAll(async () => {
    await server.close();
    await web.close();
    await theatre.close();
  });

  test('a source says where it comes from, its error with the fix, and when it is looked at again', async () => {
    const { page, errors, close } = await open(`${server.url}/sources`);
    const failed = page.getByRole('row', { name: `file:${theatre.folder}/none` });
    await failed.getByText('Failed').waitFor();
    const text = await failed.textContent();
    expect(text).toContain('it does not exist');
    expect(text).toContain('Correct the location');
    const registered = page.getByRole('row', { name: `url:${target}` });
    expect(await registered.textContent()).toMatch(/registered as [\w-]{36}.*in \d+ (min|s)/);
    expect(await page.getByRole('row', { name: 'watched' }).count()).toBe(1);
    await failed.getByRole('button', { name: 'Refresh now' }).click();
    await failed.getByText('Looked again: the same error').waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  test('a refresh says what changed, on the page of sources and on that of an entity', async () => {
    const { page, errors, close } = await open(`${server.url}/sources`);
    const row = page.getByRole('row', { name: `url:${target}` });
    serve(web, '/ramp.yaml', component('ramp', {}, { description: 'Leads to the stage' }));
    await row.getByRole('button', { name: 'Refresh now' }).click();
    await row.getByText('Looked again: 1 changed').waitFor();
    await row.getByRole('link', { name: /^ramp/ }).click();
    await page.getByText('Leads to the stage').waitFor();
    await page.getByRole('region', { name: 'State' }).getByText(`${target}:1`).waitFor();
    const declared = page.getByRole('region', { name: 'Source', exact: true });
    serve(web, '/ramp.yaml', component('ramp', {}, { description: 'Leads away from it' }));
    await declared.getByRole('button', { name: 'Refresh now' }).click();
    await declared.getByText('Looked again: 1 changed').waitFor();
    await page.getByText('Leads away from it', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('metadata.description').first().waitFor();
    expect(await page.getByText('Changed', { exact: true }).count()).toBe(2);
    expect(errors).toEqual([]);
    await close();
  });

  test('a problem is told by file, line and column, and by location alone', async () => {
    const { page, errors, close } = await open(`${server.url}/problems`);
    await page.getByText('broken.yaml:3:').waitFor();
    const group = page.getByRole('region', { name: /broken\.yaml/ });
    await group.getByRole('link', { name: 'only this location' }).click();
    await page.getByText('1 problem', { exact: true }).waitFor();
    expect(await page.getByRole('region').count()).toBe(1);
    expect(errors).toEqual([]);
    await close();
  });
});
