/// <reference lib="dom" />
import type { BenchPage } from './chromium.ts';

/** What a page did in a time. */
export interface PageWork {
  /** CPU time of its main thread, ms. */
  readonly cpuMs: number;
  readonly frames: number;
  /** The longest time between two frames, ms. */
  readonly longestFrameMs: number;
}

/** Lets the protocol count CPU time of the page's own thread. To be called before `workOf`. */
export async function countWork({ protocol }: BenchPage): Promise<void> {
  await protocol.send('Performance.enable', { timeDomain: 'threadTicks' });
}

/** CPU time of the main thread since the page was opened, ms. */
export async function cpuMs({ protocol }: BenchPage): Promise<number> {
  const { metrics } = await protocol.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
}

/** Elements of the page. */
export function elementsOf({ page }: BenchPage): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length);
}

/** What an act costs the page, and the frames that are painted meanwhile. */
export async function workOf(bench: BenchPage, act: () => Promise<void>): Promise<PageWork> {
  const before = await cpuMs(bench);
  await bench.page.evaluate(() => {
    const frames: number[] = [];
    const look = (at: number): void => {
      frames.push(at);
      window.framesWatched = requestAnimationFrame(look);
    };
    window.framesSeen = frames;
    window.framesWatched = requestAnimationFrame(look);
  });
  await act();
  const frames = await bench.page.evaluate(() => {
    cancelAnimationFrame(window.framesWatched);
    return window.framesSeen;
  });
  const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  return { cpuMs: (await cpuMs(bench)) - before, frames: frames.length, longestFrameMs: Math.max(0, ...gaps) };
}

declare global {
  interface Window {
    framesSeen: number[];
    framesWatched: number;
  }
}
