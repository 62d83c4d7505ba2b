import { Readable } from 'node:stream';
import { stringify } from 'yaml';
import { csvLine } from '../../base/csv.ts';
import { Slots } from '../../base/slots.ts';
import { exportEntities, MOST_EXPORTED, type ExportFormat } from '../../api/export.ts';
import { Pacer } from '../../graph/pacer.ts';
import type { ListRequest, View } from '../../graph/view.ts';
import type { DomainContext, Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { routeError } from './errors.ts';
import { exportColumns, exportedEntity, exportRow, tableValue } from './export-row.ts';
import { canonicalRef } from './named-entity.ts';
import { readView } from './read.ts';
import { parseOrder, selectionPredicate } from './selection.ts';

/** Refs taken from the graph at a time. */
const REFS = 5000;
/** Rows that are made before they are handed to the connection: some tens of kilobytes. */
const ROWS = 50;
/** Exports that are written at a time; others wait. */
const AT_A_TIME = 4;

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
};

const slots = new Slots(AT_A_TIME);

const take = implementRoute(exportEntities, (request, context) =>
  readView(request, request.query.minRevision, context, async (view) => {
    const { format = 'csv', columns = [], ref, order, minRevision: _minRevision, ...selection } = request.query;
    const where = selectionPredicate(selection);
    const list = { where, order: order === undefined ? undefined : parseOrder(order) };
    const chosen = ref && new Set(ref.map((text) => canonicalRef(text)));
    const refs = await refsOf(view, list, chosen, context);
    const body = written(view, refs, format, exportColumns(columns, format === 'csv'), context, request.signal);
    return request.reply
      .type(CONTENT_TYPES[format])
      .header('content-disposition', `attachment; filename="catalog.${format}"`)
      .send(Readable.from(body));
  }),
);

/** @throws EXPORT_TOO_LARGE, and what the question throws, before anything is sent */
async function refsOf(
  view: View,
  list: Pick<ListRequest, 'where' | 'order'>,
  chosen: ReadonlySet<string> | undefined,
  { clock }: DomainContext,
): Promise<readonly string[]> {
  const pacer = new Pacer(clock);
  const refs: string[] = [];
  let cursor: string | undefined;
  do {
    const page = view.list({ ...list, limit: REFS, cursor });
    checkExportable(page.total);
    for (const id of page.ids) {
      const ref = view.refOf(id);
      if (chosen === undefined || chosen.has(ref)) refs.push(ref);
    }
    cursor = page.next;
    if (pacer.isDue()) await pacer.pause();
  } while (cursor !== undefined);
  return refs;
}

/** @throws EXPORT_TOO_LARGE for more entities than an export may have */
export function checkExportable(total: number): void {
  if (total > MOST_EXPORTED) throw routeError('EXPORT_TOO_LARGE', { total, most: MOST_EXPORTED });
}

/** The text of an export, some rows at a time: the connection asks for the next ones when it has room. */
async function* written(
  view: View,
  refs: readonly string[],
  format: ExportFormat,
  columns: readonly string[],
  { clock }: DomainContext,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const slot = await slots.take(signal);
  try {
    const pacer = new Pacer(clock);
    if (format === 'csv') yield csvLine(columns);
    let isFirst = true;
    for (let from = 0; from < refs.length; from += ROWS) {
      signal.throwIfAborted();
      const rows: string[] = [];
      for (const ref of refs.slice(from, from + ROWS)) {
        const id = view.find(ref);
        if (id === undefined) continue;
        rows.push(rowText(view, id, format, columns, isFirst));
        isFirst = false;
      }
      yield rows.join('');
      if (pacer.isDue()) await pacer.pause();
    }
    if (format === 'json') yield isFirst ? '[]\n' : '\n]\n';
  } finally {
    slot.release();
  }
}

function rowText(view: View, id: number, format: ExportFormat, columns: readonly string[], isFirst: boolean): string {
  if (format === 'csv') return csvLine(exportRow(view, id, columns).map(tableValue));
  const item = columns.length === 0 ? exportedEntity(view, id) : keyed(columns, exportRow(view, id, columns));
  if (format === 'json') return `${isFirst ? '[\n' : ',\n'}${JSON.stringify(item)}`;
  return `---\n${stringify(item, { aliasDuplicateObjects: false })}`;
}

function keyed(columns: readonly string[], values: readonly unknown[]): object {
  return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null]));
}

/** The routes of exports. */
export const exportRoutes: readonly Route[] = [take];
