import { execFile } from 'node:child_process';
import { PerformanceObserver } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { trimHeap } from './heap.ts';

test('V8 looks for garbage soon, and the program can go on', async () => {
  const collections: number[] = [];
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as unknown as readonly { readonly detail: { readonly kind: number } }[];
    for (const { detail } of entries) collections.push(detail.kind);
  });
  observer.observe({ entryTypes: ['gc'] });
  const clock = new ManualClock();
  trimHeap(clock);
  // 4: a collection of the whole heap.
  await vi.waitFor(() => expect(collections).toContain(4), { timeout: 20_000 });
  observer.disconnect();
  expect(clock.timers).toBe(1);
  clock.advance(60_000);
  expect(clock.timers).toBe(0);
});

/** A program whose heap has so many MiB in use, to which it lets the same things come and go: how often all of it was collected. */
async function collections(mib: number, isFree = true): Promise<{ readonly isLarge: boolean; readonly times: number }> {
  const script = `
    import { PerformanceObserver } from 'node:perf_hooks';
    import { growLargeHeap } from ${JSON.stringify(new URL('heap.ts', import.meta.url).href)};
    const made = (count) => Array.from({ length: count }, (_, at) => ({ at, of: [at, at] }));
    const kept = made(${mib} * 10_000);
    const isLarge = ${isFree} && growLargeHeap();
    let times = 0;
    new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) times += Number(detail.kind === 4);
    }).observe({ entryTypes: ['gc'] });
    for (let round = 0; round < 200; round += 1) {
      for (let at = 0; at < kept.length; at += 20) kept[(at + round) % kept.length] = { at, of: [at, round] };
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    console.log(JSON.stringify({ isLarge, times, kept: kept.length > 0 }));
  `;
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--heap-growing-percent=50',
    '--input-type=module',
    '-e',
    script,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { isLarge: boolean; times: number };
}

test('a large heap is collected more seldom, a small one as before', { timeout: 60_000 }, async () => {
  expect(await collections(2)).toMatchObject({ isLarge: false });
  const large = await collections(100);
  expect(large.isLarge).toBe(true);
  expect(large.times).toBeLessThan((await collections(100, false)).times);
});
