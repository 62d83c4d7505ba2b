import type { Carrying, LostEntity, ReducedEntity } from '../../api/evacuation.ts';
import type { Autoscalers } from './autoscalers.ts';
import {
  clusterNames,
  type EntityFace,
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

/** What clusters that vanish do to entities; each entity stands in one of the lists at most. */
export interface EntityLosses {
  readonly lost: Loss[];
  readonly displaced: Loss[];
  readonly unknown: Loss[];
  readonly reduced: Loss[];
}

/** What one entity loses in the most productive environment that it loses something in. */
export interface Loss {
  readonly entity: EntityRuns;
  readonly own: EnvironmentRuns;
  readonly readyBefore: number;
  /** What stays ready, as far as that can be read as of now. */
  readonly readyAfter: number;
  readonly readyUnread: number;
  /** Undefined: what is lost has no replicas. */
  readonly readyLost: number | undefined;
  /** Clusters stay that can be read, and such that cannot. */
  readonly isRead: boolean;
  readonly isAllRead: boolean;
}

/** Works out what entities lose. The worst come first; among equals those of lifecycle production. */
export function entityLosses(entities: Iterable<EntityRuns>): EntityLosses {
  const losses: EntityLosses = { lost: [], displaced: [], unknown: [], reduced: [] };
  for (const entity of entities) {
    const own = mostProductive(entity.environments, ({ gone }) => gone.length > 0);
    if (own === undefined) continue;
    const loss = lossOf(entity, own);
    losses[fateOf(loss)].push(loss);
  }
  for (const list of Object.values(losses)) list.sort(compareLosses);
  losses.reduced.sort((left, right) => (shareOf(left) ?? 2) - (shareOf(right) ?? 2));
  return losses;
}

function lossOf(entity: EntityRuns, own: EnvironmentRuns): Loss {
  const readyLost = sumOf(own.gone, 'ready');
  let [readyAfter, readyUnread, read] = [0, 0, 0];
  for (const { ready = 0, isUnread } of own.stays) {
    if (isUnread) readyUnread += ready;
    else [readyAfter, read] = [readyAfter + ready, read + 1];
  }
  const readyBefore = (readyLost ?? 0) + readyAfter + readyUnread;
  const [isRead, isAllRead] = [read > 0, read === own.stays.length];
  return { entity, own, readyBefore, readyAfter, readyUnread, readyLost, isRead, isAllRead };
}

function fateOf({ entity, own, readyAfter, readyLost, isRead, isAllRead }: Loss): keyof EntityLosses {
  if (own.stays.length === 0) {
    return entity.environments.some((each) => each !== own && each.stays.length > 0) ? 'displaced' : 'lost';
  }
  if (readyAfter > 0 || isAllRead) return 'reduced';
  return isRead && readyLost === undefined ? 'reduced' : 'unknown';
}

function compareLosses(left: Loss, right: Loss): number {
  const isProduction = ({ entity }: Loss): number => Number(entity.claim.lifecycle === 'production');
  return (
    isProduction(right) - isProduction(left) ||
    right.readyBefore - left.readyBefore ||
    (left.entity.claim.ref < right.entity.claim.ref ? -1 : 1)
  );
}

/** The share of its ready replicas that an entity keeps; undefined: there are none. */
export function shareOf({ readyAfter, readyBefore }: Loss): number | undefined {
  return readyBefore > 0 ? readyAfter / readyBefore : undefined;
}

/** Whether one replica is all that is wanted. */
export function isSingleton({ own: { gone, stays } }: Loss): boolean {
  return (sumOf(gone, 'desired') ?? 0) + (sumOf(stays, 'desired') ?? 0) === 1;
}

/** What answers say of an entity that is lost. @param hidden refs that the asker may not see */
export function lostEntity(loss: Loss, hidden: ReadonlySet<string>): Written<LostEntity> {
  const { entity, own, readyBefore } = loss;
  const face: EntityFace = faceOf(entity.claim, hidden);
  return {
    ...face,
    environment: own.environment,
    workloads: own.gone.length,
    clusters: clusterNames(own.gone),
    readyBefore,
    isSingleton: isSingleton(loss),
    isStateful: hasStateful(own.gone),
    elsewhere: otherEnvironments(entity, own),
    asOf: oldestOf([...own.gone, ...own.stays]),
  };
}

/** What answers say of an entity of which a part stays, and whether that would take over. */
export function reducedEntity(
  loss: Loss,
  autoscalers: Autoscalers,
  hidden: ReadonlySet<string>,
): Written<ReducedEntity> {
  const { own, readyAfter, readyUnread } = loss;
  const headroom = own.stays.reduce((sum, row) => sum + autoscalers.headroomOf(row), 0);
  return {
    ...lostEntity(loss, hidden),
    stays: clusterNames(own.stays),
    readyAfter,
    readyUnread,
    share: shareOf(loss),
    headroom,
    carries: carrying(loss, headroom),
  };
}

function carrying({ readyLost, readyAfter, isRead, isAllRead }: Loss, headroom: number): Carrying {
  if (!isRead) return 'unknown';
  if (readyLost === undefined) return 'uncounted';
  if (readyLost === 0 && readyAfter > 0) return 'yes';
  // Autoscalers add to what runs: where nothing is ready, nothing says that what they add would be.
  if (readyAfter > 0 && headroom >= readyLost) return 'with-scaling';
  return isAllRead ? 'no' : 'unknown';
}
