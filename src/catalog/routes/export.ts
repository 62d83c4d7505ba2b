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

/** Refs taken from the graph at a time: each time the whole condition is answered. */
const REFS = 25_000;
/** Text that is made before it is handed to the connection, in UTF-16 units; less where a turn ends before. */
const CHUNK = 65_536;

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
};

/** One export has a turn of the event loop at a time. Nobody holds it while a connection is slow to read. */
const turns = new Slots(1);

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

/**
 * The text of an export, some rows at a time: the connection asks for the next ones when it has room.
 * Rejects with the signal's reason when it aborts.
 */
async function* written(
  view: View,
  refs: readonly string[],
  format: ExportFormat,
  columns: readonly string[],
  { clock }: DomainContext,
  signal: AbortSignal,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns);
  let isFirst = true;
  for (let at = 0; at < refs.length;) {
    const turn = await turns.take(signal);
    let text = '';
    try {
      const pacer = new Pacer(clock);
      while (at < refs.length && text.length < CHUNK && !pacer.isDue()) {
        const id = view.find(refs[at] ?? '');
        at += 1;
        if (id === undefined) continue;
        text += rowText(view, id, format, columns, isFirst);
        isFirst = false;
      }
      await pacer.pause();
    } finally {
      turn.release();
    }
    if (text !== '') yield text;
  }
  if (format === 'json') yield isFirst ? '[]\n' : '\n]\n';
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
