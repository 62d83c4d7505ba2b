import { listOwned, type OwnedAnswer, type OwnedItem } from '../../api/owned.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { JsonValue } from '../../model/json.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { entityTitle } from './entity-title.ts';
import { instant } from './instant.ts';
import { factsAt } from './listed-facts.ts';
import { ownedPredicate } from './ownership.ts';
import { readView } from './read.ts';

/** Items of an answer. */
const PAGE = 50;
/** Entities that are looked at one by one for it. */
const MOST_LOOKED_AT = 500;
const MOST_KINDS = 50;

/** The kinds that people think of first, in this order. */
const RANKS = ['domain', 'system', 'component', 'api', 'resource'];

const owned = implementRoute(listOwned, (request, context) =>
  readView(request, request.query.minRevision, context, (view): OwnedAnswer => {
    const { limit = PAGE, fact = [], minRevision: _, ...selection } = request.query;
    const where = ownedPredicate(selection);
    const { ids, total } = view.list({ where, limit: MOST_LOOKED_AT });
    const all = ids.map((id) => ownedItem(view, id)).toSorted(byImportance);
    const kinds = view.facets(['kind'], where, MOST_KINDS).get('kind') ?? [];
    return {
      revision: view.revision,
      total,
      kinds: kinds.map(({ value, count }) => ({ kind: value, count })),
      items: all.slice(0, limit).map((item) => withFacts(view, item, fact)),
      incomplete: all.filter(({ missing }) => missing.length > 0).length,
      sources: [...new Set(all.map(({ source }) => source))].sort(),
    };
  }),
);

/** The route of what groups own. */
export const ownedRoutes: readonly Route[] = [owned];

function ownedItem(view: View, id: number): OwnedItem {
  const entity = view.document(id);
  const { source, changedAt } = view.declaration(id);
  const { type, lifecycle, owner: owns, system, domain } = entity.spec ?? {};
  const { namespace } = entity.metadata;
  const owner = refOf(owns, 'Group', namespace);
  const partOf = refOf(system, 'System', namespace) ?? refOf(domain, 'Domain', namespace);
  return {
    ref: view.refOf(id),
    kind: entity.kind,
    title: entityTitle(entity),
    ...(typeof type === 'string' && { type }),
    ...(typeof lifecycle === 'string' && { lifecycle }),
    ...(owner !== undefined && { owner }),
    ...(partOf !== undefined && { partOf }),
    source,
    changedAt: instant(changedAt),
    missing: missingOf(view, id),
  };
}

function withFacts(view: View, item: OwnedItem, paths: readonly string[]): OwnedItem {
  const id = paths.length === 0 ? undefined : view.find(item.ref);
  return id === undefined ? item : { ...item, facts: factsAt(view.subject(id), paths) };
}

function missingOf(view: View, id: number): string[] {
  const value = view.facts(id).find(({ collector, path }) => collector === 'completeness' && path === 'missing')?.value;
  return Array.isArray(value) ? value.filter((aspect) => typeof aspect === 'string') : [];
}

function refOf(
  written: JsonValue | undefined,
  defaultKind: string,
  defaultNamespace: string | undefined,
): string | undefined {
  const parts = typeof written === 'string' ? parseEntityRef(written, { defaultKind, defaultNamespace }) : undefined;
  return parts && formatEntityRef(parts);
}

function byImportance(left: OwnedItem, right: OwnedItem): number {
  return rankOf(left) - rankOf(right) || left.title.localeCompare(right.title, 'en') || (left.ref < right.ref ? -1 : 1);
}

function rankOf({ kind }: OwnedItem): number {
  const rank = RANKS.indexOf(kind.toLowerCase());
  return rank === -1 ? RANKS.length : rank;
}
