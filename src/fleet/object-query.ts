import { nearestName } from '../base/nearest-name.ts';
import { compareText } from '../base/text-order.ts';
import type { commonColumns } from '../live/column.ts';
import { isGeneratedLabel } from '../live/generated-label.ts';
import type { LiveScope, ObjectQuery } from '../live/live-reader.ts';
import type { CellJson } from './cell-json.ts';
import type { Layout } from './columns.ts';
import { checkColumn, comparisonFilter, invalid, parseFieldSelector } from './field-selector.ts';
import type { Vocabulary } from './batch-rows.ts';
import type { HeldCluster } from './held-cluster.ts';
import { isAmong } from './id-clusters.ts';
import type { KnownPlaces } from './known-places.ts';
import { pairSetAnswers, parseLabelSelector, selectsLabels } from './label-selector.ts';
import type { RowSignatures } from './row-signatures.ts';
import { clusterScope } from './scope-check.ts';
import { type Hit, RowOrder } from './row-order.ts';
import { type RowFilter, sameWordFilter, textFilter, wordFilter } from './row-filter.ts';
import type { Shard } from './shard.ts';
import type { ShardPlace } from './shard-place.ts';
import { TopRows } from './top-rows.ts';
import { noWord, type Words } from './words.ts';

/** What questions are answered from. */
export interface Holdings extends Vocabulary {
  readonly clusters: ReadonlyMap<string, HeldCluster>;
  /** By id of kind. */
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly rowSignatures: RowSignatures;
  readonly cellJson: CellJson;
  readonly knownPlaces: KnownPlaces;
  readonly turn: Turn;
}

/** Numbers that are others after something changed anywhere. */
export interface Turn {
  /** After a record came or went, or says that it belongs elsewhere. */
  number: number;
  /** After a cluster came, went or has another face. */
  places: number;
}

/** What a question says of where to look. */
export type PlaceQuery = Pick<ObjectQuery, 'kinds' | 'clusters' | 'clusterSelector' | 'namespaces'>;

/** Where a question leads, within a scope. */
export interface Places {
  readonly layouts: readonly Layout[];
  /** In order; what is not held of them the answer lacks. */
  readonly clusters: readonly HeldCluster[];
  readonly shards: readonly ShardPlace[];
}

/** A page of what was found. */
export interface FoundPage {
  readonly hits: readonly Hit[];
  readonly total: number;
  readonly nextCursor: string | undefined;
}

/**
 * Finds the shards that a question is about. The scope is applied here: what it does not name is not even looked at.
 *
 * @throws LIVE_QUERY_INVALID for a kind that nobody knows, or a selector that cannot be read
 */
export function placesOf(holdings: Holdings, query: PlaceQuery, scope: LiveScope): Places {
  if (scope !== 'all' || query.namespaces !== undefined) return findPlaces(holdings, query, scope);
  const { kinds, clusters, clusterSelector } = query;
  const key = JSON.stringify([kinds, clusters, clusterSelector]);
  return holdings.knownPlaces.of(key, () => findPlaces(holdings, query, scope));
}

function findPlaces(holdings: Holdings, query: PlaceQuery, scope: LiveScope): Places {
  const layouts = layoutsOf(holdings, query.kinds);
  const clusters = clustersOf(holdings, query, scope);
  const shards: ShardPlace[] = [];
  for (const cluster of clusters) {
    const namespaces = namespaceWords(holdings.words, query.namespaces, clusterScope(scope, cluster.name));
    for (const { kind: id } of layouts) {
      const kind = cluster.kinds.get(id.id);
      if (kind !== undefined) shards.push({ index: shards.length, cluster, kind, shard: kind.shown, namespaces });
    }
  }
  return { layouts, clusters, shards };
}

/**
 * The rows of places that pass, place by place. The array is used again for the next place.
 *
 * @param filtersOf what rows of a place must pass beside standing where they may be seen; undefined: none does
 */
export function* rowsOf(
  places: readonly ShardPlace[],
  filtersOf: (place: ShardPlace) => readonly RowFilter[] | undefined,
): Generator<{ readonly place: ShardPlace; readonly rows: Uint32Array; readonly count: number }> {
  let rows = new Uint32Array(1024);
  for (const place of places) {
    const { shard } = place;
    const filters = filtersOf(place);
    if (filters === undefined) continue;
    if (rows.length < shard.end) rows = new Uint32Array(shard.end * 2);
    const [first] = filters;
    let count = first === undefined ? shard.heldRows(rows) : first.find(shard, rows);
    if (count === 0) continue;
    if (first !== undefined) count = shard.keepHeld(rows, count);
    count = keepVisible(place, rows, count);
    for (let at = 1; at < filters.length; at += 1) count = filters[at]?.keep(shard, rows, count) ?? count;
    if (count > 0) yield { place, rows, count };
  }
}

/** Moves those of the first `count` rows that may be seen to the front. @returns how many */
export function keepVisible({ shard, namespaces }: ShardPlace, rows: Uint32Array, count: number): number {
  if (namespaces === undefined) return count;
  let kept = 0;
  let last = noWord;
  let isVisible = false;
  for (let at = 0; at < count; at += 1) {
    const row = rows[at] ?? 0;
    const word = shard.namespace(row);
    if (word !== last) {
      last = word;
      isVisible = namespaces.has(word);
    }
    if (isVisible) rows[kept++] = row;
  }
  return kept;
}

/**
 * Finds a page of objects. Every row of the places is looked at; the total is exact.
 *
 * @throws LIVE_QUERY_INVALID
 */
export function findObjects(holdings: Holdings, { layouts, shards }: Places, query: ObjectQuery): FoundPage {
  const order = new RowOrder(query.sort, holdings.words);
  if (order.column !== undefined) checkColumn(order.column, layouts);
  const isAfter = query.cursor === undefined ? undefined : order.after(query.cursor);
  const page = new TopRows(query.limit + 1, order);
  let total = 0;
  for (const { place, rows, count } of rowsOf(shards, filtersOf(holdings, layouts, query))) {
    total += count;
    if (page.isBefore(place)) continue;
    const possible = page.keepPossible(place, rows, count);
    for (let at = 0; at < possible; at += 1) {
      const row = rows[at] ?? 0;
      if (isAfter === undefined || isAfter(place, row)) page.offer(place, row, 0);
    }
  }
  const hits = page.sorted();
  const last = hits.length > query.limit ? hits[query.limit - 1] : undefined;
  return {
    hits: hits.slice(0, query.limit),
    total,
    nextCursor: last === undefined ? undefined : order.cursor(last),
  };
}

/** Makes the filters of a question; the cheap ones come first. */
function filtersOf(
  { words, pairs, wordClusters, setClusters }: Holdings,
  layouts: readonly Layout[],
  query: ObjectQuery,
): (place: ShardPlace) => readonly RowFilter[] | undefined {
  const common: RowFilter[] = [];
  if (query.owner !== undefined) {
    const owner = ownerWords(words, query.owner);
    const clusters = wordClusters.union(owner.name < 0 ? [] : [owner.name]);
    common.push(
      sameWordFilter(slotOf('ownerName'), owner.name, clusters),
      sameWordFilter(slotOf('ownerKind'), owner.kind),
    );
  }
  const requirements = parseLabelSelector(query.labelSelector ?? '');
  const unkept = requirements.find(({ key }) => isGeneratedLabel(key));
  // Without the label nothing would be found, which looks as if there were nothing.
  if (unkept !== undefined) throw invalid(`the label ${unkept.key} is not kept; ask by owner instead`);
  if (requirements.length > 0) {
    const answers = pairSetAnswers(requirements, words, pairs);
    const clusters = answers.passing && setClusters.union(answers.passing);
    common.push(wordFilter(slotOf('labels'), answers, clusters));
  }
  if (query.name !== undefined) {
    common.push(textFilter(slotOf('name'), Buffer.from(query.name), false, (outcome) => outcome === 0));
  }
  const comparisons = parseFieldSelector(query.fieldSelector ?? '');
  for (const { column } of comparisons) checkColumn(column, layouts);
  const byLayout = new Map(
    layouts.map((layout) => {
      const own = comparisons.map((comparison) => comparisonFilter(comparison, layout, { words, wordClusters }));
      return [layout, own.includes(undefined) ? undefined : [...common, ...own.filter((one) => one !== undefined)]];
    }),
  );
  return ({ shard, cluster: { number } }) => {
    const filters = byLayout.get(shard.layout);
    return filters?.every(({ clusters }) => isAmong(clusters, number)) === true ? filters : undefined;
  };
}

function slotOf(column: (typeof commonColumns)[number]['name']): (shard: Shard) => number {
  return ({ layout }) => layout.byName.get(column)?.at ?? 0;
}

/** `Kind/name`; words that nobody knows are found in no row. */
function ownerWords(words: Words, owner: string): { readonly kind: number; readonly name: number } {
  const slash = owner.indexOf('/');
  if (slash <= 0 || slash === owner.length - 1) throw invalid(`an owner is Kind/name, not '${owner}'`);
  return { kind: words.find(owner.slice(0, slash)), name: words.find(owner.slice(slash + 1)) };
}

function layoutsOf({ layouts }: Holdings, kinds: readonly string[] | undefined): readonly Layout[] {
  const ids = kinds === undefined ? [...layouts.keys()] : [...new Set(kinds)];
  return ids.sort(compareText).map((id) => {
    const layout = layouts.get(id);
    if (layout !== undefined) return layout;
    const near = nearestName(id, layouts.keys());
    throw invalid(`no kind ${id} is read of clusters${near === undefined ? '' : `; did you mean ${near}?`}`);
  });
}

function clustersOf(holdings: Holdings, query: PlaceQuery, scope: LiveScope): readonly HeldCluster[] {
  const requirements = parseLabelSelector(query.clusterSelector ?? '');
  const wanted = query.clusters === undefined ? undefined : new Set(query.clusters);
  return clustersIn(holdings, scope)
    .filter(({ name, face }) => wanted?.has(name) !== false && selectsLabels(requirements, face.labels))
    .sort((left, right) => compareText(left.name, right.name));
}

/** The clusters of which a scope sees something. */
export function clustersIn({ clusters }: Holdings, scope: LiveScope): readonly HeldCluster[] {
  return [...clusters.values()].filter(({ name }) => clusterScope(scope, name) !== undefined);
}

/** A shard as a scope sees it; the scope must see the cluster. */
export function placeIn(
  words: Words,
  { cluster, kind, shard }: Pick<ShardPlace, 'cluster' | 'kind' | 'shard'>,
  scope: LiveScope,
): ShardPlace {
  const namespaces = namespaceWords(words, undefined, clusterScope(scope, cluster.name));
  return { index: 0, cluster, kind, shard, namespaces };
}

/** The words of the namespaces that are asked about and may be seen; undefined: all are, and what stands in none too. */
function namespaceWords(
  words: Words,
  asked: readonly string[] | undefined,
  seen: true | readonly string[] | undefined,
): ReadonlySet<number> | undefined {
  if (asked === undefined && seen === true) return undefined;
  const visible = seen === true ? asked : seen;
  const names = visible?.filter((name) => asked?.includes(name) !== false) ?? [];
  // A word that nobody knows stands nowhere.
  return new Set(names.map((name) => words.find(name)).filter((id) => id > noWord));
}
