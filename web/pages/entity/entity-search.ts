import { readTexts } from '../../url/search-codec.ts';

/** The parts of an entity's page. */
export const VIEWS = ['overview', 'relations', 'definition', 'facts', 'problems', 'history', 'descriptor'] as const;

/** One part of an entity's page. */
export type EntityView = (typeof VIEWS)[number];

/** The view state of an entity's page as its URL holds it. */
export interface EntitySearch {
  /** Absent: the overview. */
  readonly view?: EntityView | undefined;
  /** In `relations`: only these; in the URL as the relation's type. */
  readonly type?: string | undefined;
  /** In `relations` and `history`: only what contains this text. */
  readonly q?: string | undefined;
  /** In `descriptor`: absent means YAML. */
  readonly format?: 'json' | undefined;
  /** In `history`: revision of the step that a link means. */
  readonly step?: string | undefined;
  /** In the overview of what holds others: only its parts of this kind, lower case. */
  readonly kind?: string | undefined;
  /** In the overview of a group: `direct` leaves out what its child groups own. */
  readonly scope?: 'direct' | undefined;
  readonly cursor?: string | undefined;
}

/** Takes the known keys where their values make sense; others stay in the URL untouched. */
export function readEntitySearch(search: Readonly<Record<string, unknown>>): EntitySearch {
  const { view, format, scope, ...others } = search;
  return {
    ...readTexts(others, ['type', 'q', 'step', 'kind', 'cursor']),
    view: VIEWS.find((candidate) => candidate === view && candidate !== 'overview'),
    format: format === 'json' ? format : undefined,
    scope: scope === 'direct' ? scope : undefined,
  };
}
