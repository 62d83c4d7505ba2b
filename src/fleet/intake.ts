import type { LiveChange } from '../live/live-reader.ts';
import { BatchRows, type Vocabulary } from './batch-rows.ts';
import type { Batch } from './batch.ts';
import type { HeldCluster } from './held-cluster.ts';
import type { HeldKind } from './held-kind.ts';
import type { Turn } from './object-query.ts';
import { Shard } from './shard.ts';
import { shardDifference } from './shard-difference.ts';
import type { RowWitness } from './timeline/row-witness.ts';
import { noWord, type Words } from './words.ts';

/** What is held and was confirmed longer ago than this, ms, was not looked at since: what differs now happened some time since. */
const ABSENCE_MS = 10_000;

/** Takes rows into the shards of clusters, and notes what that changes. */
export class Intake {
  readonly #words: Words;
  readonly #vocabulary: Vocabulary;
  readonly #turn: Turn;
  readonly #witnessOf: (kind: string) => RowWitness | undefined;
  /** Rows that were of an earlier connection, or did not fit their kind. */
  droppedRows = 0;
  /** Names of clusters of which a namespace came or went; who tells of them clears it. */
  readonly otherNamespaces = new Set<string>();

  /** @param witnessOf who wants to see the rows of a kind come, change and go */
  constructor(vocabulary: Vocabulary & { readonly turn: Turn }, witnessOf: (kind: string) => RowWitness | undefined) {
    this.#words = vocabulary.words;
    this.#vocabulary = vocabulary;
    this.#turn = vocabulary.turn;
    this.#witnessOf = witnessOf;
  }

  /**
   * Takes the rows of a batch in; those that do not fit are dropped and counted.
   *
   * @param changes gets what came, changed and went
   * @returns whether all of the kind is as of the batch now: not after a part of a list, nor after changes of what was never listed
   */
  take(cluster: HeldCluster, kind: HeldKind, batch: Batch, changes: LiveChange[]): boolean {
    const rows = new BatchRows(batch, kind.layout, this.#vocabulary, cluster.number);
    if (!rows.isWhole) {
      this.droppedRows += batch.rows;
      return false;
    }
    if (batch.step === 'changes') return this.#change(cluster, kind, rows, batch, changes);
    return this.#build(cluster, kind, rows, batch, changes);
  }

  #change(
    cluster: HeldCluster,
    kind: HeldKind,
    rows: BatchRows,
    { rows: count, receivedAt }: Batch,
    changes: LiveChange[],
  ): boolean {
    const shard = (kind.shard ??= new Shard(kind.layout));
    const witness = kind.asOf === undefined ? undefined : this.#witnessOf(kind.kind.id);
    const look = witness && ((row: number) => witness.before(shard, row));
    const since = absenceOf(kind, receivedAt);
    for (let at = 0; at < count; at += 1) {
      const operation = rows.operationOf(at);
      if (operation === undefined || !rows.stage(at)) {
        this.droppedRows += 1;
        continue;
      }
      if (operation === 'delete') {
        const row = shard.findStaged(rows);
        if (row < 0) continue;
        witness?.goes?.({ cluster, kind, shard, row }, since);
        changes.push(this.#came(cluster, kind, shard, row, 'delete'));
        shard.remove(row);
        cluster.changes += 1;
        this.#turn.number += 1;
        continue;
      }
      const { shape } = shard;
      const { row, outcome } = shard.put(rows, look);
      if (outcome === 'same') continue;
      cluster.changes += 1;
      if (shard.shape !== shape) this.#turn.number += 1;
      if (outcome === 'changed') witness?.changed({ cluster, kind, shard, row }, since);
      else witness?.came?.({ cluster, kind, shard, row }, since);
      if (outcome === 'replaced') changes.push(this.#described(cluster, kind, shard, row, 'delete'));
      changes.push(
        outcome === 'added'
          ? this.#came(cluster, kind, shard, row, 'put')
          : this.#described(cluster, kind, shard, row, 'put'),
      );
    }
    return kind.asOf !== undefined;
  }

  #build(cluster: HeldCluster, kind: HeldKind, rows: BatchRows, batch: Batch, changes: LiveChange[]): boolean {
    if (batch.isFirst) kind.building = new Shard(kind.layout);
    const shard = kind.building;
    if (shard === undefined) {
      this.droppedRows += batch.rows;
      return false;
    }
    for (let at = 0; at < batch.rows; at += 1) {
      if (rows.operationOf(at) === 'put' && rows.stage(at)) shard.put(rows);
      else this.droppedRows += 1;
    }
    if (batch.step !== 'listed') return false;
    kind.building = undefined;
    if (kind.asOf !== undefined) this.#witnessList(cluster, kind, shard, absenceOf(kind, batch.receivedAt));
    this.#swap(cluster, kind, shard, changes);
    return true;
  }

  /** Shows what a new list changes to who wants to see it. */
  #witnessList(cluster: HeldCluster, kind: HeldKind, next: Shard, since: number | undefined): void {
    const [witness, old] = [this.#witnessOf(kind.kind.id), kind.shard];
    if (witness === undefined || old === undefined) return;
    shardDifference(old, next, (oldRow, nextRow) => {
      if (nextRow === undefined) {
        if (oldRow !== undefined) witness.goes?.({ cluster, kind, shard: old, row: oldRow }, since);
      } else if (oldRow === undefined) {
        witness.came?.({ cluster, kind, shard: next, row: nextRow }, since);
      } else {
        witness.before(old, oldRow);
        witness.changed({ cluster, kind, shard: next, row: nextRow }, since);
      }
    });
  }

  /** Puts another shard in the place of what is held, and tells what that changes. */
  #swap(cluster: HeldCluster, kind: HeldKind, next: Shard | undefined, changes: LiveChange[]): void {
    const old = kind.shard;
    shardDifference(old, next, (oldRow, nextRow) => {
      if (nextRow === undefined) {
        if (old !== undefined && oldRow !== undefined) changes.push(this.#came(cluster, kind, old, oldRow, 'delete'));
      } else if (next !== undefined) {
        const describe = oldRow === undefined ? this.#came : this.#described;
        changes.push(describe.call(this, cluster, kind, next, nextRow, 'put'));
      }
    });
    kind.shard = next;
    cluster.changes += 1;
    this.#turn.number += 1;
  }

  /** Forgets all that is held of a kind. */
  empty(cluster: HeldCluster, kind: HeldKind, changes: LiveChange[]): void {
    this.#swap(cluster, kind, undefined, changes);
    kind.forget();
  }

  /** The change that an object came or went, noting what it does to the namespaces. */
  #came(cluster: HeldCluster, kind: HeldKind, shard: Shard, row: number, type: LiveChange['type']): LiveChange {
    this.countNamespace(cluster, kind, shard, row, type === 'put' ? 1 : -1);
    return this.#described(cluster, kind, shard, row, type);
  }

  /** A record is, or names, one more or less of a namespace. */
  countNamespace(cluster: HeldCluster, { kind }: HeldKind, shard: Shard, row: number, by: 1 | -1): void {
    const word = kind.id === 'Namespace' ? this.#words.idOf(shard.name(row)) : shard.namespace(row);
    if (word !== noWord && cluster.countNamespace(word, by)) this.otherNamespaces.add(cluster.name);
  }

  #described(
    { name: cluster }: HeldCluster,
    { kind }: HeldKind,
    shard: Shard,
    row: number,
    type: LiveChange['type'],
  ): LiveChange {
    const word = shard.namespace(row);
    const name = shard.name(row);
    return { type, cluster, kind: kind.id, ...(word !== noWord && { namespace: this.#words.text(word) }), name };
  }
}

/** Since when nobody looked at what is held of a kind, ms since 1970; undefined: it is watched. */
function absenceOf({ asOf, state }: HeldKind, now: number): number | undefined {
  return asOf !== undefined && state !== 'ok' && now - asOf > ABSENCE_MS ? asOf : undefined;
}
