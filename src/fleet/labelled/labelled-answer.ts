import type { LabelledAnswer, LabelledCluster, LabelledQuery, LabelledResource } from '../../live/labelled.ts';
import { isGeneratedLabel } from '../../live/generated-label.ts';
import type { LiveScope } from '../../live/live-reader.ts';
import type { HeldCluster } from '../held-cluster.ts';
import type { HeldKind } from '../held-kind.ts';
import { pairSetAnswers, parseLabelSelector } from '../label-selector.ts';
import { clustersIn, type Holdings, placeIn, rowsOf } from '../object-query.ts';
import { answerBytes } from '../render.ts';
import { type RowFilter, wordFilter } from '../row-filter.ts';

/** How a question is looked up in one cluster after the other. */
interface Looking {
  readonly holdings: Holdings;
  readonly scope: LiveScope;
  readonly filters: readonly RowFilter[];
  /** Ids of the kinds of the question, undefined for those that are not read. */
  readonly kinds: readonly (string | undefined)[];
  readonly namespace: string | undefined;
  /** False where a label is asked for that is not kept: nothing is known then. */
  readonly isKept: boolean;
}

/**
 * Where objects with some labels are, and where that is not known, as JSON in the shape of `LabelledAnswer`. Clusters of which
 * everything is known and that have none are left out.
 *
 * @throws LIVE_QUERY_INVALID where the selector cannot be read
 */
export function labelledAnswer(holdings: Holdings, query: LabelledQuery, scope: LiveScope): Uint8Array {
  const requirements = parseLabelSelector(query.labelSelector);
  const looking: Looking = {
    holdings,
    scope,
    filters: [
      wordFilter(
        ({ layout }) => layout.byName.get('labels')?.at ?? 0,
        pairSetAnswers(requirements, holdings.words, holdings.pairs),
      ),
    ],
    kinds: query.resources.map(({ group, plural }) => kindOf(holdings, group, plural)),
    namespace: query.namespace,
    isKept: !requirements.some(({ key }) => isGeneratedLabel(key)),
  };
  const { cluster: only } = query;
  const asked = clustersIn(holdings, scope).filter(({ name }) => only === undefined || name === only);
  const clusters = requirements.length === 0 ? [] : asked.flatMap((cluster) => clusterAnswer(looking, cluster) ?? []);
  const answer: LabelledAnswer = { clusters: clusters.sort((left, right) => (left.name < right.name ? -1 : 1)) };
  return answerBytes(JSON.stringify(answer));
}

function kindOf({ layouts }: Holdings, group: string, plural: string): string | undefined {
  for (const { kind } of layouts.values()) if (kind.group === group && kind.plural === plural) return kind.id;
  return undefined;
}

function clusterAnswer(looking: Looking, cluster: HeldCluster): LabelledCluster | undefined {
  const kinds = looking.kinds.map((id) => (id === undefined ? undefined : cluster.kinds.get(id)));
  const resources = kinds.map((kind) => (kind === undefined ? null : resourceAnswer(looking, cluster, kind)));
  const isOfInterest = resources.some((each, at) => each !== null && (each.objects > 0 || isUnread(each, kinds[at])));
  if (!isOfInterest) return undefined;
  const { state, reason } = cluster.state;
  return { name: cluster.name, state, reason, resources };
}

/** Whether objects may have been missed. That what needs a right of its own is denied, is how most clusters are set up. */
function isUnread({ state }: LabelledResource, kind: HeldKind | undefined): boolean {
  const isOptional = kind?.kind.reading === 'metadata' && state === 'denied';
  return state !== 'ok' && state !== 'absent' && !isOptional;
}

function resourceAnswer(looking: Looking, cluster: HeldCluster, kind: HeldKind): LabelledResource {
  const { holdings, scope, filters, namespace, isKept } = looking;
  if (!isKept && kind.state === 'ok') return { state: 'stale', namespaces: [], objects: 0 };
  if (kind.shard === undefined || kind.shard.size === 0) return { state: kind.state, namespaces: [], objects: 0 };
  const words = new Set<number>();
  let objects = 0;
  const only = namespace === undefined ? undefined : holdings.words.find(namespace);
  for (const { place, rows, count } of rowsOf(
    [placeIn(holdings.words, { cluster, kind, shard: kind.shard }, scope)],
    () => filters,
  )) {
    for (let at = 0; at < count; at += 1) {
      const word = place.shard.namespace(rows[at] ?? 0);
      if (only !== undefined && word !== only) continue;
      words.add(word);
      objects += 1;
    }
  }
  const names = Array.from(words, (word) => holdings.words.text(word)).filter((name) => name !== '');
  return { state: kind.state, namespaces: names.sort(), objects };
}
