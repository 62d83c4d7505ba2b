import { mixed } from '../encoded-text.ts';
import { grown } from '../number-array.ts';
import type { Shard } from '../shard.ts';
import { noWord } from '../words.ts';

/** Something that owns others, by words: of its kind, its name and its namespace. */
export interface Owner {
  readonly kind: number;
  readonly name: number;
}

/** Owners, numbered from 0 on as they are met: open addressing in arrays that are used again after `clear`. */
class OwnerTable {
  count = 0;
  #kinds = new Uint32Array(64);
  #names = new Uint32Array(64);
  #namespaces = new Uint32Array(64);
  /** Numbers plus one; at most half of the places are taken. */
  #slots = new Uint32Array(128);

  clear(): void {
    this.count = 0;
    this.#slots.fill(0);
  }

  /** The number of an owner; -1: it was not met. */
  find(kind: number, name: number, namespace: number): number {
    return (this.#slots[this.#placeOf(kind, name, namespace)] ?? 0) - 1;
  }

  /** The number of an owner; one that was not met becomes the last. */
  numberOf(kind: number, name: number, namespace: number): number {
    const place = this.#placeOf(kind, name, namespace);
    const known = (this.#slots[place] ?? 0) - 1;
    if (known >= 0) return known;
    const number = this.count;
    this.count += 1;
    this.#kinds[number] = kind;
    this.#names[number] = name;
    this.#namespaces[number] = namespace;
    this.#slots[place] = this.count;
    if (this.count === this.#kinds.length) this.#grow();
    return number;
  }

  /** Where an owner stands, or would. */
  #placeOf(kind: number, name: number, namespace: number): number {
    const mask = this.#slots.length - 1;
    let place = mixed(Math.imul(name, 0x9e3779b1) ^ Math.imul(namespace, 0x85ebca6b) ^ kind) & mask;
    for (; ; place = (place + 1) & mask) {
      const number = (this.#slots[place] ?? 0) - 1;
      if (number < 0) return place;
      const isSame = this.#names[number] === name && this.#kinds[number] === kind;
      if (isSame && this.#namespaces[number] === namespace) return place;
    }
  }

  #grow(): void {
    this.#kinds = larger(this.#kinds, this.count * 2);
    this.#names = larger(this.#names, this.count * 2);
    this.#namespaces = larger(this.#namespaces, this.count * 2);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.count; number += 1) {
      const [kind, name] = [this.#kinds[number] ?? 0, this.#names[number] ?? 0];
      this.#slots[this.#placeOf(kind, name, this.#namespaces[number] ?? 0)] = number + 1;
    }
  }
}

const none: readonly number[] = [];

/**
 * The pods of one cluster by what owns them in the end. Pods come and go all the time somewhere: it is worked out anew in the same arrays,
 * so that nothing is left to be collected.
 */
export class PodGroups {
  /** What owns pods themselves, and the number of its own last owner. */
  readonly #near = new OwnerTable();
  #lastOf = new Uint32Array(64);
  readonly #last = new OwnerTable();
  /** By row: the number of the last owner plus one; 0 of what is free, or nobody's. */
  #ownerOf = new Uint32Array(64);
  /** Rows, those of one last owner side by side, and by its number where they end. */
  #rows = new Uint32Array(64);
  #ends = new Uint32Array(64);

  /**
   * Groups the rows of a shard of pods.
   *
   * @param slots of its words for kind and name of the owner
   * @param lastOf what owns in the end what something owns; in the same namespace
   */
  group(
    pods: Shard,
    slots: { readonly kind: number; readonly name: number },
    lastOf: (owner: Owner, namespace: number) => Owner,
  ): void {
    this.#near.clear();
    this.#last.clear();
    if (this.#ownerOf.length < pods.end) {
      this.#ownerOf = new Uint32Array(pods.capacity);
      this.#rows = new Uint32Array(pods.capacity);
    }
    for (let row = 0; row < pods.end; row += 1) {
      const kind = pods.slot(row, slots.kind);
      const isOwned = kind !== noWord && pods.isHeld(row);
      this.#ownerOf[row] = isOwned
        ? 1 + this.#lastOwner(kind, pods.slot(row, slots.name), pods.namespace(row), lastOf)
        : 0;
    }
    this.#putSideBySide(pods.end);
  }

  /** The rows of an owner, in order. */
  rowsOf(kind: number, name: number, namespace: number): readonly number[] {
    const number = this.#last.find(kind, name, namespace);
    if (number < 0) return none;
    return Array.from(this.#rows.subarray(number === 0 ? 0 : this.#ends[number - 1], this.#ends[number]));
  }

  /** The number of the last owner of what an owner owns; each is looked for once. */
  #lastOwner(
    kind: number,
    name: number,
    namespace: number,
    lastOf: (owner: Owner, namespace: number) => Owner,
  ): number {
    const { count } = this.#near;
    const number = this.#near.numberOf(kind, name, namespace);
    if (number === count) {
      const last = lastOf({ kind, name }, namespace);
      this.#lastOf = larger(this.#lastOf, number + 1);
      this.#lastOf[number] = this.#last.numberOf(last.kind, last.name, namespace);
    }
    return this.#lastOf[number] ?? 0;
  }

  #putSideBySide(end: number): void {
    const ends = (this.#ends = larger(this.#ends, this.#last.count + 1));
    ends.fill(0);
    // First how many each has, one place on; then where each begins; and, as its rows are put there, where it ends.
    for (let row = 0; row < end; row += 1) {
      const owner = this.#ownerOf[row] ?? 0;
      if (owner > 0) ends[owner] = (ends[owner] ?? 0) + 1;
    }
    for (let owner = 1; owner <= this.#last.count; owner += 1)
      ends[owner] = (ends[owner] ?? 0) + (ends[owner - 1] ?? 0);
    for (let row = 0; row < end; row += 1) {
      const owner = (this.#ownerOf[row] ?? 0) - 1;
      if (owner < 0) continue;
      const place = ends[owner] ?? 0;
      this.#rows[place] = row;
      ends[owner] = place + 1;
    }
  }
}

/** An array with room for so many numbers: itself, where it has it. */
function larger(numbers: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> {
  return numbers.length >= needed ? numbers : grown(numbers, needed);
}
