import type { LogPodPlace, LogPodsAnswer, LogPodsQuery } from '../../live/log-pods.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { clustersIn, placeIn } from '../object-query.ts';
import { answerBytes } from '../render.ts';
import { CellReader } from '../running/cell-reader.ts';
import type { ShardPlace } from '../shard-place.ts';

/** Pods that are named at most; reading takes fewer. */
const MOST_PODS = 1_000;

interface FoundPod extends LogPodPlace {
  readonly isWell: boolean;
  /** Seconds since 1970. */
  readonly created: number;
}

/** Finds the pods whose logs are asked for, as JSON of `LogPodsAnswer`. A cluster that is not read names what it was last seen with. */
export function logPodsAnswer(holdings: MatchedHoldings, query: LogPodsQuery, scope: LiveScope): Uint8Array {
  const { clusters } = query;
  const found = clustersIn(holdings, scope)
    .filter(({ name }) => clusters?.includes(name) !== false)
    .flatMap((cluster) => podsIn(holdings, cluster, query, scope));
  found.sort((left, right) => Number(left.isWell) - Number(right.isWell) || right.created - left.created);
  const pods = found.slice(0, MOST_PODS).map(({ cluster, namespace, pod }) => ({ cluster, namespace, pod }));
  return answerBytes(JSON.stringify({ pods } satisfies LogPodsAnswer));
}

function podsIn(
  holdings: MatchedHoldings,
  cluster: HeldCluster,
  { namespace, workload, pods }: LogPodsQuery,
  scope: LiveScope,
): readonly FoundPod[] {
  const { words } = holdings;
  const namespaceWord = words.find(namespace);
  const place = placeOf(holdings, cluster, 'Pod', scope);
  if (namespaceWord < 0 || place === undefined || place.namespaces?.has(namespaceWord) === false) return [];
  const rows = new Set<number>();
  for (const name of pods ?? []) rows.add(place.shard.find(namespaceWord, name));
  const owner = workload && placeOf(holdings, cluster, workload.kind, scope);
  const row = owner?.shard.find(namespaceWord, workload?.name ?? '') ?? -1;
  if (owner !== undefined && row >= 0)
    for (const pod of holdings.podOwners.podsOf({ place: owner, row })) rows.add(pod);
  const cells = new CellReader(words);
  return [...rows]
    .filter((pod) => pod >= 0)
    .map((pod) => ({
      cluster: cluster.name,
      namespace,
      pod: place.shard.name(pod),
      isWell: cells.word(place.shard, pod, 'health') === 'Healthy',
      created: cells.time(place.shard, pod, 'created') ?? 0,
    }));
}

function placeOf(
  { words }: MatchedHoldings,
  cluster: HeldCluster,
  id: string,
  scope: LiveScope,
): ShardPlace | undefined {
  const kind = cluster.kinds.get(id);
  return kind?.shard === undefined ? undefined : placeIn(words, { cluster, kind, shard: kind.shard }, scope);
}
