import type { Page } from 'playwright-core';

/** Somebody who has a keyboard alone: counts what is pressed, and looks where the focus is after each key. */
export interface Typist {
  /** Keys so far. */
  readonly keys: number;
  /** Keys that opened or did something: Enter and the space bar. */
  readonly activations: number;
  /** Where the focus could not be seen. */
  readonly unseen: readonly string[];
  press(...keys: readonly string[]): Promise<void>;
}

/** Sits down at a page. */
export function typistAt(page: Page): Typist {
  const unseen: string[] = [];
  let [keys, activations] = [0, 0];
  return {
    get keys() {
      return keys;
    },
    get activations() {
      return activations;
    },
    unseen,
    async press(...all) {
      for (const key of all) {
        await page.keyboard.press(key);
        keys += 1;
        if (key === 'Enter' || key === 'Space') activations += 1;
        const fault = await focusFault(page);
        if (fault !== undefined) unseen.push(`after ${key}: ${fault}`);
      }
    },
  };
}

/**
 * Why one cannot see where the focus is: its element has no ring, lies outside the window or under something else
 * (WCAG 2.4.7, 2.4.11). A page that has the focus as a whole shows none.
 */
export function focusFault(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement || element instanceof SVGElement) || element === document.body)
      return undefined;
    if (
      element.getAttribute('tabindex') === '-1' &&
      element.matches('main, dialog, section, [role=dialog], div, ul, h1')
    ) {
      return undefined;
    }
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').trim().slice(0, 30)}"`;
    // The caret shows in the one field of a dialog, which nothing else shares. A field within a frame may leave the ring to
    // the frame.
    if (element.matches('dialog:modal input') && element.closest('dialog')?.querySelectorAll('input').length === 1) {
      return undefined;
    }
    const ringed = [element, element.parentElement, element.parentElement?.parentElement].some((one) => {
      if (!one) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
    });
    if (!ringed) return `${name} has no ring`;
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    if (width === 0 || y < 0 || y > innerHeight) return `${name} is outside of the window`;
    const seen = document.elementFromPoint(Math.min(Math.max(x, 0), innerWidth - 1), y);
    if (seen === null || element.contains(seen) || seen.contains(element)) return undefined;
    // The check box of a label that is drawn for it.
    if (seen.closest('label')?.contains(element) === true) return undefined;
    return `${name} lies under ${seen.tagName.toLowerCase()}.${seen.getAttribute('class') ?? ''}`;
  });
}
