/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** What a page says of its own speed since it was opened. Times in ms. */
export interface PageVitals {
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly layoutShift: number;
  /** Longest duration of each interaction, from the event to the next paint; 16 stands for all that were quicker. */
  readonly interactions: readonly number[];
  /** Durations of tasks over 50 ms. */
  readonly longTasks: readonly number[];
}

interface Kept {
  readonly interactions: Map<number, number>;
  readonly longTasks: number[];
  largestPaint: number;
  layoutShift: number;
  /** Interactions of the page before what is measured. */
  interactionsBefore: number;
  /** What `watchNext` waits for. */
  watched: Promise<number>;
}

declare global {
  interface Window {
    vitals: Kept;
  }
  interface Performance {
    /** Not in the types of the DOM yet: interactions of the page so far, also those that no entry tells of. */
    readonly interactionCount: number;
  }
}

/** Time for the last answers and fonts of a page on which nothing is awaited any more, ms. */
const REST_MS = 1_000;

/** Has every page that is opened from now on keep what its browser observes. */
export async function observeVitals(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: Kept = {
      interactions: new Map(),
      longTasks: [],
      largestPaint: 0,
      layoutShift: 0,
      interactionsBefore: 0,
      watched: Promise.resolve(Number.NaN),
    };
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

/** Waits until a page shows what is useful, and nothing more is on its way. @param useful selector of it */
export async function untilDrawn(page: Page, useful: string): Promise<void> {
  await page.locator(useful).first().waitFor();
  await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy="true"]') === null);
  await page.waitForTimeout(REST_MS);
}

/** What was kept so far. */
export async function readVitals(page: Page): Promise<PageVitals> {
  // Entries are told when the browser has time.
  await page.waitForTimeout(300);
  return page.evaluate(() => {
    const { interactions, interactionsBefore, longTasks, largestPaint, layoutShift } = window.vitals;
    const told = [...interactions.values()];
    const untold = Math.max(0, performance.interactionCount - interactionsBefore - told.length);
    return {
      firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      largestPaint,
      layoutShift,
      interactions: [...told, ...Array.from({ length: untold }, () => 16)],
      longTasks,
    };
  });
}

/** Forgets what was before: what comes now belongs to what is measured next. */
export async function beginJourney(page: Page): Promise<void> {
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    window.vitals.interactions.clear();
    window.vitals.longTasks.length = 0;
    window.vitals.layoutShift = 0;
    window.vitals.interactionsBefore = performance.interactionCount;
  });
}

/**
 * Ms from the last key or click of an act to the frame that holds another text than before, and no skeleton. The page
 * itself takes the time, so that the way to it costs nothing.
 *
 * @param watched selector of the element whose text changes
 * @throws Error where it does not change within 15 s
 */
export async function timeToChange(page: Page, watched: string, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate((selector) => {
    const textOf = (): string => document.querySelector(selector)?.textContent ?? '';
    const before = textOf();
    let begunAt = Number.NaN;
    const begin = ({ timeStamp }: Event): void => void (begunAt = timeStamp);
    const ended = new AbortController();
    for (const type of ['keydown', 'click']) addEventListener(type, begin, { capture: true, signal: ended.signal });
    const armedAt = performance.now();
    window.vitals.watched = new Promise((resolve) => {
      const look = (): void => {
        const text = textOf();
        const isThere = text.trim() !== '' && text !== before && document.querySelector('main .skeleton') === null;
        if (!isThere && performance.now() - armedAt < 15_000) {
          requestAnimationFrame(look);
          return;
        }
        ended.abort();
        // After the frame whose beginning this is.
        setTimeout(() => resolve(isThere ? performance.now() - begunAt : Number.NaN));
      };
      requestAnimationFrame(look);
    });
  }, watched);
  await act();
  const ms = await page.evaluate(() => window.vitals.watched);
  if (Number.isNaN(ms)) throw new Error(`${watched} did not change`);
  return ms;
}

/**
 * Ms from the last key of an act to the last frame in which an element changed; 0 where it did not change.
 *
 * @param watched selector of the element
 * @param forMs how long later changes are waited for
 */
export async function timeToLastChange(
  page: Page,
  watched: string,
  forMs: number,
  act: () => Promise<unknown>,
): Promise<number> {
  await page.evaluate(
    ([selector, longest]) => {
      let [begunAt, changedAt] = [0, 0];
      const ended = new AbortController();
      addEventListener('keydown', ({ timeStamp }) => (begunAt = timeStamp), { capture: true, signal: ended.signal });
      const observer = new MutationObserver(() =>
        requestAnimationFrame(() => setTimeout(() => (changedAt = performance.now()))),
      );
      const target = document.querySelector(selector);
      if (target) observer.observe(target, { subtree: true, childList: true, characterData: true, attributes: true });
      window.vitals.watched = new Promise((resolve) => {
        setTimeout(() => {
          observer.disconnect();
          ended.abort();
          resolve(Math.max(0, changedAt - begunAt));
        }, longest);
      });
    },
    [watched, forMs] as const,
  );
  await act();
  return page.evaluate(() => window.vitals.watched);
}
