import { joinJsonValues } from '../../base/json-bytes.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Predicate } from '../../model/predicate.ts';
import { parseFields } from '../../model/projection.ts';
import { formatEntityRef, parseEntityRef } from '../../model/ref.ts';
import { serverError } from '../errors.ts';
import { chosenBy } from './conditions.ts';
import { getByName, getByRefs, getByUid } from './contracts.ts';
import { compatibleError } from './errors.ts';
import { refuseEmptyValues } from './query-values.ts';

const NOTHING = Buffer.from('null');

const byName = implementRoute(getByName, ({ view, params, raw }) => {
  // A path with an empty part, `by-name/component//x`, is no path of this route.
  if (Object.values(params).includes('')) throw serverError('ROUTE_NOT_FOUND', { method: raw.method, path: raw.url });
  const id = view.find(formatEntityRef(params));
  if (id === undefined) throw compatibleError('ENTITY_NAME_UNKNOWN', params);
  return view.bytes(id);
});

const byUid = implementRoute(getByUid, ({ view, params }) => {
  const id = view.findByUid(params.uid);
  if (id === undefined) throw compatibleError('ENTITY_UID_UNKNOWN', params);
  return view.bytes(id);
});

const byRefs = implementRoute(getByRefs, ({ view, query, body }) => {
  refuseEmptyValues(query);
  const projection = parseFields(body.fields ?? []);
  const where = chosenBy(query.filter, body.query);
  const chosen = where === undefined ? undefined : idsOf(view, where);
  const ids = body.entityRefs.map((ref) => {
    const id = findByRef(view, ref);
    return id === undefined || chosen?.has(id) === false ? undefined : id;
  });
  const found = ids.filter((id) => id !== undefined);
  const items =
    projection === undefined
      ? inPlace(ids, view.bodies(found), NOTHING)
      : inPlace(ids, view.cutBodies(found, projection), 'null');
  return joinJsonValues('{"items":[', items, ']}');
});

/** The bodies of those that were found, each where its ref stands. */
function inPlace<Body>(ids: readonly (number | undefined)[], bodies: readonly Body[], nothing: Body): readonly Body[] {
  let next = 0;
  return ids.map((id) => (id === undefined ? nothing : (bodies[next++] ?? nothing)));
}

/** Any letter case and a missing namespace are understood, which Backstage itself does not. */
function findByRef(view: View, ref: string): number | undefined {
  const id = view.find(ref);
  if (id !== undefined) return id;
  const parts = parseEntityRef(ref);
  return parts && view.find(formatEntityRef(parts));
}

function idsOf(view: View, where: Predicate): ReadonlySet<number> {
  return new Set(view.list({ where, limit: Number.MAX_SAFE_INTEGER }).ids);
}

/** The routes that name entities. */
export const nameRoutes: readonly Route[] = [byName, byUid, byRefs];
