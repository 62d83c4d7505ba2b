import { setImmediate } from 'node:timers/promises';
import { CallboardError } from '../base/errors.ts';

/** The most writes that share a transaction, unless one caller has more. */
const MAX_GROUP_WRITES = 500;

interface Waiting<B, R> {
  readonly batch: B;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets commits that wait at the same time share one transaction, and so one wait for the disk. A batch that cannot be
 * written takes nobody along: the others are written one by one. The number of waiting batches is bounded by the
 * caller.
 */
export class GroupCommit<B extends { readonly writes: readonly unknown[] }, R> {
  readonly #write: (batches: readonly B[]) => Promise<R[]>;
  readonly #waiting: Waiting<B, R>[] = [];
  #draining: Promise<void> | undefined;

  /** `write` writes all of the batches or rejects and writes none. */
  constructor(write: (batches: readonly B[]) => Promise<R[]>) {
    this.#write = write;
  }

  commit(batch: B): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#writeGroup(this.#takeGroup());
      // Lets the messages in that came meanwhile, so that they make the next group.
      await setImmediate();
    }
    this.#draining = undefined;
  }

  #takeGroup(): Waiting<B, R>[] {
    let count = 0;
    let writes = 0;
    for (const { batch } of this.#waiting) {
      writes += Math.max(1, batch.writes.length);
      if (count > 0 && writes > MAX_GROUP_WRITES) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting<B, R>[]): Promise<void> {
    try {
      const results = await this.#write(group.map(({ batch }) => batch));
      for (const [index, result] of results.entries()) group[index]?.resolve(result);
    } catch (error) {
      const hopeless = error instanceof CallboardError && error.code === 'STORE_UNAVAILABLE';
      if (group.length === 1 || hopeless) {
        for (const { reject } of group) reject(error);
        return;
      }
      for (const one of group) await this.#writeGroup([one]);
    }
  }
}
