/** Sizes of the buffers, in bytes: powers of two between these. What is smaller or larger is allocated by itself. */
const SMALLEST = 8 * 1024;
const LARGEST = 2 * 1024 * 1024;

/** Free bytes kept for the next answers. */
const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * Memory for answers, used again once they are sent. A fresh buffer an answer is dear in a process with a large heap: its
 * memory lies outside the heap, and every 32 MiB or so of it make V8 collect the whole heap. At 175 KB an answer that
 * took 500 us each, ten times the writing.
 *
 * Whoever takes a buffer and never gives it back loses nothing but the reuse.
 */
export class OutputBuffers {
  readonly #free = new Map<number, ArrayBuffer[]>();
  readonly #taken = new WeakSet<ArrayBufferLike>();
  #freeBytes = 0;

  /** A buffer of `size` bytes with any content. */
  take(size: number): Buffer {
    if (size < SMALLEST || size > LARGEST) return Buffer.allocUnsafe(size);
    const room = 2 ** Math.ceil(Math.log2(size));
    const known = this.#free.get(room)?.pop();
    if (known !== undefined) this.#freeBytes -= room;
    const memory = known ?? new ArrayBuffer(room);
    this.#taken.add(memory);
    return Buffer.from(memory, 0, size);
  }

  /**
   * Gives back what was taken; bytes from elsewhere are passed over. Nobody may read or write them any more: an answer's
   * once its response has finished.
   */
  giveBack(bytes: Uint8Array): void {
    const memory = bytes.buffer;
    if (!(memory instanceof ArrayBuffer) || !this.#taken.delete(memory)) return;
    const room = memory.byteLength;
    if (this.#freeBytes + room > KEPT_BYTES) return;
    this.#freeBytes += room;
    const free = this.#free.get(room);
    if (free) free.push(memory);
    else this.#free.set(room, [memory]);
  }
}

/** The buffers of this process's answers. */
export const outputBuffers = new OutputBuffers();
