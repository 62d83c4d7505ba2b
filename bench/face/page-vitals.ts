/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** What a page says of its own speed since it was opened. Times in ms. */
export interface PageVitals {
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly layoutShift: number;
  /** Longest duration of each interaction, from the event to the next paint. */
  readonly interactions: readonly number[];
  /** Durations of tasks over 50 ms. */
  readonly longTasks: readonly number[];
}

interface Kept {
  readonly interactions: Map<number, number>;
  readonly longTasks: number[];
  largestPaint: number;
  layoutShift: number;
}

declare global {
  interface Window {
    vitals: Kept;
  }
}

/** Has every page that is opened from now on keep what its browser observes. */
export async function observeVitals(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: Kept = { interactions: new Map(), longTasks: [], largestPaint: 0, layoutShift: 0 };
    window.vitals = kept;
    const observe = (type: string, take: (entry: PerformanceEntry) => void, more: object = {}): void => {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
      observer.observe({ type, buffered: true, ...more });
    };
    observe('largest-contentful-paint', (entry) => (kept.largestPaint = entry.startTime));
    observe('layout-shift', (entry) => {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) kept.layoutShift += value;
    });
    observe('longtask', (entry) => kept.longTasks.push(entry.duration));
    const take = (entry: PerformanceEntry): void => {
      const { interactionId = 0 } = entry as PerformanceEntry & { interactionId?: number };
      if (interactionId === 0) return;
      kept.interactions.set(interactionId, Math.max(kept.interactions.get(interactionId) ?? 0, entry.duration));
    };
    observe('event', take, { durationThreshold: 16 });
  });
}

/** What was kept so far. */
export async function readVitals(page: Page): Promise<PageVitals> {
  // Entries are told when the browser has time.
  await page.waitForTimeout(300);
  return page.evaluate(() => {
    const { interactions, longTasks, largestPaint, layoutShift } = window.vitals;
    const first = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
    return { firstPaint: first, largestPaint, layoutShift, interactions: [...interactions.values()], longTasks };
  });
}

/** Forgets what belongs to loading: what comes now belongs to a journey. */
export async function beginJourney(page: Page): Promise<void> {
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    window.vitals.interactions.clear();
    window.vitals.longTasks.length = 0;
    window.vitals.layoutShift = 0;
  });
}

/**
 * Ms from a click to the first frame in which an element holds another text than before. Measured in the page itself, so
 * that the way to it costs nothing.
 *
 * @param click selector of what is clicked
 * @param watched selector of what changes
 */
export function clickToChange(page: Page, click: string, watched: string): Promise<number> {
  return page.evaluate(
    ([from, to]) =>
      new Promise<number>((resolve, reject) => {
        const textOf = (): string => document.querySelector(to)?.textContent ?? '';
        const before = textOf();
        const target = document.querySelector<HTMLElement>(from);
        if (target === null) {
          reject(new Error(`Nothing is ${from}`));
          return;
        }
        const started = performance.now();
        const observer = new MutationObserver(() => {
          if (textOf() === before || textOf() === '') return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        target.click();
        setTimeout(() => reject(new Error(`${to} did not change`)), 10_000);
      }),
    [click, watched] as const,
  );
}
