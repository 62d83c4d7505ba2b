import { grown } from './number-array.ts';

/** Clusters by their number, a bit each. */
export type ClusterBits = Uint32Array;

/**
 * In which clusters the ids of words, or of sets of pairs, stand; also in some where they stood before. A question for a few ids need
 * not look at the rows of other clusters: far more memory than the processor keeps at hand.
 */
export class IdClusters {
  /** Numbers for each id. */
  #stride = 1;
  #bits = new Uint32Array(1024);

  /** An id stands in a cluster. @param cluster its number */
  mark(id: number, cluster: number): void {
    const word = cluster >>> 5;
    if (word >= this.#stride) this.#widen(word + 1);
    const at = id * this.#stride + word;
    if (at >= this.#bits.length) this.#bits = grown(this.#bits, at + 1);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (cluster & 31));
  }

  /** Nothing stands under an id any more. */
  forget(id: number): void {
    this.#bits.fill(0, id * this.#stride, (id + 1) * this.#stride);
  }

  /** The clusters in which one of some ids may stand. @param more those of other ids */
  union(ids: Iterable<number>, more?: ClusterBits): ClusterBits {
    const bits = new Uint32Array(Math.max(this.#stride, more?.length ?? 0));
    if (more !== undefined) bits.set(more);
    for (const id of ids) {
      const from = id * this.#stride;
      for (let word = 0; word < this.#stride; word += 1)
        bits[word] = (bits[word] ?? 0) | (this.#bits[from + word] ?? 0);
    }
    return bits;
  }

  #widen(stride: number): void {
    const ids = Math.ceil(this.#bits.length / this.#stride);
    const bits = new Uint32Array(ids * stride);
    for (let id = 0; id < ids; id += 1) {
      for (let word = 0; word < this.#stride; word += 1)
        bits[id * stride + word] = this.#bits[id * this.#stride + word] ?? 0;
    }
    this.#stride = stride;
    this.#bits = bits;
  }
}

/** Whether a cluster is among some; absent: all are. @param cluster its number */
export function isAmong(clusters: ClusterBits | undefined, cluster: number): boolean {
  return clusters === undefined || (((clusters[cluster >>> 5] ?? 0) >>> (cluster & 31)) & 1) === 1;
}
