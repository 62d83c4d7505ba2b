import { Readable } from 'node:stream';
import { auditItem } from '../access/audit-item.ts';
import { exportAudit, listAudit, verifyAudit, type AuditQuery } from '../api/audit.ts';
import type { Route } from '../manifest/manifest.ts';
import { implementRoute } from '../manifest/typed-route.ts';
import type { AccessStore, AuditEntry, AuditFilter } from '../store/access-records.ts';
import { auditTableHead, auditTableLine } from './audit-table.ts';
import { administrationError } from './errors.ts';

/** Records of an export that are read at once. */
const PAGE = 500;

/** What the routes of the audit log work on. */
export interface AuditRouteOptions {
  readonly store: AccessStore;
  /** Takes the record of an export, which as a reading leaves none by itself. */
  readonly audit: { record(entry: AuditEntry): void | Promise<void> };
}

/** The routes by which people read the audit log, take it away and check it. */
export function auditRoutes({ store, audit }: AuditRouteOptions): readonly Route[] {
  const list = implementRoute(listAudit, async ({ query }) => {
    const { limit = 50, before, ...asked } = query;
    const records = await store.audit(filterOf(asked), { limit: limit + 1, before });
    const items = records.slice(0, limit).map(auditItem);
    const last = items.at(-1)?.sequence;
    return { items, ...(records.length > limit && last !== undefined && { next: last }) };
  });
  const take = implementRoute(exportAudit, async (request) => {
    const { format = 'jsonl', ...asked } = request.query;
    const filter = filterOf(asked);
    await audit.record(request.auditEntry({ data: { format, ...asked } }));
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson';
    return request.reply
      .type(type)
      .header('content-disposition', `attachment; filename="audit.${format}"`)
      .send(Readable.from(exported(store, filter, format)));
  });
  const verify = implementRoute(verifyAudit, () => store.verifyAudit());
  return [list, take, verify];
}

async function* exported(store: AccessStore, filter: AuditFilter, format: 'jsonl' | 'csv'): AsyncGenerator<string> {
  if (format === 'csv') yield auditTableHead;
  for (let after = 0; ;) {
    const records = await store.audit(filter, { limit: PAGE, after });
    const lines = records.map((record) => {
      const item = auditItem(record);
      return format === 'csv' ? auditTableLine(item) : `${JSON.stringify(item)}\n`;
    });
    if (lines.length > 0) yield lines.join('');
    if (records.length < PAGE) return;
    after = records.at(-1)?.sequence ?? after;
  }
}

function filterOf({ q, from, until, ...rest }: AuditQuery): AuditFilter {
  return { ...rest, text: q, from: moment(from), until: moment(until) };
}

/** @throws MOMENT_INVALID */
function moment(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const at = Date.parse(written);
  if (Number.isNaN(at)) throw administrationError('MOMENT_INVALID', { written });
  return at;
}
