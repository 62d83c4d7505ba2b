import type { CatalogLocation } from '../config/config.ts';
import type { GraphReader } from '../graph/view.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Write } from '../store/store.ts';
import type { Ingester } from './ingester.ts';
import { isOrphaned } from './orphans.ts';
import { CONFIGURED, generatedRef, generatedWrite, locationRef, locationsAt } from './registration.ts';
import { CATALOG_COLLECTOR } from './source-runner.ts';
import { refsWhere, wholeView } from '../graph/whole-view.ts';

/** Locations removed in one transaction. */
const BATCH = 100;

/** The writes that make the Location entities of the configuration those of `locations`. */
export function configurationWrites(graph: GraphReader, locations: readonly CatalogLocation[]): readonly Write[] {
  const wanted = new Set(locations.map((location) => generatedRef(locationRef(location))));
  const present = locationsAt(wholeView(graph), CONFIGURED);
  const former = present.filter(({ entityRef }) => !wanted.has(entityRef));
  const known = new Set(present.map(locationRef));
  return [
    ...former.map(({ entityRef }) => ({ op: 'deleteEntity', ref: entityRef, location: CONFIGURED }) as const),
    ...locations
      .filter((location) => !known.has(locationRef(location)))
      .map(({ type, target }) => generatedWrite({ type, target }, CONFIGURED)),
  ];
}

/** Removes what belongs to no source that there is: locations with their entities, leases, problems. */
export async function cleanUp(
  graph: GraphReader,
  ingester: Ingester,
  { sources, keepsOrphans }: { readonly sources: ReadonlySet<string>; readonly keepsOrphans: boolean },
): Promise<void> {
  const locations = [...ingester.locations()].filter((state) => !sources.has(state.source));
  for (let from = 0; from < locations.length; from += BATCH) {
    await ingester.remove(locations.slice(from, from + BATCH).map((state) => state.ref));
  }
  const leases = wholeView(graph)
    .leases()
    .filter((lease) => lease.collector === CATALOG_COLLECTOR && !sources.has(lease.source));
  const former = new Set(leases.map((lease) => lease.source));
  await ingester.write(() => [
    ...leases.map(({ collector, source }) => ({ op: 'deleteLease', collector, source }) as const),
    ...[...ingester.problems.all()]
      .filter((problem) => former.has(problem.source))
      .map(({ id }) => ({ op: 'deleteProblem', id }) as const),
    ...(keepsOrphans ? [] : orphanRemovals(graph)),
  ]);
}

/** Orphans of a time when they were kept. */
function orphanRemovals(graph: GraphReader): readonly Write[] {
  const isMarked: Predicate = {
    op: 'compare',
    path: ['metadata', 'annotations', 'backstage.io/orphan'],
    cmp: '==',
    value: 'true',
    evaluate: ({ entity }) => entity.metadata.annotations?.['backstage.io/orphan'] === 'true',
  };
  const view = wholeView(graph);
  return [...refsWhere(graph, isMarked)].flat().flatMap((ref): readonly Write[] => {
    const id = view.find(ref);
    const location = id === undefined ? '' : view.declaration(id).location;
    return isOrphaned(location) ? [{ op: 'deleteEntity', ref, location }] : [];
  });
}
