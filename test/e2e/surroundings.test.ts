import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from './browser.ts';
import { overflow, waitUntilDrawn } from './inspection.ts';
import { pageOfRoute } from './pages.ts';
import { openStages, type Stages } from './stages.ts';

/** Routes that people read most. */
const routes = ['/', '/catalog', '/catalog/$kind/$namespace/$name', '/graph', '/problems', '/sources'];

/** What WCAG 1.4.12 lets a reader set. */
const SPACING =
  '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }';

/** How people have their browsers. */
const surroundings: Readonly<
  Record<string, { readonly options: BrowserContextOptions; readonly prepare?: (page: Page) => Promise<unknown> }>
> = {
  // A window of 1280 px, zoomed, lays out as one of half its width.
  'zoomed to 200 %': { options: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 } },
  'wide spacing of text': { options: {}, prepare: (page) => page.evaluate(addStyle, SPACING) },
  'wide spacing on a narrow screen': {
    options: { viewport: { width: 320, height: 640 } },
    prepare: (page) => page.evaluate(addStyle, SPACING),
  },
  'forced colours': { options: { forcedColors: 'active', colorScheme: 'dark' } },
  'reduced motion': { options: { reducedMotion: 'reduce' } },
};

/** A constructed sheet, since the content security policy refuses a `<style>`. */
function addStyle(css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Texts that are cut without a way to read the rest: no title, and not meant to be cut (`text-overflow`). */
function cutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *')]
      .filter((element) => element.children.length === 0 && (element.textContent ?? '').trim() !== '')
      .filter((element) => element.checkVisibility() && element.closest('.visually-hidden, svg, select') === null)
      .filter((element) => {
        const { overflowX, overflowY, textOverflow } = getComputedStyle(element);
        const isCutX = overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1;
        const isCutY = overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 3;
        return (isCutX && textOverflow !== 'ellipsis') || isCutY;
      })
      .map((element) => `${element.className}: ${(element.textContent ?? '').slice(0, 40)}`),
  );
}

/** Shapes that carry a state, and cannot be seen where the system chooses the colours. */
function lostMarks(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.mark-shape')]
      .filter((shape) => {
        const { backgroundColor, backgroundImage, borderStyle, forcedColorAdjust } = getComputedStyle(shape);
        const isFilled = backgroundColor !== 'rgba(0, 0, 0, 0)' || backgroundImage !== 'none' || borderStyle !== 'none';
        return !isFilled || (forcedColorAdjust !== 'none' && borderStyle === 'none');
      })
      .map((shape) => shape.parentElement?.textContent ?? ''),
  );
}

/** What still moves for longer than a blink. */
function movements(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 1)
      .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : 'transition')),
  );
}

describeInBrowser('pages lose nothing', ({ open, webFolder }) => {
  let stages: Stages;
  beforeAll(async () => {
    stages = await openStages(webFolder());
  });
  afterAll(() => stages.close());

  test.each(Object.entries(surroundings))('%s', async (_, { options, prepare }) => {
    const { page, errors, close } = await open('', options);
    const wrong: string[] = [];
    for (const route of routes) {
      const shown = pageOfRoute.get(route);
      if (shown === undefined) throw new Error(`No page of ${route}`);
      await page.goto(stages.urlOf(shown, 'full'));
      await waitUntilDrawn(page, shown.shows.full ?? '');
      await prepare?.(page);
      const faults = [
        ...(await overflow(page)),
        ...(await cutTexts(page)).map((text) => `cut: ${text}`),
        ...(options.forcedColors === 'active' ? await lostMarks(page) : []).map((text) => `no shape: ${text}`),
        ...(options.reducedMotion === 'reduce' ? await movements(page) : []).map((text) => `moves: ${text}`),
      ];
      wrong.push(...faults.map((fault) => `${route}: ${fault}`));
    }
    expect([...wrong, ...errors]).toEqual([]);
    await close();
  });
});
