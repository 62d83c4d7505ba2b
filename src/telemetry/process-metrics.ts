import type { Metrics } from './metrics.ts';

/** Publishes memory, processor time and age of the process. */
export function publishProcess(metrics: Metrics): void {
  metrics.readGauge('callboard_process_resident_bytes', 'Resident memory of the process', () =>
    process.memoryUsage.rss(),
  );
  metrics.readGauge(
    'callboard_process_heap_used_bytes',
    'Used heap of the HTTP thread',
    () => process.memoryUsage().heapUsed,
  );
  metrics.readGauge('callboard_process_cpu_seconds', 'Processor time of the process since its start', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.readGauge('callboard_process_uptime_seconds', 'Age of the process', () => process.uptime());
}
