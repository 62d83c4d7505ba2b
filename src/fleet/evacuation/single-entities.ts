import type { SingleEntities, SingleEntity } from '../../api/evacuation.ts';
import {
  clusterNames,
  type EntityRuns,
  type EnvironmentRuns,
  faceOf,
  hasStateful,
  mostProductive,
  oldestOf,
  otherEnvironments,
  sumOf,
} from './entity-runs.ts';
import type { Written } from './written.ts';

interface Single {
  readonly entity: EntityRuns;
  readonly own: EnvironmentRuns;
  readonly only: SingleEntity['only'];
  readonly ready: number;
}

/**
 * Entities that one cluster or one region carries alone in the most productive environment they run in, the worst first.
 *
 * @param most how many are described; all are counted
 */
export function singleEntities(
  entities: Iterable<EntityRuns>,
  hidden: ReadonlySet<string>,
  most: number,
): { readonly items: readonly Written<SingleEntity>[]; readonly counts: SingleEntities['counts'] } {
  const found: Single[] = [];
  const counts = { cluster: 0, region: 0, running: 0 };
  for (const entity of entities) {
    const own = mostProductive(entity.environments);
    if (own === undefined) continue;
    counts.running += 1;
    const only = onlyOf(own);
    if (only === undefined) continue;
    counts[only] += 1;
    found.push({ entity, own, only, ready: sumOf(own.stays, 'ready') ?? 0 });
  }
  const items = found.sort(compareSingle).slice(0, most);
  return { items: items.map((single) => singleEntity(single, hidden)), counts };
}

function onlyOf({ stays }: EnvironmentRuns): SingleEntity['only'] | undefined {
  const first = stays[0]?.place.cluster;
  if (first === undefined) return undefined;
  const region = first.face.labels['region'];
  let only: SingleEntity['only'] = 'cluster';
  for (const { place } of stays) {
    if (place.cluster === first) continue;
    // Clusters without a region may stand anywhere.
    if (region === undefined || place.cluster.face.labels['region'] !== region) return undefined;
    only = 'region';
  }
  return only;
}

function singleEntity({ entity, own, only, ready }: Single, hidden: ReadonlySet<string>): Written<SingleEntity> {
  const { environment, stays } = own;
  return {
    ...faceOf(entity.claim, hidden),
    environment,
    only,
    clusters: clusterNames(stays),
    region: stays[0]?.place.cluster.face.labels['region'],
    ready,
    isStateful: hasStateful(stays),
    isProtected: stays.some(({ place }) => place.cluster.face.isProtected),
    elsewhere: otherEnvironments(entity, own),
    asOf: oldestOf(stays),
  };
}

function compareSingle(left: Single, right: Single): number {
  const isProduction = ({ entity }: Single): number => Number(entity.claim.lifecycle === 'production');
  return (
    isProduction(right) - isProduction(left) ||
    Number(right.only === 'cluster') - Number(left.only === 'cluster') ||
    right.ready - left.ready ||
    (left.entity.claim.ref < right.entity.claim.ref ? -1 : 1)
  );
}
