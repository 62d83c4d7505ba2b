/** Unsigned 32-bit numbers that are added one after the other, four bytes each. */
export class NumberList {
  #numbers = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(...numbers: readonly number[]): void {
    for (const number of numbers) {
      if (this.#length === this.#numbers.length) this.#grow();
      this.#numbers[this.#length] = number;
      this.#length += 1;
    }
  }

  /** The numbers so far; they stay as they are when more come. */
  numbers(): Uint32Array {
    return this.#numbers.subarray(0, this.#length);
  }

  #grow(): void {
    const grown = new Uint32Array(this.#numbers.length * 2);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}
