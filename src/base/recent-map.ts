/**
 * A map that keeps a bounded number of values: what was used longest ago goes first. As long as there is room nothing goes,
 * and which was used when is not noted: that costs more than finding the value.
 */
export class RecentMap<Key, Value> {
  readonly #limit: number;
  readonly #values = new Map<Key, Value>();
  #latest: Key | undefined;

  /** @param limit most values kept, at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value of a key; where it is missing it is made, and kept. */
  of(key: Key, make: () => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined && (key === this.#latest || this.#values.size < this.#limit)) return known;
    const value = known ?? make();
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#latest = key;
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#limit) break;
      this.#values.delete(oldest);
    }
    return value;
  }
}
