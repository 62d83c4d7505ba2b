import type { AuditItem } from '../api/audit.ts';
import type { AuditRecord } from '../store/access-records.ts';

/** A record as answers, exports and sinks show it: what is known of every request stands beside the rest. */
export function auditItem(record: AuditRecord): AuditItem {
  const { sequence, at, actor, action, target, outcome, requestId, hash } = record;
  const { reason, address, via, revision, ...rest } = record.data ?? {};
  return {
    sequence,
    at: new Date(at).toISOString(),
    actor,
    action,
    ...(target !== undefined && { target }),
    outcome,
    ...(typeof reason === 'string' && { reason }),
    ...(requestId !== undefined && { requestId }),
    ...(typeof address === 'string' && { address }),
    ...(typeof via === 'string' && { via }),
    ...(typeof revision === 'number' && { revision }),
    ...(Object.keys(rest).length > 0 && { data: rest }),
    hash,
  };
}
