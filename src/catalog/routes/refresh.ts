import { refreshSources, type RefreshReport } from '../../api/sources.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { CatalogControl, RefreshTarget } from '../control.ts';
import { locationRef } from '../registration.ts';
import { routeError } from './errors.ts';
import { canonicalRef } from './named-entity.ts';

/** How long a refresh is waited for, seconds. */
export const WAIT_SECONDS = 10;

/** What a lease says of an error may name files and entities that the reader may not see. */
export const HIDDEN_ERROR = 'The last look failed; what it found is not shown to you.';

/** The route that looks again. */
export function refreshRoutes(control: CatalogControl): readonly Route[] {
  const refresh = implementRoute(refreshSources, async (request) => {
    const { view, body } = request;
    const { entityRef, location, waitSeconds = WAIT_SECONDS } = body;
    if ((entityRef === undefined) === (location === undefined)) throw routeError('REFRESH_TARGET_INVALID');
    const target = entityRef === undefined ? { location: location ?? '' } : { entityRef: canonicalRef(entityRef) };
    const named = 'location' in target ? target.location : target.entityRef;
    request.audit({ target: named });
    assertVisible(target, view, control);
    // A location is no entity: it takes the permission for all.
    request.authorizeEntity(named);
    const report = await refreshFor(control, target, view, waitSeconds);
    request.audit({ revision: report.revision });
    return report;
  });
  return [refresh];
}

/**
 * Refreshes, and tells of it what a view shows.
 *
 * @param target visible, or just registered by who asks
 * @param waitSeconds how long at most
 * @throws ENTITY_NOT_FOUND, LOCATION_NOT_FOUND, CATALOG_NOT_RUNNING
 */
export async function refreshFor(
  control: CatalogControl,
  target: RefreshTarget,
  view: View,
  waitSeconds: number,
): Promise<RefreshReport> {
  const named = 'location' in target ? target.location : locationOf(view, target.entityRef);
  const before = shownRefs(view);
  const report = await control.refresh(target, view, waitSeconds * 1000);
  if (report === undefined) throw notFound(target);
  const seesAll = before === undefined;
  const shown = seesAll ? undefined : new Set(view.locations().map(({ ref }) => ref));
  return {
    revision: view.revision,
    locations: report.locations.filter((ref) => shown === undefined || ref === named || shown.has(ref)),
    changes: report.changes
      .filter(({ ref }) => seesAll || before.has(ref) || view.find(ref) !== undefined)
      .map(({ ref, change }) => ({ ref, change }))
      .toSorted((left, right) => (left.ref < right.ref ? -1 : 1)),
    failures: seesAll
      ? report.failures.map(({ source, error }) => ({ source, error }))
      : report.failures.slice(0, 1).map(() => ({ source: named, error: HIDDEN_ERROR })),
    pending: report.pending,
  };
}

/** @throws ENTITY_NOT_FOUND */
function locationOf(view: View, entityRef: string): string {
  const id = view.find(entityRef);
  if (id === undefined) throw notFound({ entityRef });
  return view.declaration(id).location;
}

/** @throws where the view shows nothing of what is to be refreshed */
function assertVisible(target: RefreshTarget, view: View, control: CatalogControl): void {
  if ('entityRef' in target) {
    if (view.find(target.entityRef) === undefined) throw notFound(target);
    return;
  }
  if (view.visibility.kind === 'all') return;
  const { location } = target;
  if (view.locations().some(({ ref, source }) => ref === location || source === location)) return;
  if (!control.registrations(view).some((known) => locationRef(known) === location)) throw notFound(target);
}

function notFound(target: RefreshTarget): Error {
  return 'entityRef' in target
    ? routeError('ENTITY_NOT_FOUND', { ref: target.entityRef })
    : routeError('LOCATION_NOT_FOUND', { location: target.location });
}

/** What a view that does not see all shows before a change: what goes with the change cannot be asked for after it. */
function shownRefs(view: View): ReadonlySet<string> | undefined {
  if (view.visibility.kind === 'all') return undefined;
  return new Set(view.list({ limit: Number.MAX_SAFE_INTEGER }).ids.map((id) => view.refOf(id)));
}
