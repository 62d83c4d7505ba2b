import { Type, type TInteger, type TUnsafe } from 'typebox';

/** Revision of the store that an answer shows. */
export const Revision = Type.Integer({
  minimum: 0,
  description: 'Revision of the catalog that this answer shows. A write answers with one too; see `minRevision`.',
  examples: [4711],
});

/** A moment, ISO 8601 in UTC. */
export function Instant(description: string): TUnsafe<string> {
  return Type.Unsafe<string>({
    type: 'string',
    format: 'date-time',
    description,
    examples: ['2026-11-22T08:30:00.000Z'],
  });
}

/** How many there are of something. */
export function count(description: string): TInteger {
  return Type.Integer({ minimum: 0, description });
}

/** Query parameter of every read: waits until this server shows at least that revision. */
export const revisionQuery = {
  minRevision: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Waits (at most 5 seconds) until this server shows at least this revision, so that a client reads what it wrote. ' +
        'Answers 503 `CACHE_BEHIND` when it does not come.',
      examples: [4711],
    }),
  ),
};

/**
 * Query parameters of a list that is read page by page.
 * @param most the largest page size
 * @param usual the page size where none is asked
 */
export function pageQuery(most: number, usual: number) {
  return {
    limit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: most,
        default: usual,
        description: `Items on a page, at most ${most}. 0 answers the counts alone.`,
        examples: [usual],
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 16_384,
        description:
          '`next` or `previous` of another page of the same question. A cursor of another question is refused.',
      }),
    ),
    ...revisionQuery,
  };
}

/** Parts of every answer that is a page of a list. */
export const pageParts = {
  revision: Revision,
  total: Type.Integer({ minimum: 0, description: 'Number of items that the whole question has.', examples: [137] }),
  next: Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last.' })),
  previous: Type.Optional(Type.String({ description: 'Cursor of the previous page; absent on the first.' })),
};

/** Where three-valued conditions are asked: how many could not be decided. */
export const Unknown = Type.Integer({
  minimum: 0,
  description:
    'Number of entities for which the condition is neither true nor false, because a value is absent, stale or in error. ' +
    'They are not in the list.',
  examples: [3],
});
