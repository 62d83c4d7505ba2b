import { Counter, Gauge, Registry } from 'prom-client';
import { RequestDurations } from './request-durations.ts';

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
  const durations = new RequestDurations();
  durations.register(registry);
  return {
    registry,
    observeRequest: (method, route, status, seconds) => durations.observe(method, route, status, seconds),
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
