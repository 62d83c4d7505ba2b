import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { waitUntilDrawn } from './inspection.ts';
import { openStages, type Stages } from './stages.ts';

/** A view: where it begins, what is there once it is drawn, and what a person does to it. */
interface View {
  readonly path: string;
  readonly text: string;
  readonly act?: (page: Page) => Promise<void>;
  /** A text that is there after the act. */
  readonly shows?: string;
}

const desk = '/catalog/component/default/desk';

/** Whatever is chosen on a page, by a person or by the link that one follows. */
const views: Readonly<Record<string, View>> = {
  'filters of the catalog': { path: '/catalog?kind=component&type=service&owner=group:default/stage', text: 'desk' },
  'an order of the catalog, and columns': {
    path: '/catalog?kind=component&sort=-name&cols=owner,lifecycle&rows=comfortable',
    text: 'part-60',
  },
  'a search of the catalog in words': { path: '/catalog?q=seats', text: 'desk' },
  'a condition of the catalog': { path: '/catalog?where=kind+%3D%3D+"System"', text: 'tickets' },
  'a page of the catalog': {
    path: '/catalog?kind=component',
    text: 'desk',
    act: (page) => page.getByRole('button', { name: 'Next' }).click(),
    shows: 'part-60',
  },
  'an entity beside the catalog': {
    path: '/catalog?kind=component&type=service&peek=component:default/desk',
    text: 'Sells seats',
  },
  'the relations of an entity': { path: `${desk}?view=relations`, text: 'Owned by' },
  'the history of an entity': { path: `${desk}?view=history`, text: 'newest first' },
  'the descriptor of an entity as JSON': { path: `${desk}?view=descriptor&format=json`, text: '"apiVersion"' },
  'a graph as a table, two edges deep': {
    path: '/graph?root=component:default/desk&depth=2&twin=table',
    text: 'tickets',
  },
  'what feels the failure of an entity': { path: '/graph?root=system:default/tickets&view=dependents', text: 'desk' },
  'home of everything': { path: '/?team=*', text: 'Needs somebody' },
  'home of a team': { path: '/?team=group:default/stage', text: 'desk' },
  'problems by code, errors only': {
    path: '/problems',
    text: 'broken.yaml',
    act: async (page) => {
      await page.getByRole('navigation', { name: 'Severity' }).getByRole('link', { name: 'Errors' }).click();
      await page.getByRole('navigation', { name: 'Group by' }).getByRole('link', { name: 'Code' }).click();
    },
    shows: 'only this code',
  },
  'problems that nobody owns': {
    path: '/problems',
    text: 'broken.yaml',
    act: (page) =>
      page
        .getByRole('combobox', { name: 'Owner' })
        .selectOption('Nobody known')
        .then(() => undefined),
    shows: '1 problem',
  },
  'problems with a text': {
    path: '/problems',
    text: 'broken.yaml',
    act: (page) => page.getByRole('searchbox', { name: 'Search the problems' }).fill('nobody'),
    shows: '1 problem',
  },
  'sources in a state, locations with a text': {
    path: '/sources?state=fresh',
    text: 'desk.yaml',
    act: (page) => page.getByRole('searchbox', { name: 'Search the locations' }).fill('parts'),
    shows: 'parts.yaml',
  },
  'a location to be registered': {
    path: '/sources/register?type=git&target=https://git.example.com/a.git',
    text: 'Repository',
  },
};

/** What a reader sees and what is chosen, without what tells the time. */
function signature(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const main = document.querySelector('main');
    const text = (main?.innerText ?? '').replaceAll(/\b(?:in )?\d+ (?:s|min|h|d)\b(?: ago)?|\bnow\b/g, 'AGE');
    const chosen = [...(main?.querySelectorAll('[aria-current="true"], [aria-pressed="true"], :checked') ?? [])];
    const fields = [...(main?.querySelectorAll<HTMLInputElement>('input:not([type=checkbox]), select') ?? [])];
    return {
      lines: text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
      chosen: chosen.map((element) => element.textContent?.trim() ?? ''),
      fields: fields.map(({ value }) => value),
    };
  });
}

describeInBrowser('a view opened by its URL elsewhere is the same view', ({ open, webFolder }) => {
  let stages: Stages;
  beforeAll(async () => {
    stages = await openStages(webFolder());
  });
  afterAll(() => stages.close());

  const show = async (url: string, text: string) => {
    const watched = await open(url);
    await waitUntilDrawn(watched.page, text);
    return watched;
  };

  test.each(Object.entries(views))('%s', async (_, { path, text, act, shows = text }) => {
    const first = await show(stages.theatreUrl + path, text);
    await act?.(first.page);
    await waitUntilDrawn(first.page, shows);
    if (act) await expect.poll(() => first.page.url()).not.toBe(stages.theatreUrl + path);
    const second = await show(first.page.url(), shows);
    // Either may still be waiting for an answer.
    await vi.waitFor(async () => expect(await signature(second.page)).toEqual(await signature(first.page)), {
      timeout: 20_000,
      interval: 100,
    });
    expect([...first.errors, ...second.errors]).toEqual([]);
    await first.close();
    await second.close();
  });
});
