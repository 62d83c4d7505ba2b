import { Type, type Static } from 'typebox';
import { revisionQuery } from './paging.ts';
import { defineRoute } from './route.ts';
import { Order, selectionQuery } from './selection.ts';

/** Entities that one export may have. */
export const MOST_EXPORTED = 200_000;

/** How an export is written. */
export const ExportFormat = Type.Union([Type.Literal('csv'), Type.Literal('json'), Type.Literal('yaml')], {
  description:
    '`csv`: a table (RFC 4180); lists are joined by commas, and what a spreadsheet would take for a formula begins with an ' +
    'apostrophe. `json`: one list. `yaml`: a document for each entity.',
});
export type ExportFormat = Static<typeof ExportFormat>;

/** `GET /api/v1/entities/export` */
export const exportEntities = defineRoute({
  method: 'GET',
  path: '/api/v1/entities/export',
  summary: 'Export entities',
  description:
    `The entities that hold for the same question as \`GET /api/v1/entities\`, all of them, at most ${MOST_EXPORTED.toLocaleString('en')}, ` +
    'streamed in the order that is asked. Which entities is settled when the export begins; what is gone before its turn is left out.',
  tag: 'Entities',
  permission: 'catalog.entity.read',
  query: Type.Object({
    ...selectionQuery,
    ref: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 200,
        description: 'Only these entities (repeatable).',
      }),
    ),
    order: Type.Optional(Order),
    format: Type.Optional(ExportFormat),
    columns: Type.Optional(
      Type.Array(Type.String({ maxLength: 2048 }), {
        maxItems: 64,
        description:
          'Dotted paths, joined by commas or repeated: each is a column, or a key of each item. `relations.<type>` and ' +
          '`facts.<collector>.<path>` are columns too, `ref` is the entity ref. Default: for a table kind, namespace, name, ' +
          'title, type, lifecycle, owner and what it is part of, else whole entities.',
        examples: [['metadata.name,spec.type,relations.ownedBy,facts.completeness.score']],
      }),
    ),
    ...revisionQuery,
  }),
  contentType: 'text/csv',
});
