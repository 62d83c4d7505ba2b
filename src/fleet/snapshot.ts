import type { HeldCluster } from './held-cluster.ts';
import { type Layout, noText } from './columns.ts';
import type { PairSets } from './pair-sets.ts';
import type { Vocabulary } from './batch-rows.ts';
import { type PackedRows, Shard } from './shard.ts';
import { noWord, type Words } from './words.ts';

/** The records of one kind. Words and sets of pairs stand by their place in the snapshot, from 1 on. */
export interface KindSnapshot extends PackedRows {
  /** `LiveKind.id` */
  readonly kind: string;
  /** Columns with how they are held: a kind with others cannot use it. */
  readonly columns: string;
  readonly resourceVersion?: string | undefined;
  /** ms since 1970 */
  readonly asOf: number;
}

/** All that is held of a cluster, as it is kept on disk. */
export interface ClusterSnapshot {
  readonly name: string;
  readonly server: string;
  readonly version?: string | undefined;
  readonly identity?: string | undefined;
  /** ms since 1970 */
  readonly savedAt: number;
  readonly kinds: readonly KindSnapshot[];
  /** Bytes of the words, one after the other; where each ends, and the hash of each. */
  readonly words: Uint8Array;
  readonly wordEnds: Uint32Array<ArrayBuffer>;
  readonly wordHashes: Uint32Array<ArrayBuffer>;
  /** Words of the sets of pairs, one set after the other, and where each ends. */
  readonly pairs: Uint32Array<ArrayBuffer>;
  readonly setEnds: Uint32Array<ArrayBuffer>;
}

/** What must be the same where rows are to be read as they stand. */
export function columnsMark({ places }: Layout): string {
  return places.map(({ name, holding }) => `${name}:${holding}`).join(',');
}

/** Copies what is held of a cluster. @param now ms since 1970 */
export function takeSnapshot(
  cluster: HeldCluster,
  { words, pairs }: Pick<Vocabulary, 'words' | 'pairs'>,
  now: number,
): ClusterSnapshot {
  const { face, version, identity } = cluster;
  const table = new WordTable(words, pairs);
  const kinds: KindSnapshot[] = [];
  for (const [kind, { layout, shard, asOf, resourceVersion }] of cluster.kinds) {
    if (asOf === undefined) continue;
    const rows = packed(shard ?? new Shard(layout), table);
    kinds.push({ kind, columns: columnsMark(layout), resourceVersion, asOf, ...rows });
  }
  return { name: face.name, server: face.server, version, identity, savedAt: now, kinds, ...table.packed() };
}

function packed(shard: Shard, table: WordTable): PackedRows {
  const { layout } = shard;
  const held = new Uint32Array(shard.end);
  const rows = shard.heldRows(held);
  const slots = new Uint32Array(layout.slots * rows);
  const amounts = new Float64Array(layout.amounts * rows);
  const names = new PackedTexts();
  const texts = new PackedTexts();
  for (const { holding, at } of layout.places) {
    for (let index = 0; index < rows; index += 1) {
      const row = held[index] ?? 0;
      const place = at * rows + index;
      if (holding === 'amount') amounts[place] = shard.amount(row, at);
      else if (holding === 'word') slots[place] = table.word(shard.slot(row, at));
      else if (holding === 'pairs') slots[place] = table.set(shard.slot(row, at));
      else if (holding !== 'text') slots[place] = shard.slot(row, at);
      else {
        slots[place] = (at === layout.name ? names : texts).add(shard, row, at);
        slots[place + rows] = shard.slot(row, at + 1);
      }
    }
  }
  return { rows, slots, amounts, names: names.bytes(), texts: texts.bytes() };
}

/** Texts of a shard, one after the other without gaps. */
class PackedTexts {
  readonly #parts: Uint8Array[] = [];
  #used = 0;

  /** @returns where it begins */
  add(shard: Shard, row: number, slot: number): number {
    const start = shard.slot(row, slot);
    if (start === noText) return noText;
    const at = this.#used;
    const length = shard.slot(row, slot + 1);
    this.#parts.push(shard.bytesAt(slot).subarray(start, start + length));
    this.#used += length;
    return at;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts, this.#used);
  }
}

/** The words and sets that a snapshot holds, numbered from 1 on as they are met. */
class WordTable {
  readonly #words: Words;
  readonly #pairs: PairSets;
  readonly #wordPlaces = new Map<number, number>();
  readonly #setPlaces = new Map<number, number>();

  constructor(words: Words, pairs: PairSets) {
    this.#words = words;
    this.#pairs = pairs;
  }

  word(id: number): number {
    return id === noWord ? 0 : placeIn(this.#wordPlaces, id);
  }

  set(id: number): number {
    if (id === noWord) return 0;
    if (!this.#setPlaces.has(id)) for (const pair of this.#pairs.pairsOf(id)) this.word(pair);
    return placeIn(this.#setPlaces, id);
  }

  packed(): Pick<ClusterSnapshot, 'words' | 'wordEnds' | 'wordHashes' | 'pairs' | 'setEnds'> {
    const wordEnds = new Uint32Array(this.#wordPlaces.size);
    const wordHashes = new Uint32Array(this.#wordPlaces.size);
    const texts: Uint8Array[] = [];
    let end = 0;
    for (const [id, place] of this.#wordPlaces) {
      const bytes = this.#words.bytesOf(id);
      texts.push(bytes);
      end += bytes.length;
      wordEnds[place - 1] = end;
      wordHashes[place - 1] = this.#words.hashOf(id);
    }
    const setEnds = new Uint32Array(this.#setPlaces.size);
    const pairs: number[] = [];
    for (const [id, place] of this.#setPlaces) {
      for (const pair of this.#pairs.pairsOf(id)) pairs.push(this.word(pair));
      setEnds[place - 1] = pairs.length;
    }
    return { words: Buffer.concat(texts, end), wordEnds, wordHashes, pairs: new Uint32Array(pairs), setEnds };
  }
}

function placeIn(places: Map<number, number>, id: number): number {
  let place = places.get(id);
  if (place === undefined) {
    place = places.size + 1;
    places.set(id, place);
  }
  return place;
}

/**
 * Makes shards of a snapshot.
 *
 * @param cluster number of its cluster
 * @returns by id of kind; kinds that nobody reads any more, or with other columns, are left out
 */
export function shardsOf(
  snapshot: ClusterSnapshot,
  {
    layouts,
    words,
    pairs,
    columnWords,
    wordClusters,
    setClusters,
  }: Vocabulary & { readonly layouts: ReadonlyMap<string, Layout> },
  cluster: number,
): ReadonlyMap<string, { readonly shard: Shard; readonly asOf: number; readonly resourceVersion: string | undefined }> {
  const wordIds = wordIdsOf(snapshot, words);
  const setIds = setIdsOf(snapshot, wordIds, pairs);
  for (const id of wordIds) wordClusters.mark(id, cluster);
  for (const id of setIds) setClusters.mark(id, cluster);
  const shards = new Map<string, { shard: Shard; asOf: number; resourceVersion: string | undefined }>();
  for (const { kind, columns, asOf, resourceVersion, ...packedRows } of snapshot.kinds) {
    const { rows, slots, amounts } = packedRows;
    const layout = layouts.get(kind);
    if (layout === undefined || columnsMark(layout) !== columns) continue;
    const own = slots.slice();
    for (const { name, holding, at } of layout.places) {
      if (holding !== 'word' && holding !== 'pairs') continue;
      const ids = holding === 'word' ? wordIds : setIds;
      for (let place = at * rows; place < (at + 1) * rows; place += 1) own[place] = ids[own[place] ?? 0] ?? 0;
      const noted = columnWords.of(name);
      if (noted !== undefined) for (const word of new Set(own.subarray(at * rows, (at + 1) * rows))) noted.add(word);
    }
    const shard = new Shard(layout);
    shard.load({ ...packedRows, slots: own, amounts: amounts.slice() });
    shards.set(kind, { shard, asOf, resourceVersion });
  }
  return shards;
}

function wordIdsOf({ words: bytes, wordEnds, wordHashes }: ClusterSnapshot, words: Words): Uint32Array {
  const ids = new Uint32Array(wordEnds.length + 1);
  let start = 0;
  for (let index = 0; index < wordEnds.length; index += 1) {
    const end = wordEnds[index] ?? 0;
    ids[index + 1] = words.idOfBytes(bytes, start, end, wordHashes[index] ?? 0);
    start = end;
  }
  return ids;
}

function setIdsOf({ pairs, setEnds }: ClusterSnapshot, wordIds: Uint32Array, sets: PairSets): Uint32Array {
  const ids = new Uint32Array(setEnds.length + 1);
  let start = 0;
  const own: number[] = [];
  for (let index = 0; index < setEnds.length; index += 1) {
    const end = setEnds[index] ?? 0;
    own.length = 0;
    for (let at = start; at < end; at += 1) own.push(wordIds[pairs[at] ?? 0] ?? 0);
    ids[index + 1] = sets.idOfWords(own);
    start = end;
  }
  return ids;
}
