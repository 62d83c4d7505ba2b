import type { AuditSinkConfig } from '../config/audit-config.ts';
import type { AuditRecord } from '../store/access-records.ts';
import { auditItem } from './audit-item.ts';

/** The body of one delivery. */
export interface SinkBody {
  readonly contentType: string;
  readonly text: string;
}

/**
 * Writes records as a sink wants them.
 *
 * @param source URL of this Callboard: with the sequence it names a record for ever, so that receivers know one that comes
 *   twice
 */
export function sinkBody(records: readonly AuditRecord[], format: AuditSinkConfig['format'], source: string): SinkBody {
  if (format === 'jsonl') {
    const lines = records.map((record) => `${JSON.stringify(auditItem(record))}\n`);
    return { contentType: 'application/x-ndjson', text: lines.join('') };
  }
  const events = records.map((record) => cloudEvent(record, source));
  return { contentType: 'application/cloudevents-batch+json', text: JSON.stringify(events) };
}

/** CloudEvents 1.0, structured, in JSON. */
function cloudEvent(record: AuditRecord, source: string) {
  const item = auditItem(record);
  return {
    specversion: '1.0',
    id: String(item.sequence),
    source: `${source}/api/v1/audit`,
    type: `callboard.audit.${item.action}`,
    time: item.at,
    ...(item.target !== undefined && { subject: item.target }),
    datacontenttype: 'application/json',
    data: item,
  };
}
