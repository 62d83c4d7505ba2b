import { constants, createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';

/** Bytes that wait to be read until the sender is asked to pause. */
const WAITING_BYTES = 1024 * 1024;
/** Size of the pieces that gunzip gives, bytes. */
const GUNZIP_CHUNK = 256 * 1024;

/** How a body is read. */
export interface BodyOptions {
  readonly isGzip: boolean;
  /** Bytes after gunzip that it may have; more is a fault. */
  readonly maxBytes: number;
  /** The error for a body that is larger, and for one that cannot be read to its end. */
  fault(kind: 'large' | 'broken', cause?: unknown): Error;
  /** False where a body that ended was cut off. */
  isWhole(): boolean;
  /** Told of every piece that comes. */
  onBytes(): void;
  /** Ends the request. */
  cancel(): void;
}

/**
 * The bytes of a body as they come, gunzipped. Whatever has come since the last piece is given as one; a reader that is slow
 * makes the sender pause.
 */
export class Body implements AsyncIterable<Buffer> {
  readonly #source: Readable;
  readonly #options: BodyOptions;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #totalBytes = 0;
  #isEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  /** @param wire the body as the connection gives it; its errors are told by `fail` or by itself */
  constructor(wire: Readable, options: BodyOptions) {
    this.#options = options;
    this.#source = options.isGzip
      ? createGunzip({ chunkSize: GUNZIP_CHUNK, finishFlush: constants.Z_SYNC_FLUSH })
      : wire;
    wire.once('error', (thrown) => this.fail(options.fault('broken', thrown)));
    wire.once('close', () => {
      if (!wire.readableEnded) this.fail(options.fault('broken'));
    });
    if (this.#source !== wire) {
      this.#source.once('error', (thrown) => {
        this.fail(options.fault('broken', thrown));
        options.cancel();
      });
      wire.on('data', options.onBytes);
      wire.pipe(this.#source as ReturnType<typeof createGunzip>);
    }
    this.#source.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#source.once('end', () => {
      if (options.isWhole()) this.#isEnded = true;
      else this.fail(options.fault('broken'));
      this.#wake?.();
    });
  }

  /** Ends it with an error; what has come is not given any more. */
  fail(error: Error): void {
    if (this.#isEnded) return;
    this.#error ??= error;
    this.#wake?.();
  }

  #take(chunk: Buffer): void {
    this.#options.onBytes();
    this.#totalBytes += chunk.length;
    if (this.#totalBytes > this.#options.maxBytes) {
      this.fail(this.#options.fault('large'));
      this.#options.cancel();
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > WAITING_BYTES) this.#source.pause();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      for (;;) {
        if (this.#error) throw this.#error;
        if (this.#waiting.length > 0) {
          const [only] = this.#waiting;
          const all = this.#waiting.length === 1 && only ? only : Buffer.concat(this.#waiting, this.#waitingBytes);
          this.#waiting = [];
          this.#waitingBytes = 0;
          this.#source.resume();
          yield all;
        } else if (this.#isEnded) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      // Who stops reading before the end wants no more of it.
      if (!this.#isEnded) this.#options.cancel();
    }
  }
}
