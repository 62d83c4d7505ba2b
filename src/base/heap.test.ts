import { PerformanceObserver } from 'node:perf_hooks';
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
