import type { SearchQuery } from '../live/live-reader.ts';
import { invalid } from './field-selector.ts';
import type { Layout } from './columns.ts';
import type { PlacesByCluster } from './known-places.ts';
import { Needle } from './needle.ts';
import { type Holdings, keepVisible, type Places } from './object-query.ts';
import { RowSearch, searchedColumns, searchedPlaces, type Sought } from './row-search.ts';
import { type Hit, RowOrder } from './row-order.ts';
import type { Shard } from './shard.ts';
import type { ShardPlace } from './shard-place.ts';
import { TopRows } from './top-rows.ts';

/** Most words of a search, and most bytes of one. */
const MOST_WORDS = 8;
const MOST_BYTES = 250;

/** One object in which a text was found, and where. */
export interface FoundText {
  readonly hit: Hit;
  readonly matched: string;
  readonly text: string;
}

/**
 * Finds the objects that hold every word of a text, the best first: those whose name it is, begins with it, holds it, whose image
 * holds it, then others; of equal ones by kind, workloads first. Every object is looked at; the total is exact.
 *
 * @throws LIVE_QUERY_INVALID
 */
export function searchObjects(
  holdings: Holdings,
  places: Places,
  query: SearchQuery,
): { readonly items: readonly FoundText[]; readonly total: number; readonly byKind: ReadonlyMap<string, number> } {
  const [first, ...others] = soughtOf(query.text, holdings);
  const search = new RowSearch(first, holdings.rowSignatures);
  const top = new TopRows(query.limit, new RowOrder(undefined, holdings.words));
  const counts = new Map<Layout, number>();
  const byCluster = holdings.knownPlaces.ordered(places, () => inOrder(holdings, places.shards));
  for (const [{ number }, shards] of byCluster) {
    for (const place of shards) {
      const { shard } = place;
      let count = search.find(shard, number);
      if (count === 0) continue;
      const { rows, ranks } = search;
      count = keepVisible(place, rows, count);
      for (const other of others) count = keepHolding(shard, other, rows, count);
      if (count === 0) continue;
      counts.set(shard.layout, (counts.get(shard.layout) ?? 0) + count);
      for (let at = 0; at < count; at += 1) top.offer(place, rows[at] ?? 0, ranks[rows[at] ?? 0] ?? 0);
    }
  }
  const items = top.sorted().map((hit) => ({ hit, ...whereFound(hit, first, holdings) }));
  const byKind = new Map<string, number>();
  let total = 0;
  for (const layout of holdings.layouts.values()) {
    const count = counts.get(layout) ?? 0;
    if (count > 0) byKind.set(layout.kind.id, count);
    total += count;
  }
  return { items, total, byKind };
}

/** @throws LIVE_QUERY_INVALID */
function soughtOf(text: string, { words, pairs, columnWords, wordClusters }: Holdings): readonly [Sought, ...Sought[]] {
  const needles = [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))].map((word) => new Needle(word));
  if (needles.some(({ byteLength }) => byteLength > MOST_BYTES)) {
    throw invalid(`a word of a search has at most ${MOST_BYTES} bytes`);
  }
  const [first, ...others] = needles.map((needle): Sought => {
    const answers = words.answersFor(needle);
    const columns = new Map(
      columnWords.passing(answers).map(([column, passing]) => [column, wordClusters.union(passing)]),
    );
    return { needle, words: answers, sets: pairs.answersFor(answers), columns };
  });
  if (first === undefined || others.length >= MOST_WORDS) throw invalid(`a search has one to ${MOST_WORDS} words`);
  return [first, ...others];
}

/**
 * The places of each cluster by itself. They are numbered with kinds as the fleet names them, workloads before what they own; of each in
 * the order of clusters, as before.
 */
function inOrder({ layouts }: Holdings, shards: readonly ShardPlace[]): PlacesByCluster {
  const byKind = Map.groupBy(shards, ({ shard }) => shard.layout);
  const ordered = [...layouts.values()].flatMap((layout) => byKind.get(layout) ?? []);
  return Map.groupBy(
    ordered.map((place, index) => ({ ...place, index })),
    ({ cluster }) => cluster,
  );
}

/** Keeps the rows that hold another word too, moved to the front. @returns how many */
function keepHolding(shard: Shard, { needle, words, sets }: Sought, rows: Uint32Array, count: number): number {
  const { bytes } = shard.names;
  const starts = shard.column(shard.layout.name);
  const lengths = shard.column(shard.layout.name + 1);
  const places = searchedPlaces(shard.layout);
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    const row = rows[at] ?? 0;
    const holds =
      needle.findIn(bytes, starts[row] ?? 0, lengths[row] ?? 0) >= 0 ||
      places.some(({ holding, at: slot }) => (holding === 'pairs' ? sets : words).of(shard.slot(row, slot)));
    if (holds) rows[kept++] = row;
  }
  return kept;
}

/** Where the first word is in an object, for people: the name, or the line that holds it. */
function whereFound(
  { place: { shard }, row }: Hit,
  { needle: { text } }: Sought,
  { words, pairs }: Holdings,
): { readonly matched: string; readonly text: string } {
  const name = shard.name(row);
  if (!name.toLowerCase().includes(text)) {
    for (const { name: column, holding, at } of searchedPlaces(shard.layout)) {
      const slot = shard.slot(row, at);
      const lines = (holding === 'pairs' ? pairs.text(slot) : words.text(slot)).split('\n');
      const line = lines.find((one) => one.toLowerCase().includes(text));
      if (line !== undefined) return { matched: searchedColumns[column] ?? column, text: line };
    }
  }
  return { matched: 'name', text: name };
}
