import type { CatalogControl, Registration } from '../../catalog/control.ts';
import type { CatalogConfig } from '../../config/config.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import { formatEntityRef } from '../../model/ref.ts';
import { analyzeTarget } from './analysis.ts';
import { compatibleError } from './errors.ts';
import {
  analyzeLocation,
  createLocation,
  deleteLocation,
  getLocation,
  getLocationByEntity,
  listLocations,
  queryLocations,
  updateLocation,
} from './location-contracts.ts';
import { chooseLocations, encodeLocationCursor, locationPage } from './location-query.ts';
import { previewAnswer } from './preview.ts';
import { REFRESH_WAIT_MS } from './upkeep.ts';

const ORIGIN = 'backstage.io/managed-by-origin-location';

type OnConflict = CatalogConfig['onLocationConflict'];

/** The routes of registered locations. @param onConflict what registering one again does where a request does not say */
export function locationRoutes(control: CatalogControl, onConflict: OnConflict): readonly Route[] {
  return [...readingRoutes(control), ...changingRoutes(control, onConflict), analysisRoute];
}

function readingRoutes(control: CatalogControl): readonly Route[] {
  const list = implementRoute(listLocations, ({ view }) =>
    control.registrations(view).map((registration) => ({ data: compatible(registration) })),
  );
  const query = implementRoute(queryLocations, ({ view, body }) => {
    const page = locationPage(body ?? {});
    const chosen = chooseLocations(control.registrations(view), page.query);
    const { afterId } = page;
    const rest = afterId === undefined ? chosen : chosen.filter(({ id }) => id > afterId);
    const items = rest.slice(0, page.limit);
    const last = rest.length > items.length ? items.at(-1) : undefined;
    const pageInfo = last === undefined ? {} : { nextCursor: encodeLocationCursor({ ...page, afterId: last.id }) };
    return { items: items.map(compatible), totalItems: chosen.length, pageInfo };
  });
  const one = implementRoute(getLocation, ({ view, params }) => compatible(registered(control, view, params.id)));
  const byEntity = implementRoute(getLocationByEntity, ({ view, params }) => {
    const ref = formatEntityRef(params);
    const id = view.find(ref);
    if (id === undefined) throw compatibleError('ENTITY_REF_UNKNOWN', { ref });
    const origin = view.subject(id).entity.metadata.annotations?.[ORIGIN] ?? '';
    const found = control.registrations(view).find(({ type, target }) => `${type}:${target}` === origin);
    if (found === undefined) throw compatibleError('LOCATION_OF_ENTITY_UNKNOWN', { ref, origin });
    return compatible(found);
  });
  return [list, query, one, byEntity];
}

function changingRoutes(control: CatalogControl, onConflict: OnConflict): readonly Route[] {
  const create = implementRoute(createLocation, async (request) => {
    const { view, query, body, signal } = request;
    const { type, target } = body;
    request.audit({ target: `${type}:${target}`, ...(isTrue(query.dryRun) && { data: { dryRun: true } }) });
    assertUrl(type);
    if (isTrue(query.dryRun)) {
      const preview = await control.preview({ type, target }, view, signal);
      return previewAnswer(preview, body);
    }
    const existing = control.registrations(view).find((other) => other.type === type && other.target === target);
    if (existing !== undefined && (query.onConflict ?? onConflict) === 'refresh') {
      await control.refresh({ location: `${type}:${target}` }, view, REFRESH_WAIT_MS);
      return { location: compatible(existing), entities: [] };
    }
    return { location: compatible(await control.register({ type, target })), entities: [] };
  });
  const update = implementRoute(updateLocation, async (request) => {
    const { view, params, body } = request;
    request.audit({ target: `${body.type}:${body.target}`, data: { id: params.id } });
    // The type is looked at first, also of a location that is not there.
    assertUrl(body.type);
    return compatible(await control.relocate(registered(control, view, params.id).id, body));
  });
  const remove = implementRoute(deleteLocation, async (request) => {
    const { view, params, reply } = request;
    const { id, type, target } = registered(control, view, params.id);
    request.audit({ target: `${type}:${target}` });
    await control.unregister(id);
    return reply.status(204).send();
  });
  return [create, update, remove];
}

const analysisRoute = implementRoute(analyzeLocation, ({ body }) => analyzeTarget(body.location.target));

/** Other types are registered over `/api/v1`. @throws LOCATION_NOT_URL */
function assertUrl(type: string): void {
  if (type !== 'url') throw compatibleError('LOCATION_NOT_URL');
}

/** What clients may know of a registered location. */
function compatible({ id, type, target, entityRef }: Registration) {
  return { id, type, target, entityRef };
}

/** @throws LOCATION_ID_UNKNOWN also for one that the view does not show */
function registered(control: CatalogControl, view: View, wanted: string): Registration {
  const found = control.registrations(view).find(({ id }) => id === wanted);
  if (found === undefined) throw compatibleError('LOCATION_ID_UNKNOWN', { id: wanted });
  return found;
}

/** Texts that Backstage takes for true. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(y|yes|true|1|on)$/i.test(text.trim());
}
