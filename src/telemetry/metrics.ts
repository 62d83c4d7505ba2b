import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The server's own metrics; names are `callboard_*`, units are in the names. */
export interface Metrics {
  /** Its own registry: two servers in one process do not mix. */
  readonly registry: Registry;
  /** Records one answered request. `route` is the template, never the path, so that label values stay few. */
  observeRequest(method: string, route: string, status: number, seconds: number): void;
  readonly collectorRestarts: Counter<'manifest' | 'collector'>;
  readonly collectorRunning: Gauge<'manifest' | 'collector'>;
  readonly strayRejections: Counter;
  readonly eventStreams: Gauge;
  readonly eventStreamsRefused: Counter;
  /** Declares a gauge that is read when the metrics are asked for. */
  readGauge(name: `callboard_${string}`, help: string, read: () => number): void;
}

/** Makes the registry with everything that the server itself counts. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'callboard_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer, by route template',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  // prom-client hashes the labels on each call; the bound histograms are kept, one a route and status (few hundred).
  const bound = new Map<string, { observe(value: number): void }>();
  return {
    registry,
    observeRequest(method, route, status, seconds) {
      const key = `${method} ${route} ${status}`;
      let histogram = bound.get(key);
      if (histogram === undefined) {
        histogram = requests.labels(method, route, String(status));
        bound.set(key, histogram);
      }
      histogram.observe(seconds);
    },
    collectorRestarts: new Counter({
      name: 'callboard_collector_restarts_total',
      help: 'How often a collector failed and was started again',
      labelNames: ['manifest', 'collector'],
      registers,
    }),
    collectorRunning: new Gauge({
      name: 'callboard_collector_running',
      help: '1 while the collector runs, 0 while it waits to be started again or has ended',
      labelNames: ['manifest', 'collector'],
      registers,
    }),
    strayRejections: new Counter({
      name: 'callboard_stray_rejections_total',
      help: 'Rejected promises that nobody waited for: faults of the program or of a plugin',
      registers,
    }),
    eventStreams: new Gauge({ name: 'callboard_event_streams', help: 'Open event streams', registers }),
    eventStreamsRefused: new Counter({
      name: 'callboard_event_streams_refused_total',
      help: 'Event streams refused because as many as allowed were open',
      registers,
    }),
    readGauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
  };
}
