import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { observeVitals } from './page-vitals.ts';

/** A slow machine behind a usual line: four times slower, 20 Mbit/s, 40 ms. */
const SLOW = { cpuRate: 4, bytesPerSecond: 20e6 / 8, latencyMs: 40 };

/** A page with the protocol of its browser. */
export interface BenchPage {
  readonly page: Page;
  readonly protocol: CDPSession;
  close(): Promise<void>;
}

/** Starts Chromium. @throws Error where it is missing */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

/** Opens an empty page with an empty cache. @param isSlow as on a slow machine behind a usual line */
export async function openBenchPage(browser: Browser, isSlow: boolean): Promise<BenchPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  await observeVitals(page);
  const protocol = await context.newCDPSession(page);
  if (isSlow) {
    const { cpuRate, bytesPerSecond, latencyMs } = SLOW;
    await protocol.send('Emulation.setCPUThrottlingRate', { rate: cpuRate });
    await protocol.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: latencyMs,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    });
  }
  return { page, protocol, close: () => context.close() };
}

/** Heap in use after the collector ran, MiB. */
export async function heapMiB({ protocol }: BenchPage): Promise<number> {
  await protocol.send('HeapProfiler.collectGarbage');
  const { usedSize } = await protocol.send('Runtime.getHeapUsage');
  return usedSize / 1024 / 1024;
}
