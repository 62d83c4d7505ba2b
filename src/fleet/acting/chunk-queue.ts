/** What a queue tells. */
export interface ChunkQueueOptions {
  /** So many bytes were taken out. */
  readonly onRead: (bytes: number) => void;
  /** Nobody reads on. */
  readonly onLeft: () => void;
}

/** Bytes on their way to the one who reads them; whoever fills it waits for `onRead` before there are too many. */
export class ChunkQueue implements AsyncIterable<Uint8Array> {
  readonly #options: ChunkQueueOptions;
  readonly #chunks: Uint8Array[] = [];
  #ended: { readonly fault?: Error } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ChunkQueueOptions) {
    this.#options = options;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#wake?.();
  }

  /** Nothing more comes. What is there is still read; a fault is thrown after it. */
  end(fault?: Error): void {
    this.#ended ??= fault === undefined ? {} : { fault };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          this.#options.onRead(chunk.byteLength);
          yield chunk;
        } else if (this.#ended !== undefined) {
          if (this.#ended.fault !== undefined) throw this.#ended.fault;
          return;
        } else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#options.onLeft();
    }
  }
}
