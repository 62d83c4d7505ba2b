import type { AuditItem } from '../api/audit.ts';

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
  return `${columns.map((column) => cell(item[column])).join(',')}\r\n`;
}

/** What a spreadsheet would take for a formula begins with an apostrophe, which it then shows as text. */
function cell(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = /^[\s]*[=+\-@|%]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
