/** Runs asynchronous work one after the other. Its length is bounded by its callers. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs `work` after everything before it has settled. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    // The next one starts whatever became of this one; the caller of this one gets its error.
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything so far has settled. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
