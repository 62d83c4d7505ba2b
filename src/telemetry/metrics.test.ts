import { expect, test } from 'vitest';
import { watchEventLoop } from './event-loop.ts';
import { createMetrics } from './metrics.ts';
import { publishProcess } from './process-metrics.ts';

test('requests are counted by route template and status', async () => {
  const metrics = createMetrics();
  metrics.observeRequest('GET', '/api/v1/entities', 200, 0.002);
  metrics.observeRequest('GET', '/api/v1/entities', 200, 0.003);
  metrics.observeRequest('GET', '/api/v1/entities', 404, 0.001);
  const text = await metrics.registry.metrics();
  expect(text).toContain(
    'callboard_http_request_duration_seconds_count{method="GET",route="/api/v1/entities",status="200"} 2',
  );
  expect(text).toContain('status="404"} 1');
});

test('the buckets of request durations hold all requests up to their bounds', async () => {
  const metrics = createMetrics();
  for (const seconds of [0.0004, 0.001, 0.3, 20]) metrics.observeRequest('POST', '/api/"odd"', 200, seconds);
  const text = await metrics.registry.metrics();
  const name = 'callboard_http_request_duration_seconds';
  const labels = 'method="POST",route="/api/\\"odd\\"",status="200"';
  expect(text).toContain(`# TYPE ${name} histogram`);
  const counts = { '0.0005': 1, '0.001': 2, '0.25': 2, '0.5': 3, '10': 3, '+Inf': 4 };
  for (const [bound, count] of Object.entries(counts)) {
    expect(text).toContain(`${name}_bucket{le="${bound}",${labels}} ${count}\n`);
  }
  expect(text).toContain(`${name}_sum{${labels}} 20.3014\n${name}_count{${labels}} 4\n`);
});

test('a read gauge is read at each scrape', async () => {
  const metrics = createMetrics();
  let value = 1;
  metrics.readGauge('callboard_things', 'Things', () => value);
  expect(await metrics.registry.metrics()).toContain('callboard_things 1');
  value = 2;
  expect(await metrics.registry.metrics()).toContain('callboard_things 2');
});

test('two registries do not share values', async () => {
  const one = createMetrics();
  const other = createMetrics();
  one.eventStreams.set(3);
  expect(await one.registry.metrics()).toContain('callboard_event_streams 3');
  expect(await other.registry.metrics()).toContain('callboard_event_streams 0');
});

test('every metric is named callboard_*, and the process and the event loop are among them', async () => {
  const metrics = createMetrics();
  publishProcess(metrics);
  const watch = watchEventLoop(metrics);
  try {
    const names = (await metrics.registry.getMetricsAsJSON()).map((metric) => metric.name);
    expect(names.filter((name) => !name.startsWith('callboard_'))).toEqual([]);
    expect(names).toContain('callboard_process_resident_bytes');
    expect(names).toContain('callboard_event_loop_delay_p99_seconds');
  } finally {
    watch.close();
  }
});

test('a blocked event loop shows, and the longest delay outlives the scrape', async () => {
  const metrics = createMetrics();
  const watch = watchEventLoop(metrics);
  try {
    // The measuring timer must have run once before a delay of it can be seen.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const until = performance.now() + 80;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(watch.read().maxMs).toBeGreaterThan(40);
    await metrics.registry.metrics();
    expect(await metrics.registry.metrics()).toMatch(/callboard_event_loop_delay_max_seconds 0\.(0[4-9]|[1-9])/);
  } finally {
    watch.close();
  }
});
