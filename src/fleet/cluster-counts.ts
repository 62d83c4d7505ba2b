import type { HealthStatus } from './health/health.ts';
import type { HeldCluster } from './held-cluster.ts';
import type { HeldKind } from './held-kind.ts';
import { isWorkloadKind } from './matching/matches.ts';
import { statusOf } from './running/verdict.ts';
import type { Shard } from './shard.ts';
import { noWord, type Words } from './words.ts';

/** What the list of clusters counts in one kind of one cluster. */
export interface KindCounts {
  readonly objects: number;
  /** Objects by health, of workloads and pods. */
  readonly health: Partial<Record<HealthStatus, number>>;
  /** Nodes that are ready. */
  readonly ready: number;
  /** Pods that wait for a node or for their images. */
  readonly pending: number;
}

interface KeptKind {
  readonly shard: Shard;
  readonly changes: number;
  readonly counts: KindCounts;
  readonly tally: Tally;
}

interface KeptCluster {
  changes: number;
  readonly kinds: Map<HeldKind, KeptKind>;
  counts: ReadonlyMap<HeldKind, KindCounts>;
}

/** What a row counts as: nothing, or an object that has a health or none, and is ready or pending. */
const MARK = { object: 1, health: 2, ready: 4, pending: 8 } as const;

/** Counts what clusters hold. Of what was counted before only the rows that changed since are looked at. */
export class ClusterCounts {
  readonly #words: Words;
  readonly #kept = new WeakMap<HeldCluster, KeptCluster>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** The counts of the kinds of which a cluster holds something. @param namespaces words of those that may be seen; undefined: all */
  of(cluster: HeldCluster, namespaces?: ReadonlySet<number>): ReadonlyMap<HeldKind, KindCounts> {
    // What a few namespaces hold is counted each time: which they are depends on who asks.
    if (namespaces !== undefined) return countsOf(cluster, (kind, shard) => this.#countIn(kind, shard, namespaces));
    let kept = this.#kept.get(cluster);
    if (kept === undefined) this.#kept.set(cluster, (kept = { changes: -1, kinds: new Map(), counts: new Map() }));
    if (kept.changes === cluster.changes) return kept.counts;
    const { kinds } = kept;
    kept.changes = cluster.changes;
    return (kept.counts = countsOf(cluster, (kind, shard) => this.#countOf(kinds, kind, shard)));
  }

  #countOf(kinds: Map<HeldKind, KeptKind>, kind: HeldKind, shard: Shard): KindCounts {
    const kept = kinds.get(kind);
    if (kept?.shard === shard && kept.changes === shard.changed.count) return kept.counts;
    if (!isLookedAt(kind)) return { ...nothing, objects: shard.size };
    const pending = this.#words.find('Pending');
    const rows = kept?.shard === shard ? shard.changed.since(kept.changes) : undefined;
    const tally = kept === undefined || rows === undefined ? new Tally(kind, shard) : kept.tally;
    if (rows === undefined) tally.takeAll(pending);
    else for (const row of rows) tally.take(row, pending);
    const counts = tally.counts(this.#words);
    kinds.set(kind, { shard, changes: shard.changed.remember(), counts, tally });
    return counts;
  }

  #countIn(kind: HeldKind, shard: Shard, namespaces: ReadonlySet<number>): KindCounts {
    if (!isLookedAt(kind)) return { ...nothing, objects: objectsIn(shard, namespaces) };
    const tally = new Tally(kind, shard);
    tally.takeAll(this.#words.find('Pending'), namespaces);
    return tally.counts(this.#words);
  }
}

const nothing: KindCounts = { objects: 0, health: {}, ready: 0, pending: 0 };

function isLookedAt(kind: HeldKind): boolean {
  return isWorkloadKind(kind) || kind.kind.id === 'Pod' || kind.kind.id === 'Node';
}

function objectsIn(shard: Shard, namespaces: ReadonlySet<number>): number {
  let objects = 0;
  for (let row = 0; row < shard.end; row += 1) {
    if (shard.isHeld(row) && namespaces.has(shard.namespace(row))) objects += 1;
  }
  return objects;
}

/** What the rows of a shard count as. */
class Tally {
  readonly #shard: Shard;
  /** Slots; undefined where the kind has no such column. */
  readonly #health: number | undefined;
  readonly #phase: number | undefined;
  readonly #ready: number | undefined;
  /** Of Jobs: one that a CronJob made is shown with that. */
  readonly #owner: number | undefined;
  /** A custom resource that says nothing of its health has none. */
  readonly #isCustom: boolean;
  /** By row: `MARK`s, and the word of its health. */
  #marks: Uint8Array<ArrayBuffer>;
  #words: Uint32Array<ArrayBuffer>;
  readonly #byWord = new Map<number, number>();
  #objects = 0;
  #readyNodes = 0;
  #pending = 0;

  constructor({ kind }: HeldKind, shard: Shard) {
    const slotOf = (name: string, id = kind.id): number | undefined =>
      id === kind.id ? shard.layout.byName.get(name)?.at : undefined;
    this.#shard = shard;
    this.#health = slotOf('health');
    this.#phase = slotOf('phase', 'Pod');
    this.#ready = slotOf('ready', 'Node');
    this.#owner = slotOf('ownerKind', 'Job');
    this.#isCustom = kind.id !== kind.kind;
    this.#marks = new Uint8Array(shard.capacity);
    this.#words = new Uint32Array(shard.capacity);
  }

  /** Counts every row. @param pending the word of that phase, or -1 @param namespaces words of those that count; undefined: all */
  takeAll(pending: number, namespaces?: ReadonlySet<number>): void {
    const { end } = this.#shard;
    for (let row = 0; row < end; row += 1) {
      if (namespaces?.has(this.#shard.namespace(row)) !== false) this.take(row, pending);
    }
  }

  /** Counts a row as what it is now, and no more as what it was. */
  take(row: number, pending: number): void {
    const mark = this.#markOf(row, pending);
    const word = this.#health === undefined ? noWord : this.#shard.slot(row, this.#health);
    const [before, wordBefore] = [this.#marks[row] ?? 0, this.#words[row] ?? 0];
    if (mark === before && word === wordBefore) return;
    if (row >= this.#marks.length) {
      const { capacity } = this.#shard;
      this.#marks = withRoom(new Uint8Array(capacity), this.#marks);
      this.#words = withRoom(new Uint32Array(capacity), this.#words);
    }
    this.#marks[row] = mark;
    this.#words[row] = word;
    this.#add(before, wordBefore, -1);
    this.#add(mark, word, 1);
  }

  counts(words: Words): KindCounts {
    const health: Partial<Record<HealthStatus, number>> = {};
    for (const [word, count] of this.#byWord) {
      if (count === 0) continue;
      const status = statusOf(word === noWord ? undefined : words.text(word));
      health[status] = (health[status] ?? 0) + count;
    }
    return { objects: this.#objects, health, ready: this.#readyNodes, pending: this.#pending };
  }

  #markOf(row: number, pending: number): number {
    const shard = this.#shard;
    if (!shard.isHeld(row)) return 0;
    let mark: number = MARK.object;
    const isUnsaid = this.#isCustom && (this.#health === undefined || shard.slot(row, this.#health) === noWord);
    const isOwned = this.#owner !== undefined && shard.slot(row, this.#owner) !== noWord;
    if (!isUnsaid && !isOwned) mark |= MARK.health;
    if (this.#ready !== undefined && shard.slot(row, this.#ready) === 1) mark |= MARK.ready;
    if (this.#phase !== undefined && shard.slot(row, this.#phase) === pending) mark |= MARK.pending;
    return mark;
  }

  #add(mark: number, word: number, by: 1 | -1): void {
    if ((mark & MARK.object) !== 0) this.#objects += by;
    if ((mark & MARK.ready) !== 0) this.#readyNodes += by;
    if ((mark & MARK.pending) !== 0) this.#pending += by;
    if ((mark & MARK.health) !== 0) this.#byWord.set(word, (this.#byWord.get(word) ?? 0) + by);
  }
}

function withRoom<Numbers extends Uint8Array | Uint32Array>(room: Numbers, from: Numbers): Numbers {
  room.set(from);
  return room;
}

function countsOf(
  { kinds }: HeldCluster,
  count: (kind: HeldKind, shard: Shard) => KindCounts,
): ReadonlyMap<HeldKind, KindCounts> {
  const counts = new Map<HeldKind, KindCounts>();
  for (const kind of kinds.values()) if (kind.shard !== undefined) counts.set(kind, count(kind, kind.shard));
  return counts;
}
