import { listLocations, listSources, type LocationItem, type SourceItem } from '../../api/sources.ts';
import type { CatalogConfig } from '../../config/config.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Lease } from '../../model/fact.ts';
import type { LocationState } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { CatalogControl } from '../control.ts';
import { CATALOG_COLLECTOR } from '../source-runner.ts';
import { instant } from './instant.ts';
import { keysetPage } from './keyset.ts';
import { readView } from './read.ts';
import { HIDDEN_ERROR } from './refresh.ts';
import { originOfSources, type SourceOrigin } from './source-origin.ts';

const PAGE = 100;

interface Severities {
  errors: number;
  warnings: number;
}

const NONE: Readonly<Severities> = { errors: 0, warnings: 0 };

function countProblems(problems: readonly Problem[], by: 'location' | 'source'): ReadonlyMap<string, Severities> {
  const counts = new Map<string, Severities>();
  for (const problem of problems) {
    const count = counts.get(problem[by]) ?? { ...NONE };
    if (problem.severity === 'error') count.errors += 1;
    else count.warnings += 1;
    counts.set(problem[by], count);
  }
  return counts;
}

function locationItem(
  location: LocationState,
  shows: (ref: string) => boolean,
  severities: Readonly<Severities> = NONE,
): LocationItem {
  const { ref, source, parent, parentEntity, entities, changedAt } = location;
  return {
    ref,
    source,
    entities,
    ...severities,
    changedAt: instant(changedAt),
    ...(parent !== undefined && shows(parent) && { parent }),
    ...(parentEntity !== undefined && shows(parentEntity) && { parentEntity }),
  };
}

const locations = implementRoute(listLocations, (request, context) =>
  readView(request, request.query.minRevision, context, (view) => {
    const { source, q = '', ...asked } = request.query;
    const text = q.toLowerCase();
    const all = view.locations();
    const wanted = all.filter(
      (location) => (source === undefined || location.source === source) && location.ref.toLowerCase().includes(text),
    );
    const page = keysetPage(wanted, (location) => location.ref, asked, PAGE);
    const severities = countProblems(view.problems(), 'location');
    const refs = new Set(all.map(({ ref }) => ref));
    const shows = (ref: string): boolean => refs.has(ref) || view.find(ref) !== undefined;
    return {
      revision: view.revision,
      ...page,
      items: page.items.map((location) => locationItem(location, shows, severities.get(location.ref))),
    };
  }),
);

function sourceItems(
  view: View,
  leases: readonly Lease[],
  now: number,
  originOf: (source: string) => SourceOrigin,
): SourceItem[] {
  const seesAll = view.visibility.kind === 'all';
  const severities = countProblems(view.problems(), 'source');
  const locationCounts = new Map<string, number>();
  for (const { source } of view.locations()) locationCounts.set(source, (locationCounts.get(source) ?? 0) + 1);
  return leases.map((lease) => ({
    ...leaseItem(lease.error === undefined || seesAll ? lease : { ...lease, error: HIDDEN_ERROR }, now),
    ...(lease.collector === CATALOG_COLLECTOR && originOf(lease.source)),
    locations: locationCounts.get(lease.source) ?? 0,
    ...(severities.get(lease.source) ?? NONE),
  }));
}

function leaseItem(lease: Lease, now: number) {
  const { collector, source, lastSuccessAt, expiresAt, error } = lease;
  return {
    collector,
    source,
    state: sourceState(lease, now),
    expiresAt: instant(expiresAt),
    ...(lastSuccessAt > 0 && {
      checkedAt: instant(lastSuccessAt),
      ageSeconds: Math.max(0, now - lastSuccessAt) / 1000,
    }),
    ...(error !== undefined && { error }),
  };
}

function sourceState({ lastSuccessAt, expiresAt, error }: Lease, now: number): SourceItem['state'] {
  if (error !== undefined) return 'failed';
  if (lastSuccessAt === 0) return 'never';
  return now < expiresAt ? 'fresh' : 'stale';
}

/** The routes of sources and locations. */
export function sourceRoutes(control: CatalogControl, settings: CatalogConfig): readonly Route[] {
  const sources = implementRoute(listSources, (request, context) =>
    readView(request, request.query.minRevision, context, (view) => {
      const { collector, ...asked } = request.query;
      const wanted = view.leases().filter((lease) => collector === undefined || lease.collector === collector);
      const page = keysetPage(wanted, (lease) => `${lease.collector}\n${lease.source}`, asked, PAGE);
      const originOf = originOfSources(control, settings, view);
      return { revision: view.revision, ...page, items: sourceItems(view, page.items, context.clock.now(), originOf) };
    }),
  );
  return [locations, sources];
}
