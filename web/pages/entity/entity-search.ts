import { readTexts } from '../../url/search-codec.ts';

/** The parts of an entity's page. */
export const VIEWS = [
  'overview',
  'running',
  'relations',
  'definition',
  'facts',
  'problems',
  'history',
  'descriptor',
] as const;

/** One part of an entity's page. */
export type EntityView = (typeof VIEWS)[number];

/** What is shown of the workload that is chosen in `running`. */
export const PANES = ['pods', 'logs', 'events', 'yaml', 'diff', 'actions'] as const;

/** One part of what is shown of a workload. */
export type RunningPane = (typeof PANES)[number];

/** From when on logs are shown. */
export const LOG_SPANS = ['5m', '1h', '24h'] as const;

/** The view state of an entity's page as its URL holds it. */
export interface EntitySearch {
  /** Absent: the overview. */
  readonly view?: EntityView | undefined;
  /** In `relations`: only these; in the URL as the relation's type. */
  readonly type?: string | undefined;
  /** In `relations`, `history` and logs: only what contains this text. */
  readonly q?: string | undefined;
  /** In `descriptor`: absent means YAML. */
  readonly format?: 'json' | undefined;
  /** In `history`: revision of the step that a link means. */
  readonly step?: string | undefined;
  /** In the overview of what holds others: only its parts of this kind, lower case. */
  readonly kind?: string | undefined;
  /** In the overview of a group: `direct` leaves out what its child groups own. In `running`: `all` shows each cluster. */
  readonly scope?: 'direct' | 'all' | undefined;
  /** In `running`: the workload that is chosen, `Kind/namespace/name` with `_` for no namespace, and its cluster. */
  readonly workload?: string | undefined;
  readonly cluster?: string | undefined;
  /** In `running`: what is shown of it; absent means pods. */
  readonly pane?: RunningPane | undefined;
  /** In `running`: only clusters of this environment, whose name contains this, where something is in this state. */
  readonly environment?: string | undefined;
  readonly find?: string | undefined;
  readonly state?: string | undefined;
  /** In logs: of this pod alone. */
  readonly pod?: string | undefined;
  /** In logs: of all clusters, before the last restart, from when on, and the line that a link means: `pod@time`. */
  readonly logs?: 'all' | undefined;
  readonly previous?: 'true' | undefined;
  readonly since?: (typeof LOG_SPANS)[number] | undefined;
  readonly line?: string | undefined;
  /** In `diff`: the other cluster, and whether the two stand beside each other. */
  readonly with?: string | undefined;
  readonly beside?: 'true' | undefined;
  readonly cursor?: string | undefined;
}

/** Takes the known keys where their values make sense; others stay in the URL untouched. */
export function readEntitySearch(search: Readonly<Record<string, unknown>>): EntitySearch {
  const { view, format, scope, pane, logs, previous, since, beside, ...others } = search;
  return {
    ...readTexts(others, ['type', 'q', 'step', 'kind', 'cursor', 'workload', 'cluster']),
    ...readTexts(others, ['environment', 'find', 'state', 'line', 'with', 'pod']),
    pane: PANES.find((candidate) => candidate === pane && candidate !== 'pods'),
    logs: logs === 'all' ? logs : undefined,
    previous: previous === 'true' ? previous : undefined,
    since: LOG_SPANS.find((candidate) => candidate === since),
    beside: beside === 'true' ? beside : undefined,
    view: VIEWS.find((candidate) => candidate === view && candidate !== 'overview'),
    format: format === 'json' ? format : undefined,
    scope: scope === 'direct' || scope === 'all' ? scope : undefined,
  };
}
