import type { EvacuatedCluster, EvacuationCounts, LostClaim, LostEntry, LostWorkload } from '../../api/evacuation.ts';
import type { EvacuationQuestion } from '../../live/evacuation.ts';
import type { LivePosition, LiveScope } from '../../live/live-reader.ts';
import { OWN_CLUSTER } from '../cluster-entry.ts';
import type { Layout } from '../columns.ts';
import { fleetError } from '../errors.ts';
import type { HeldCluster } from '../held-cluster.ts';
import { incompleteOf } from '../incomplete.ts';
import { parseLabelSelector, selectsLabels } from '../label-selector.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { isWorkloadKind } from '../matching/matches.ts';
import { clustersIn } from '../object-query.ts';
import { answerBytes, instant } from '../render.ts';
import { Autoscalers } from './autoscalers.ts';
import { type EntityLosses, entityLosses, isSingleton, lostEntity, reducedEntity, shareOf } from './entity-losses.ts';
import { allRuns, sumOf, touchedRuns } from './entity-runs.ts';
import { lostWorkloads } from './lost-workloads.ts';
import { PlaceLosses } from './place-losses.ts';
import { type RunningRow, runningRows } from './running-rows.ts';
import { singleEntities } from './single-entities.ts';
import type { Written } from './written.ts';

/** Items of one list of an answer, at most. */
const MOST = 500;
/** What keeps a smaller share of its replicas is counted as halved. */
const HALF = 0.5;

/** Kinds beside workloads that say what is lost. */
const besides: ReadonlySet<string> = new Set([
  'HorizontalPodAutoscaler',
  'PersistentVolumeClaim',
  'Ingress',
  'HTTPRoute',
  'Service',
]);

/**
 * What the loss of clusters means, as JSON in the shapes of `src/api/evacuation.ts`. What is read as of now is all that is counted
 * as staying.
 *
 * @throws CLUSTER_UNKNOWN where one is named that the scope does not see; LIVE_QUERY_INVALID where a selector cannot be read
 */
export function evacuationAnswer(
  holdings: MatchedHoldings,
  question: EvacuationQuestion,
  scope: LiveScope,
  position: LivePosition,
): Uint8Array {
  const hidden = new Set(question.hidden);
  const rows = runningRows(holdings.matches.workloads(scope), hidden);
  if (question.view === 'single') {
    const layouts = [...holdings.layouts.values()].filter(({ kind }) => isWorkloadKind({ kind }));
    const incomplete = incompleteOf(clustersIn(holdings, scope), layouts);
    const single = singleEntities(allRuns(rows).values(), hidden, MOST);
    return answerBytes(JSON.stringify({ ...single, position, incomplete }));
  }
  const vanishing = vanishingClusters(holdings, question, scope);
  const byFate = Object.groupBy(rows, ({ place }) => (vanishing.has(place.cluster) ? 'gone' : 'stays'));
  const { gone = [], stays = [] } = byFate;
  if (question.view === 'refs') return answerBytes(JSON.stringify(namedRefs(gone)));
  const answer = losses(holdings, { gone, stays, vanishing, hidden, scope });
  return answerBytes(JSON.stringify({ ...answer, position }));
}

interface Asked {
  readonly gone: readonly RunningRow[];
  readonly stays: readonly RunningRow[];
  readonly vanishing: ReadonlySet<HeldCluster>;
  readonly hidden: ReadonlySet<string>;
  readonly scope: LiveScope;
}

/** The answer but for its position. */
function losses(holdings: MatchedHoldings, { gone, stays, vanishing, hidden, scope }: Asked): object {
  const all = clustersIn(holdings, scope);
  const entities = entityLosses(touchedRuns(gone, stays).values());
  const autoscalers = new Autoscalers(holdings.words, scope);
  const unclaimed = lostWorkloads(holdings.words, gone, stays);
  const places = new PlaceLosses(holdings, scope);
  const data = places.claims([...vanishing], gone);
  const entryPoints = places.entryPoints(
    [...vanishing],
    all.filter((cluster) => !vanishing.has(cluster)),
  );
  const clusters = clusterRows(vanishing, gone);
  return {
    clusters,
    isProtected: clusters.some((cluster) => cluster.protected),
    counts: { ...entityCounts(entities), ...placeCounts({ gone, unclaimed, data, entryPoints }) },
    lost: entities.lost.slice(0, MOST).map((loss) => lostEntity(loss, hidden)),
    displaced: entities.displaced.slice(0, MOST).map((loss) => lostEntity(loss, hidden)),
    unknown: entities.unknown.slice(0, MOST).map((loss) => reducedEntity(loss, autoscalers, hidden)),
    reduced: entities.reduced.slice(0, MOST).map((loss) => reducedEntity(loss, autoscalers, hidden)),
    unclaimed: unclaimed.slice(0, MOST),
    data: data.slice(0, MOST),
    entryPoints: entryPoints.slice(0, MOST),
    incomplete: incompleteOf(all, layoutsOf(holdings)),
  };
}

function layoutsOf({ layouts }: MatchedHoldings): readonly Layout[] {
  return [...layouts.values()].filter(({ kind }) => isWorkloadKind({ kind }) || besides.has(kind.id));
}

/** The clusters that are thought away, by name. @throws CLUSTER_UNKNOWN, LIVE_QUERY_INVALID */
function vanishingClusters(
  holdings: MatchedHoldings,
  { clusters, clusterSelector }: EvacuationQuestion,
  scope: LiveScope,
): ReadonlySet<HeldCluster> {
  const requirements = parseLabelSelector(clusterSelector ?? '');
  const named = clusters === undefined ? undefined : new Set(clusters);
  const seen = clustersIn(holdings, scope);
  // A name with a typing error would look as if nothing were lost.
  const unknown = clusters?.find((wanted) => !seen.some(({ name }) => name === wanted));
  if (unknown !== undefined) throw fleetError('CLUSTER_UNKNOWN', { cluster: unknown });
  const found = seen
    .filter(({ name, face }) => named?.has(name) !== false && selectsLabels(requirements, face.labels))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  return new Set(found);
}

/** Refs that the answer names: of entities that lose something, their owners and systems. */
function namedRefs(gone: readonly RunningRow[]): readonly string[] {
  const refs = new Set<string>();
  for (const { matches } of gone) {
    for (const { claim } of matches) {
      for (const ref of [claim.ref, claim.owner, claim.system]) if (ref !== undefined) refs.add(ref);
    }
  }
  return [...refs];
}

function clusterRows(
  vanishing: ReadonlySet<HeldCluster>,
  gone: readonly RunningRow[],
): readonly Written<EvacuatedCluster>[] {
  const byCluster = Map.groupBy(gone, ({ place }) => place.cluster);
  return Array.from(vanishing, (cluster) => {
    const { name, face, state } = cluster;
    const own = byCluster.get(cluster) ?? [];
    return {
      name,
      title: face.title,
      labels: face.labels,
      protected: face.isProtected,
      isOwn: face.origin === OWN_CLUSTER,
      state: state.state,
      reason: state.reason,
      asOf: state.state === 'ok' || state.asOf === undefined ? undefined : instant(state.asOf),
      workloads: own.length,
      ready: sumOf(own, 'ready') ?? 0,
    };
  });
}

type EntityCounts = Pick<EvacuationCounts, 'lost' | 'displaced' | 'unknown' | 'halved' | 'reduced' | 'singletons'>;

function entityCounts({ lost, displaced, unknown, reduced }: EntityLosses): EntityCounts {
  return {
    lost: lost.length,
    displaced: displaced.length,
    unknown: unknown.length,
    halved: reduced.filter((loss) => (shareOf(loss) ?? 1) < HALF).length,
    reduced: reduced.length,
    singletons: lost.filter(isSingleton).length + displaced.filter(isSingleton).length,
  };
}

interface PlaceParts {
  readonly gone: readonly RunningRow[];
  readonly unclaimed: readonly Written<LostWorkload>[];
  readonly data: readonly Written<LostClaim>[];
  readonly entryPoints: readonly Written<LostEntry>[];
}

function placeCounts({ gone, unclaimed, data, entryPoints }: PlaceParts): Omit<EvacuationCounts, keyof EntityCounts> {
  return {
    unclaimed: unclaimed.filter(({ stays }) => stays.length === 0).length,
    claims: data.length,
    claimBytes: data.reduce((sum, { capacity = 0 }) => sum + capacity, 0),
    stateful: gone.filter(({ place }) => place.kind.kind.id === 'StatefulSet').length,
    hosts: new Set(entryPoints.flatMap(({ hosts }) => hosts)).size,
    loadBalancers: entryPoints.filter(({ kind }) => kind === 'Service').length,
  };
}
