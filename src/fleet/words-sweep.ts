import type { HeldCluster } from './held-cluster.ts';
import type { PairSets } from './pair-sets.ts';
import type { Shard } from './shard.ts';
import type { Words } from './words.ts';

/** Rows, sets or words that are looked at at a time, and about how many of them in one step. */
const STEP = 4096;
const SWEEP_STEP = 20_000;

/** Forgets, a part at a time, the words and sets of pairs that nothing holds any more. */
export class WordsSweeper {
  readonly #begin: () => Generator<number>;
  #sweeping: Generator<number> | undefined;
  #sweptAt = 0;

  constructor(clusters: ReadonlyMap<string, HeldCluster>, words: Words, pairs: PairSets) {
    this.#begin = () => sweepWords(clusters, words, pairs);
  }

  /** Goes on for about a millisecond. @param sequence where the store stands: what was swept there is not swept again */
  step(sequence: number): void {
    if (this.#sweeping === undefined) {
      if (sequence === this.#sweptAt) return;
      this.#sweptAt = sequence;
      this.#sweeping = this.#begin();
    }
    for (let left = SWEEP_STEP; left > 0;) {
      const { done, value } = this.#sweeping.next();
      if (done === true) {
        this.#sweeping = undefined;
        return;
      }
      left -= value;
    }
  }
}

/**
 * Forgets the words and sets of pairs that no record holds any more, step by step: between steps batches may be taken in. What is
 * put meanwhile is asked for by its text, and thereby marked; so what was there when the marking began is all that must be looked at.
 *
 * @returns yields how many rows, sets or words it looked at
 */
function* sweepWords(clusters: ReadonlyMap<string, HeldCluster>, words: Words, pairs: PairSets): Generator<number> {
  words.beginMarking();
  pairs.beginMarking();
  for (const cluster of clusters.values()) {
    for (const { shard, building } of cluster.kinds.values()) {
      if (shard !== undefined) yield* markShard(shard, words, pairs);
      if (building !== undefined) yield* markShard(building, words, pairs);
    }
  }
  for (const { namespaces } of clusters.values()) for (const word of namespaces.keys()) words.mark(word);
  for (let from = 1; from < pairs.end; from += STEP) {
    pairs.sweep(from, from + STEP);
    yield STEP;
  }
  for (let from = 1; from < words.end; from += STEP) {
    words.sweep(from, from + STEP);
    yield STEP;
  }
}

function* markShard(shard: Shard, words: Words, pairs: PairSets): Generator<number> {
  for (let from = 0; from < shard.end; from += STEP) {
    const end = Math.min(from + STEP, shard.end);
    for (const { holding, at } of shard.layout.places) {
      if (holding !== 'word' && holding !== 'pairs') continue;
      const marked = holding === 'word' ? words : pairs;
      for (let row = from; row < end; row += 1) if (shard.isHeld(row)) marked.mark(shard.slot(row, at));
    }
    yield end - from;
  }
}
