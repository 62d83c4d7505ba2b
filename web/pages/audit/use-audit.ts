import type { Static } from 'typebox';
import type { AuditItem, listAudit } from '../../../src/api/audit.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { auditFilters } from './audit-question.ts';
import type { AuditSearch } from './audit-search.ts';

/** One record of the audit log. */
export type AuditData = Static<typeof AuditItem>;
/** One page of it. */
export type AuditPageData = Static<typeof listAudit.response>;

const PAGE_SIZE = 50;

/** A page of the log, newest first. */
export function useAudit(search: AuditSearch): Answer<AuditPageData> {
  const before = search.before === undefined ? undefined : Number(search.before);
  const query = { ...auditFilters(search), before, limit: PAGE_SIZE };
  return useResource<AuditPageData>({
    key: `audit ${JSON.stringify(query)}`,
    load: (signal) => api.call('GET /api/v1/audit', { query, signal }),
    isAffected: () => false,
  });
}

/** Where the records of the same question are to be had as a file. */
export function exportUrl(search: AuditSearch, format: 'jsonl' | 'csv'): string {
  const query = new URLSearchParams({ format });
  for (const [key, value] of Object.entries(auditFilters(search))) if (value !== undefined) query.set(key, value);
  return `/api/v1/audit/export?${query.toString()}`;
}
