import { listLocations, listSources, type LocationItem, type SourceItem } from '../../api/sources.ts';
import type { CatalogConfig } from '../../config/config.ts';
import type { View } from '../../graph/view.ts';
import type { Route } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { Lease } from '../../model/fact.ts';
import type { LocationState } from '../../model/location.ts';
import type { Problem } from '../../model/problem.ts';
import type { CatalogControl, SourceLooks } from '../control.ts';
import { CATALOG_COLLECTOR } from '../source-runner.ts';
import { instant } from './instant.ts';
import { keysetPage } from './keyset.ts';
import { canonicalRef } from './named-entity.ts';
import { readView } from './read.ts';
import { HIDDEN_ERROR } from './refresh.ts';
import { originOfSources, type SourceOrigin } from './source-origin.ts';

const PAGE = 100;

/** Code of the problem of a source whose last look failed. */
const SOURCE_UNREADABLE = 'source-unreadable';

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
    const { source, parentEntity, q = '', ...asked } = request.query;
    const text = q.toLowerCase();
    const parent = parentEntity === undefined ? undefined : canonicalRef(parentEntity);
    const all = view.locations();
    const wanted = all.filter(
      (location) =>
        (source === undefined || location.source === source) &&
        // Who may not see the Location is not told what it names.
        (parent === undefined || (location.parentEntity === parent && view.find(parent) !== undefined)) &&
        location.ref.toLowerCase().includes(text),
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

/** What the catalog says of its sources. */
interface SourceFacts {
  readonly originOf: (source: string) => SourceOrigin;
  readonly looksOf: (source: string) => SourceLooks;
}

function sourceItems(view: View, leases: readonly Lease[], now: number, facts: SourceFacts): SourceItem[] {
  const seesAll = view.visibility.kind === 'all';
  const problems = view.problems();
  const severities = countProblems(problems, 'source');
  const unreadable = problems.filter(({ code }) => code === SOURCE_UNREADABLE);
  const fixes = new Map(unreadable.map(({ source, fix }) => [source, fix]));
  const locationCounts = new Map<string, number>();
  for (const { source } of view.locations()) locationCounts.set(source, (locationCounts.get(source) ?? 0) + 1);
  return leases.map((lease) => {
    const { collector, source, error } = lease;
    const isOfCatalog = collector === CATALOG_COLLECTOR;
    const fix = error === undefined ? undefined : fixes.get(source);
    return {
      ...leaseItem(lease, isOfCatalog ? facts.looksOf(source) : {}, now),
      ...(isOfCatalog && facts.originOf(source)),
      ...(error !== undefined && { error: seesAll ? error : HIDDEN_ERROR }),
      ...(fix !== undefined && { fix }),
      locations: locationCounts.get(source) ?? 0,
      ...(severities.get(source) ?? NONE),
    };
  });
}

/** A lease is renewed seldom; a server that reads the source itself knows of later looks. */
function leaseItem(lease: Lease, { lastAt = 0, nextAt }: SourceLooks, now: number) {
  const { collector, source, lastSuccessAt, expiresAt } = lease;
  const checkedAt = Math.max(lastSuccessAt, lastAt);
  return {
    collector,
    source,
    state: sourceState(lease, now),
    expiresAt: instant(expiresAt),
    ...(checkedAt > 0 && { checkedAt: instant(checkedAt), ageSeconds: Math.max(0, now - checkedAt) / 1000 }),
    ...(nextAt !== undefined && { nextLookAt: instant(nextAt) }),
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
      const looksOf = (source: string): SourceLooks => control.looksOf(source);
      const items = sourceItems(view, page.items, context.clock.now(), { originOf, looksOf });
      return { revision: view.revision, ...page, items };
    }),
  );
  return [locations, sources];
}
