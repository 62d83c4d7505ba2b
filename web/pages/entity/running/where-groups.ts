import type { HealthStatus, Running } from '../../../../src/api/running.ts';
import { repositoryOf, versionsOf } from './health-mark.tsx';
import { imageTag } from './running-words.ts';

/** Clusters of an environment that are named one by one; the rest is folded by how they are. */
const MOST_NAMED = 5;
/** So few that are well need no folding. */
const FEW = 2;

/** A cluster in which an entity runs, or several that are alike. */
export interface WherePlace {
  readonly clusters: readonly string[];
  readonly regions: readonly string[];
  readonly status: HealthStatus;
  /** Tags of its own image there. */
  readonly tags: readonly string[];
  readonly ready: number;
  readonly desired: number;
  readonly reason: string | undefined;
}

/** Where an entity runs within one environment. */
export interface WhereGroup {
  /** Value of the label `environment`; absent: they have none. */
  readonly environment: string | undefined;
  readonly count: number;
  /** The odd ones out, the worst first, then those that are well. */
  readonly places: readonly WherePlace[];
}

/**
 * Where an entity runs, by environment, production first. Named is what is not well or has another version than most of its
 * environment; what is well is folded.
 */
export function whereGroups(running: Running): readonly WhereGroup[] {
  const places = placesOf(running);
  const groups = Map.groupBy(running.clusters, ({ labels }) => labels['environment']);
  return [...groups]
    .toSorted(([left], [right]) => rankOf(left) - rankOf(right) || ((left ?? '') < (right ?? '') ? -1 : 1))
    .map(([environment, clusters]) => {
      const own = clusters.flatMap(({ cluster }) => places.get(cluster) ?? []);
      return { environment, count: own.length, places: folded(own) };
    });
}

/** Production is what people look for first; what has no label stands last. */
function rankOf(environment: string | undefined): number {
  if (environment === undefined) return 2;
  return /^prod/i.test(environment) ? 0 : 1;
}

function placesOf(running: Running): ReadonlyMap<string, WherePlace> {
  const images = running.images.map(({ image, clusters }) => ({ image, clusters: clusters.length }));
  const own = versionsOf({ ref: running.ref, images })[0]?.image;
  const repository = own === undefined ? undefined : repositoryOf(own);
  return new Map(
    running.clusters.map(({ cluster, status, labels }) => {
      const cells = running.workloads.flatMap(({ cells: all }) => all.filter((cell) => cell.cluster === cluster));
      const tags = cells.flatMap(({ images: each }) =>
        each.filter((image) => repositoryOf(image) === repository).map(imageTag),
      );
      const sum = (field: 'ready' | 'desired'): number => cells.reduce((total, cell) => total + (cell[field] ?? 0), 0);
      const place: WherePlace = {
        clusters: [cluster],
        regions: labels['region'] === undefined ? [] : [labels['region']],
        status,
        tags: [...new Set(tags)],
        ready: sum('ready'),
        desired: sum('desired'),
        reason: status === 'Healthy' ? undefined : cells.find((cell) => cell.status === status)?.reason,
      };
      return [cluster, place] as const;
    }),
  );
}

function folded(places: readonly WherePlace[]): readonly WherePlace[] {
  const usual = usualTags(places);
  const isOdd = ({ status, tags }: WherePlace): boolean => status !== 'Healthy' || tags.join() !== usual;
  const odd = places.filter(isOdd);
  const well = places.filter((place) => !isOdd(place));
  const isFoldedToo = odd.length > MOST_NAMED + 1;
  const named = isFoldedToo ? odd.slice(0, MOST_NAMED) : odd;
  const rest = Map.groupBy(odd.slice(named.length), ({ status, tags }) => `${status} ${tags.join()}`);
  return [...named, ...Array.from(rest.values(), joinedPlace), ...(well.length <= FEW ? well : [joinedPlace(well)])];
}

/** The tags that most of them have. */
function usualTags(places: readonly WherePlace[]): string | undefined {
  const counts = Map.groupBy(places, ({ tags }) => tags.join());
  return [...counts].toSorted(([, left], [, right]) => right.length - left.length)[0]?.[0];
}

/** Several places that are alike, as one. */
function joinedPlace(places: readonly WherePlace[]): WherePlace {
  const [first] = places;
  return {
    clusters: places.flatMap(({ clusters }) => clusters),
    regions: [...new Set(places.flatMap(({ regions }) => regions))].sort(),
    status: first?.status ?? 'Unknown',
    tags: first?.tags ?? [],
    ready: places.reduce((sum, { ready }) => sum + ready, 0),
    desired: places.reduce((sum, { desired }) => sum + desired, 0),
    reason: undefined,
  };
}
