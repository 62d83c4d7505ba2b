import {
  listRegistrations,
  registerLocation,
  unregisterLocation,
  type LocationChange,
  type LocationFinding,
  type RegisteredLocation,
  type RegistrationOutcome,
} from '../../api/registrations.ts';
import type { RefreshReport } from '../../api/sources.ts';
import type { CatalogConfig } from '../../config/config.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Problem } from '../../model/problem.ts';
import type { CatalogControl, LocationPreview, LocationSpec, PreviewedEntity, Registration } from '../control.ts';
import { failure } from '../errors.ts';
import { formatPath } from '../finding.ts';
import { locationRef } from '../registration.ts';
import { readView } from './read.ts';
import { refreshFor, WAIT_SECONDS } from './refresh.ts';

/** Most findings that an answer names. */
const MOST_FINDINGS = 1_000;

/** The routes of registered locations. */
export function registrationRoutes(control: CatalogControl, settings: CatalogConfig): readonly Route[] {
  const list = implementRoute(listRegistrations, (request, context) =>
    readView(request, request.query.minRevision, context, (view) => ({
      revision: view.revision,
      items: control.registrations(view).map(registeredItem),
    })),
  );
  const register = implementRoute(registerLocation, async (request) => {
    const { view, query, body, signal } = request;
    request.audit({ target: `${body.type}:${body.target}`, ...(query.dryRun === true && { data: { dryRun: true } }) });
    if (query.dryRun === true) return previewAnswer(await control.preview(body, view, signal), view);
    const known = settings.onLocationConflict === 'refresh' ? findSame(control, view, body) : undefined;
    const registration = known ?? (await control.register(body));
    const location = locationRef(registration);
    const report = await refreshFor(control, { location }, view, WAIT_SECONDS);
    request.audit({ revision: report.revision });
    return registeredAnswer(registration, known !== undefined, report, view);
  });
  const remove = implementRoute(unregisterLocation, async (request) => {
    const { view, params, query } = request;
    const registration = registered(control, view, params.id);
    const dryRun = query.dryRun === true;
    request.audit({ target: locationRef(registration), data: { dryRun } });
    const going = control.previewRemoval(registration.id, view);
    if (!dryRun) await control.unregister(registration.id);
    // Another location may have declared the same, and has it then.
    const removed = dryRun ? going : going.filter((ref) => view.find(ref) === undefined);
    return { revision: view.revision, dryRun, location: registeredItem(registration), removed: [...removed] };
  });
  return [list, register, remove];
}

/** @throws LOCATION_UNKNOWN also for one that the view does not show */
function registered(control: CatalogControl, view: View, id: string): Registration {
  const found = control.registrations(view).find((registration) => registration.id === id);
  if (found === undefined) throw failure('LOCATION_UNKNOWN', { id });
  return found;
}

function findSame(control: CatalogControl, view: View, spec: LocationSpec): Registration | undefined {
  return control.registrations(view).find((registration) => locationRef(registration) === locationRef(spec));
}

function registeredItem({ id, type, target, presence, entityRef }: Registration): RegisteredLocation {
  return { id, type, target, entityRef, ...(presence !== undefined && { presence }) };
}

function previewAnswer({ location, exists, entities, findings }: LocationPreview, view: View): RegistrationOutcome {
  const { type, target, presence, entityRef } = location;
  return {
    revision: view.revision,
    dryRun: true,
    exists,
    location: { type, target, entityRef, ...(presence !== undefined && { presence }) },
    changes: entities.map(previewedChange),
    findings: findings.slice(0, MOST_FINDINGS).map(previewedFinding),
    pending: false,
  };
}

function previewedChange({ ref, change, location, line, owner }: PreviewedEntity): LocationChange {
  return { ref, change, location, line, ...(owner !== undefined && { owner: { ...owner } }) };
}

function previewedFinding(finding: LocationPreview['findings'][number]): LocationFinding {
  const { severity, code, message, fix, path = [], entityRef, place, location } = finding;
  return {
    severity,
    code,
    message,
    location,
    ...(fix !== undefined && { fix }),
    ...(place !== undefined && { line: place.line, column: place.column }),
    ...(path.length > 0 && { path: formatPath(path) }),
    ...(entityRef !== undefined && { entityRef }),
  };
}

function registeredAnswer(
  registration: Registration,
  exists: boolean,
  report: RefreshReport,
  view: View,
): RegistrationOutcome {
  const { entityRef } = registration;
  const source = locationRef(registration);
  const own: LocationChange[] = exists ? [] : [{ ref: entityRef, change: 'create' }];
  return {
    revision: view.revision,
    dryRun: false,
    exists,
    location: registeredItem(registration),
    changes: [...own, ...report.changes.flatMap(({ ref, change }) => reportedChange(view, ref, change))],
    findings: view
      .problems()
      .filter((problem) => problem.source === source)
      .slice(0, MOST_FINDINGS)
      .map(storedFinding),
    pending: report.pending,
  };
}

function reportedChange(view: View, ref: string, change: 'created' | 'updated' | 'deleted'): readonly LocationChange[] {
  const id = view.find(ref);
  if (id === undefined || change === 'deleted') return [];
  const { location, line } = view.declaration(id);
  return [{ ref, change: change === 'created' ? 'create' : 'update', location, line }];
}

function storedFinding({
  severity,
  code,
  message,
  fix,
  location,
  line,
  column,
  path,
  entityRef,
}: Problem): LocationFinding {
  return {
    severity,
    code,
    message,
    location,
    ...(fix !== undefined && { fix }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(path !== undefined && { path }),
    ...(entityRef !== undefined && { entityRef }),
  };
}
