/** The parts of an entity's page. */
export const VIEWS = ['overview', 'relations', 'facts', 'problems', 'history', 'descriptor'] as const;

/** One part of an entity's page. */
export type EntityView = (typeof VIEWS)[number];

/** The view state of an entity's page as its URL holds it. */
export interface EntitySearch {
  /** Absent: the overview. */
  readonly view?: EntityView | undefined;
  /** In `relations`: only these; in the URL as the relation's type. */
  readonly type?: string | undefined;
  /** In `descriptor`: absent means YAML. */
  readonly format?: 'json' | undefined;
  readonly cursor?: string | undefined;
}

/** Takes the known keys where their values make sense; others stay in the URL untouched. */
export function readEntitySearch(search: Readonly<Record<string, unknown>>): EntitySearch {
  const { view, type, format, cursor, ...others } = search;
  return {
    ...others,
    view: VIEWS.find((candidate) => candidate === view && candidate !== 'overview'),
    type: typeof type === 'string' ? type : undefined,
    format: format === 'json' ? format : undefined,
    cursor: typeof cursor === 'string' ? cursor : undefined,
  };
}
