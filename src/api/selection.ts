import { Type } from 'typebox';

const WHERE_EXAMPLE = 'kind == "Component" && spec.lifecycle == "production"';

/** A condition in CEL. */
export const Where = Type.String({
  minLength: 1,
  maxLength: 4096,
  description:
    'Condition in CEL over `entity` and its parts (`kind`, `metadata`, `spec`, `relations`, `facts`, `ref`). ' +
    'Three outcomes: an entity whose values do not decide it counts as unknown.',
  examples: [WHERE_EXAMPLE],
});

/** Words and filters, as the catalog page takes them (`model/search-terms.ts`). */
export const Search = Type.String({
  maxLength: 4000,
  description:
    'Words and filters as the catalog page takes them: `owner:`, `kind:`, `type:`, `lifecycle:`, `system:`, `domain:`, `tag:`, ' +
    '`namespace:`, `name:`, `has:`, `is:`, or any path (`spec.profile.email:`, `facts.completeness.score<50`). Values joined ' +
    'by commas are alternatives, of `has:` and `is:` all must hold; `-` in front negates; quotes hold what has spaces.',
  examples: ['owner:box-office -lifecycle:deprecated has:problems'],
});

/** An order of a list. */
export const Order = Type.String({
  minLength: 1,
  maxLength: 300,
  description:
    'Dotted path to sort by, with `:asc` (the default) or `:desc`. Letter case does not count, entities without the value ' +
    'come last, ties are broken by ref. Without it the list is by ref.',
  examples: ['metadata.name:asc'],
});

/** Query parameters that choose entities: all that are given must hold. */
export const selectionQuery = {
  search: Type.Optional(Search),
  where: Type.Optional(Where),
  filter: Type.Optional(
    Type.Array(Type.String({ maxLength: 8192 }), {
      maxItems: 64,
      description:
        "Filter in Backstage's form: `key`, `key=value`, joined by commas for AND; the same key again, or the parameter " +
        'again, means OR. Letter case does not count.',
      examples: [['kind=component,spec.type=service']],
    }),
  ),
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'Free text: every word must occur in the name, title, description, tags, or the display name of a group or user. ' +
        'Values longer than 200 characters are not searched.',
      examples: ['payments'],
    }),
  ),
};

/** Query parameter that cuts answers down to some fields. */
export const Fields = Type.Array(Type.String({ maxLength: 2048 }), {
  maxItems: 64,
  description:
    'Dotted paths, joined by commas or repeated, case-sensitive: items hold only these. Without it items are whole entities. ' +
    'In lists of entities `facts.<collector>.<path>` adds a fact under `facts`.',
  examples: [['kind,metadata.name,spec.owner']],
});
