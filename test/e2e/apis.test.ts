import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Entity } from '../../src/model/entity.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { describeInBrowser, type WatchedPage } from './browser.ts';
import { faults, openLook, themes, waitUntilDrawn, widths } from './inspection.ts';

const demo = resolve(import.meta.dirname, '../../demo/organisation');

function api(name: string, type: string, definition: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { name },
    spec: { type, lifecycle: 'production', owner: 'group:default/stage', definition },
  };
}

function demoApi(name: string, type: string, file: string): Entity {
  return api(name, type, readFileSync(resolve(demo, file), 'utf8'));
}

/** What somebody might try who can write a definition. */
const hostile = `openapi: 3.1.0
info:
  title: "<img src=x onerror=alert(1)>"
  description: |
    <script>alert(2)</script>

    [tempting](javascript:alert(3)) ![pixel](https://elsewhere.example/pixel.png)
    [fair](https://docs.example/) <b onclick="alert(4)">bold</b>
servers: [{ url: "javascript:alert(5)" }]
paths:
  "/<svg onload=alert(6)>":
    get:
      operationId: "__proto__"
      summary: "<iframe src=https://elsewhere.example></iframe>"
      responses: { 200: { $ref: "https://elsewhere.example/all.yaml#/x" } }
`;

const many = `openapi: 3.1.0
info: { title: Many }
paths:
${Array.from({ length: 1200 }, (_, at) => `  /things/${at}: { get: { summary: Thing ${at} } }`).join('\n')}
`;

describeInBrowser('definitions of APIs', ({ open, webFolder }) => {
  let server: TestServer;
  let opened: WatchedPage | undefined;

  beforeAll(async () => {
    server = await startTestServer({
      webFolder: webFolder(),
      entities: [
        demoApi('tickets', 'openapi', 'ticketing/apis/tickets.openapi.yaml'),
        demoApi('tickets-v1', 'openapi', 'ticketing/apis/tickets-v1.openapi.yaml'),
        demoApi('ticket-events', 'asyncapi', 'ticketing/apis/ticket-events.asyncapi.yaml'),
        demoApi('seat-map', 'graphql', 'seating/apis/seat-map.graphql'),
        demoApi('dimmer-levels', 'grpc', 'lighting-control/apis/dimmer-levels.proto'),
        demoApi('tour-desk', 'trpc', 'touring/apis/tour-desk.trpc'),
        demoApi('petty-cash', 'openapi', 'house-accounts/apis/broken-petty-cash.openapi.yaml'),
        api('hostile', 'openapi', hostile),
        api('many', 'openapi', many),
      ],
    });
  });
  afterAll(() => server.close());
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = undefined;
    expect(errors).toEqual([]);
  });
  const place = (name: string, query = ''): string =>
    `${server.url}/catalog/api/default/${name}?view=definition${query}`;
  const visit = async (name: string, query = ''): Promise<WatchedPage['page']> => {
    opened = await open(place(name, query));
    return opened.page;
  };

  test('an operation opens by the keyboard, and the URL shows it to others', async () => {
    const page = await visit('tickets');
    await page.getByRole('button', { name: 'POST /reservations Hold seats for ten minutes' }).press('Enter');
    await page.getByText('Somebody else was quicker.').waitFor();
    expect(new URL(page.url()).searchParams.get('op')).toBe('holdSeats');
    await page.reload();
    await page.getByText('Somebody else was quicker.').waitFor();
    await page.getByRole('button', { name: /^SeatsTaken/ }).press('Enter');
    await page
      .getByRole('button', { name: /^seats list of SeatId/ })
      .or(page.getByText('seats', { exact: true }))
      .first()
      .waitFor();
    await page.getByText(`-d '{"performance":"storm-0131","seats":["C-14","C-15"]}'`).waitFor();
  });

  test('words narrow the operations; none says so', async () => {
    const page = await visit('tickets');
    await page.getByRole('searchbox', { name: 'Find an operation or type' }).fill('refund');
    await page.getByRole('button', { name: /^POST \/reservations/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /^POST \/orders/ }).count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('find')).toBe('refund');
    await page.getByRole('searchbox', { name: 'Find an operation or type' }).fill('zzz');
    await page.getByText('None of the 19 operations and types matches').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: /^POST \/reservations/ }).waitFor();
  });

  test.each([
    ['tickets-v1', '&op=buy', 'Takes the best seat that is left.'],
    ['ticket-events', '&op=tellSold', 'Message Ticket sold'],
    ['seat-map', '&op=query+bestSeats', 'Null where the pillar in row M is in the way.'],
    ['dimmer-levels', '&op=Dimmers.Watch', 'Only these channels; none means all.'],
    ['tour-desk', '', 'There is no outline for definitions of the type trpc.'],
    ['tickets', '&as=source', 'Seats are **held** for ten minutes'],
  ])('%s%s is drawn', async (name, query, text) => {
    const page = await visit(name, query);
    await page.getByText(text).first().waitFor();
  });

  test('an address that names what is gone says so', async () => {
    const page = await visit('tickets', '&op=holdSeats,sellTheHouse');
    await page.getByText('Not in this definition').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('Not in this definition').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('op')).toBe('holdSeats');
  });

  test('a broken definition names its line and stays readable', async () => {
    const page = await visit('petty-cash');
    await page.getByRole('alert').getByText('Line 9:').waitFor();
    expect(await page.locator('.code-line.is-wrong').innerText()).toContain('post:');
  });

  test('a hostile definition is text: nothing runs, nothing is fetched, nothing leads anywhere', async () => {
    opened = await open('');
    const asked: string[] = [];
    opened.page.on('request', (request) => asked.push(new URL(request.url()).host));
    opened.page.on('dialog', () => expect.fail('A script of the definition ran'));
    await opened.page.goto(place('hostile', '&op=__proto__'));
    await opened.page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).waitFor();
    await opened.page.getByText('Described elsewhere, in https://elsewhere.example/all.yaml#/x').waitFor();
    const links = opened.page.locator('.api a');
    expect(await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')))).toEqual([
      'https://elsewhere.example/pixel.png',
      'https://docs.example/',
    ]);
    expect(await opened.page.locator('.api :is(script, iframe, img, svg, b)').count()).toBe(0);
    expect(new Set(asked)).toEqual(new Set([new URL(server.url).host]));
  });

  test('a thousand operations are there and can be searched', async () => {
    const page = await visit('many', '&find=things/1199');
    await page.getByRole('button', { name: /things\/1199/ }).waitFor();
    expect(await page.locator('.api-op').count()).toBe(1);
  });

  const states = [
    ['tickets', '&op=holdSeats', 'Somebody else was quicker.'],
    ['seat-map', '&op=type+Seat', 'A seat, and what one sees from it.'],
    ['petty-cash', '', 'The definition cannot be read'],
    ['tickets', '&as=source', 'idempotency-key'],
  ] as const;
  // Themes differ in colours alone, so one of them is looked at in every width.
  const looks = [
    ...widths.map((width) => ['light', width] as const),
    ...themes.slice(1).map((one) => [one, 1280] as const),
  ];
  test.each(looks)('looks right in %s at %i px', async (theme, width) => {
    opened = await openLook(open, theme, width);
    for (const [name, query, text] of states) {
      await opened.page.goto(place(name, query));
      await waitUntilDrawn(opened.page, text);
      const own = (await faults(opened.page)).filter((fault) => fault.includes('.api') || fault.startsWith('wider'));
      expect(own, `${name}${query}`).toEqual([]);
    }
  });
});
