/** A place that is empty; others hold an id plus one. */
const EMPTY = 0;

/**
 * Open addressing from hashes to ids: four bytes a place, at most three of four taken. What an id stands for, and its hash,
 * is known to who owns the table.
 */
export class HashSlots {
  #slots = new Uint32Array(16);
  #taken = 0;
  readonly #hashOf: (id: number) => number;

  /** @param hashOf the hash of an id that is in the table */
  constructor(hashOf: (id: number) => number) {
    this.#hashOf = hashOf;
  }

  get byteLength(): number {
    return this.#slots.byteLength;
  }

  /** The id with this hash that `isSame` accepts, or -1. */
  find(hash: number, isSame: (id: number) => boolean): number {
    const mask = this.#slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const held = this.#slots[at] ?? EMPTY;
      if (held === EMPTY) return -1;
      if (this.#hashOf(held - 1) === hash && isSame(held - 1)) return held - 1;
    }
  }

  /** Adds an id that is not in the table. */
  add(id: number, hash: number): void {
    if ((this.#taken + 1) * 4 > this.#slots.length * 3) this.#grow();
    this.#place(id, hash);
    this.#taken += 1;
  }

  /** Takes an id out; what stands behind it moves up, so that no search ends early. */
  remove(id: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.#hashOf(id) & mask;
    while (slots[hole] !== id + 1) {
      if (slots[hole] === EMPTY) return;
      hole = (hole + 1) & mask;
    }
    for (let at = (hole + 1) & mask; slots[at] !== EMPTY; at = (at + 1) & mask) {
      const home = this.#hashOf((slots[at] ?? EMPTY) - 1) & mask;
      // It may move up only where its home is not between the hole and it.
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = slots[at] ?? EMPTY;
      hole = at;
    }
    slots[hole] = EMPTY;
    this.#taken -= 1;
  }

  #place(id: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let at = hash & mask;
    while (this.#slots[at] !== EMPTY) at = (at + 1) & mask;
    this.#slots[at] = id + 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (const held of old) if (held !== EMPTY) this.#place(held - 1, this.#hashOf(held - 1));
  }
}
