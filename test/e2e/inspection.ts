import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import type { BrowserSuite, WatchedPage } from './browser.ts';

/** A wide window, a tablet, and the narrowest one. */
export const widths = [1280, 768, 320] as const;
/** The themes that one can choose. */
export const themes = ['light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/** Opens an empty page that shows what is opened in it in one theme, at one width. */
export async function openLook(open: BrowserSuite['open'], theme: Theme, width: number): Promise<WatchedPage> {
  const watched = await open('', { viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  await watched.page.addInitScript((chosen) => localStorage.setItem('callboard.theme', chosen), theme);
  return watched;
}

/** A page that is not drawn by then never is, also on a machine with much to do. */
const LONGEST_MS = 25_000;

/** Waits until a text is there and nothing is on its way any more. @throws where the text never comes */
export async function waitUntilDrawn(page: Page, text: string): Promise<void> {
  await page.getByText(text).first().waitFor({ state: 'attached', timeout: LONGEST_MS });
  await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy="true"]') === null);
}

/** Clicks "Try again" where a block failed, unless the page was faster: a live change makes it ask again by itself. */
export async function tryAgain(place: Page | Locator): Promise<void> {
  const button = place.getByRole('button', { name: 'Try again' });
  await Promise.race([button.click(), button.waitFor({ state: 'detached' })]);
}

/** From now on no answer of the API comes; the function that is returned ends that. */
export async function failAnswers(page: Page): Promise<() => Promise<void>> {
  const problem = {
    title: 'Internal Server Error',
    detail: 'The store is on fire.',
    code: 'STORE_FAILED',
    status: 500,
  };
  const pattern = '**/api/v1/**';
  await page.route(pattern, (route) => route.fulfill({ status: 500, json: problem }));
  return () => page.unroute(pattern);
}

/** What is wrong with a page as it is: serious faults of accessibility, and what reaches out of the window. */
export async function faults(page: Page): Promise<readonly string[]> {
  // The other mode opens a page for each result, to join those of frames; there are no frames here.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const wrong = grave.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  return [...wrong, ...(await overflow(page))];
}

/** Whether a page is wider than its window. */
export async function overflow(page: Page): Promise<readonly string[]> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return beyond > 0 ? [`wider than the window by ${beyond} px`] : [];
}
