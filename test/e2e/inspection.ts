import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { BrowserSuite } from './browser.ts';

/** A wide window and the narrowest one. */
export const widths = [1280, 320];

/** The rules whose outcome depends on the theme; the dark theme is held to these alone, in the same page. */
const colorRules = ['color-contrast', 'link-in-text-block'];

/**
 * Goes through pages at one width, in both themes; returns what is wrong with any of them.
 *
 * @param pages path of each, and a text that is there once it is drawn
 */
export async function inspect(
  open: BrowserSuite['open'],
  width: number,
  base: string,
  pages: readonly (readonly [path: string, text: string])[],
  prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<readonly string[]> {
  const { page, errors, close } = await open('', { viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  await prepare(page);
  const wrong: string[] = [];
  for (const [path, text] of pages) {
    await page.goto(base + path);
    await page.getByText(text).first().waitFor({ state: 'attached' });
    await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy="true"]') === null);
    wrong.push(...(await faults(page)).map((fault) => `${path}: ${fault}`));
    await page.emulateMedia({ colorScheme: 'dark' });
    wrong.push(...(await faults(page, colorRules)).map((fault) => `${path}, dark: ${fault}`));
    await page.emulateMedia({ colorScheme: 'light' });
  }
  await close();
  return [...wrong, ...errors];
}

/** What is wrong with a page as it is: serious faults of accessibility, and what reaches out of the window. */
export async function faults(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // The other mode opens a page for each result, to join those of frames; there are no frames here.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (rules) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const wrong = grave.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) wrong.push(`wider than the window by ${overflow} px`);
  return wrong;
}
