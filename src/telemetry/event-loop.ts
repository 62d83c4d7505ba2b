import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

/** How late the event loop of this thread has been, in milliseconds over the timer's own resolution. */
export interface EventLoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** A running measurement of the event loop. */
export interface EventLoopWatch {
  /** Since the start, or since the last scrape of the metrics. */
  read(): EventLoopDelay;
  close(): void;
}

/** Resolution of the measurement: the histogram holds the time between timers, so an idle loop measures this. */
const resolutionMs = 20;

/**
 * Measures how late the event loop of the calling thread runs and publishes it as gauges. The quantiles are those
 * since the last scrape, the maximum ever stays.
 */
export function watchEventLoop(metrics: Metrics): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let maxEverMs = 0;
  const read = (): EventLoopDelay => ({
    p50Ms: lateness(histogram.percentile(50)),
    p99Ms: lateness(histogram.percentile(99)),
    maxMs: lateness(histogram.max),
  });
  const help = 'How late the event loop of the HTTP thread ran since the last scrape';
  metrics.readGauge('callboard_event_loop_delay_p50_seconds', `${help}, median`, () => read().p50Ms / 1000);
  metrics.readGauge('callboard_event_loop_delay_p99_seconds', `${help}, 99th percentile`, () => read().p99Ms / 1000);
  // Declared last: prom-client reads the gauges in order, and this one begins the next period.
  metrics.readGauge('callboard_event_loop_delay_max_seconds', 'The longest delay since the start', () => {
    maxEverMs = Math.max(maxEverMs, read().maxMs);
    histogram.reset();
    return maxEverMs / 1000;
  });
  return { read, close: () => void histogram.disable() };
}

function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}
