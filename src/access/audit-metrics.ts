import type { Metrics } from '../telemetry/metrics.ts';
import type { AuditLog } from './audit-log.ts';
import type { AuditSink } from './audit-sink.ts';

/** Publishes whether audit records are stored and delivered. */
export function publishAudit(metrics: Metrics, audit: AuditLog, sinks: readonly AuditSink[]): void {
  const gauge = metrics.readGauge;
  gauge('callboard_audit_waiting', 'Audit records that are not stored yet', () => audit.waiting);
  gauge('callboard_audit_store_failures', 'Failed tries to store audit records', () => audit.failures);
  gauge('callboard_audit_lost', 'Audit records that stand in the log of the process only', () => audit.lost);
  gauge('callboard_audit_sinks_failing', 'Sinks whose last delivery failed', () => {
    return sinks.filter(({ state }) => state.error !== undefined).length;
  });
  gauge('callboard_audit_sink_delivered', 'Sequence up to which every sink has the audit records', () => {
    return sinks.length === 0 ? 0 : Math.min(...sinks.map(({ state }) => state.delivered));
  });
}
