import { findEntities, type FindItem } from '../../api/find.ts';
import type { FoundEntity } from '../../graph/find.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import type { Predicate } from '../../model/predicate.ts';
import { DEFAULT_NAMESPACE } from '../../model/ref.ts';
import { canonicalRef } from './named-entity.ts';
import { readView } from './read.ts';
import { selectionPredicate } from './selection.ts';

const ITEMS = 20;
const LONGEST_DESCRIPTION = 200;

const find = implementRoute(findEntities, (request, context) =>
  readView(request, request.query.minRevision, context, async (view) => {
    const { q = '', kind, mine, limit = ITEMS, minRevision: _, ...selection } = request.query;
    const where = join(selectionPredicate(selection), kind && kindPredicate(kind));
    const refs = mine?.map((ref) => canonicalRef(ref, 'group'));
    const { items, total, more } = await view.search({ text: q, where, mine: refs, limit });
    return { revision: view.revision, items: items.map((found) => findItem(view, found)), total, more };
  }),
);

function kindPredicate(kinds: readonly string[]): Predicate {
  return { op: 'field', key: 'kind', values: kinds.map((kind) => kind.toLowerCase()) };
}

function join(one: Predicate | undefined, other: Predicate | undefined): Predicate | undefined {
  return one && other ? { op: 'and', args: [one, other] } : (one ?? other);
}

function findItem(view: View, { id, match }: FoundEntity): FindItem {
  const { ref, entity, relations } = view.subject(id);
  const { kind, metadata, spec } = entity;
  const profile = spec?.['profile'];
  const title = metadata.title ?? text(isJsonObject(profile) ? profile['displayName'] : undefined);
  const description = text(metadata.description)?.slice(0, LONGEST_DESCRIPTION);
  const [type, lifecycle, owner] = [text(spec?.['type']), text(spec?.['lifecycle']), relations['ownedBy']?.[0]];
  return {
    ref,
    kind,
    namespace: metadata.namespace ?? DEFAULT_NAMESPACE,
    name: metadata.name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(type !== undefined && { type }),
    ...(owner !== undefined && { owner }),
    ...(lifecycle !== undefined && { lifecycle }),
    ...(match && { match: { ...match, ranges: match.ranges.map(([from, to]): [number, number] => [from, to]) } }),
  };
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The route that finds entities by what people type. */
export const findRoutes: readonly Route[] = [find];
