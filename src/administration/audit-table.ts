import type { AuditItem } from '../api/audit.ts';
import { csvLine } from '../base/csv.ts';

const columns = [
  'sequence',
  'at',
  'actor',
  'action',
  'target',
  'outcome',
  'reason',
  'requestId',
  'address',
  'via',
  'revision',
  'data',
  'hash',
] as const satisfies readonly (keyof AuditItem)[];

/** The first line of the table. */
export const auditTableHead = `${columns.join(',')}\r\n`;

/** One record as a line of CSV (RFC 4180). */
export function auditTableLine(item: AuditItem): string {
  return csvLine(columns.map((column) => item[column]));
}
