import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allChoices, pairwiseChoices, type Choice } from '../support/pairwise.ts';
import { describeInBrowser } from './browser.ts';
import { failAnswers, faults, openLook, themes, waitUntilDrawn, widths } from './inspection.ts';
import { pageOfRoute, pages, pageStates, type PageCase, type PageState } from './pages.ts';
import { openStages, type Stages } from './stages.ts';

/** What is varied. A case that does not stand for its route is looked at once, in a look that changes from case to case. */
const factors = { page: [...pageOfRoute.values()], state: pageStates, theme: themes, width: widths } as const;
type Look = Choice<typeof factors>;

/** A test goes through as many looks as were planned for it: each may take so long on a machine with much to do. */
const LONGEST_LOOK_MS = 30_000;

const isShown = ({ page, state }: { readonly page: PageCase; readonly state: PageState }): boolean =>
  page.shows[state] !== undefined;

/**
 * Every two of page, state, theme and width meet at least once. `CALLBOARD_LOOKS=all` goes through all of them together,
 * which takes many minutes.
 */
function looks(): readonly Look[] {
  if (process.env['CALLBOARD_LOOKS'] === 'all') return allChoices({ ...factors, page: pages }, isShown);
  const others = pages.filter((page) => pageOfRoute.get(page.route) !== page);
  const once = others.flatMap((page, at) =>
    pageStates
      .filter((state) => isShown({ page, state }))
      .map((state) => ({
        page,
        state,
        theme: themes[at % 3] ?? 'light',
        width: widths[Math.floor(at / 3) % 3] ?? 320,
      })),
  );
  return [...pairwiseChoices(factors, isShown), ...once];
}

/** Paths of the routes that show something; those that only lead elsewhere have no page. */
function routesOfRouter(): readonly string[] {
  const folder = resolve(import.meta.dirname, '../../web/app');
  return readdirSync(folder)
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('createRoute({').slice(1))
    .filter((route) => /^\s+component:/m.test(route.slice(0, route.indexOf('\n});'))))
    .flatMap((route) => /\bpath: '([^']+)'/.exec(route)?.[1] ?? []);
}

test('every route has a page in the table', () => {
  const routes = routesOfRouter();
  expect(routes.length).toBeGreaterThan(15);
  expect(routes.filter((route) => !pageOfRoute.has(route))).toEqual([]);
});

describeInBrowser('every page in every look', ({ open, webFolder }) => {
  const planned = looks();
  let stages: Stages;
  beforeAll(async () => {
    stages = await openStages(webFolder());
  });
  afterAll(() => stages.close());

  const look = async (page: Page, { page: shown, state }: Look): Promise<readonly string[]> => {
    if (shown.stage === 'house') await stages.enterAs(page, state);
    const restore = state === 'error' ? await failAnswers(page) : undefined;
    await page.goto(stages.urlOf(shown, state));
    const text = shown.shows[state] ?? '';
    const wrong = await waitUntilDrawn(page, text).then(
      () => faults(page),
      () => [`never shows "${text}"`],
    );
    await restore?.();
    return wrong.map((fault) => `${shown.path}, ${state}: ${fault}`);
  };

  for (const theme of themes) {
    for (const width of widths) {
      const own = planned.filter((one) => one.theme === theme && one.width === width);
      const title = `has no serious accessibility fault and fits (${theme}, ${width} px)`;
      test(title, { timeout: own.length * LONGEST_LOOK_MS }, async () => {
        const { page, errors, close } = await openLook(open, theme, width);
        const wrong: string[] = [];
        expect(own.length).toBeGreaterThan(0);
        for (const one of own) wrong.push(...(await look(page, one)));
        expect([...wrong, ...errors]).toEqual([]);
        await close();
      });
    }
  }
});
