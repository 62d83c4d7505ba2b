import type { MessagePort } from 'node:worker_threads';
import type { Batch } from './batch.ts';
import { bytesOf } from './batch-writer.ts';
import type { ClusterWord, ReaderEcho, ReaderWord } from './messages.ts';

/** Bytes of batches that may be under way to the fleet's thread before readers wait. */
const MOST_BYTES = 4 * 1024 * 1024;

type Versions = Readonly<Record<string, string>>;

/**
 * A reader thread's way to the fleet's thread. Batches are handed over; when too much is under way, whoever sent waits, and
 * so do the connections that it reads from.
 */
export class ReaderOutbox {
  readonly #port: MessagePort;
  readonly #asked = new Map<string, (versions: Versions) => void>();
  #underWay = 0;
  #room = Promise.withResolvers<void>();

  constructor(port: MessagePort) {
    this.#port = port;
    this.#room.resolve();
    port.on('message', (echo: ReaderEcho) => {
      if (echo.type === 'applied') this.#onApplied(echo.bytes);
      else this.#take(`${echo.cluster} ${echo.generation}`)?.(echo.versions);
    });
  }

  /** Bytes of batches that are under way. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Sends a batch at once; resolves when the next may come. */
  send(batch: Batch): Promise<void> {
    const before = this.#underWay;
    this.#underWay += bytesOf(batch);
    if (before <= MOST_BYTES && this.#underWay > MOST_BYTES) this.#room = Promise.withResolvers();
    this.#port.postMessage(batch satisfies ReaderWord, [batch.cells.buffer]);
    return this.#room.promise;
  }

  /** Says something of a cluster. */
  tell(cluster: string, generation: number, word: ClusterWord): void {
    this.#port.postMessage({ ...word, cluster, generation } satisfies ReaderWord);
  }

  /** Says that a cluster answers; resolves with where reading may go on. */
  connected(cluster: string, generation: number, word: Extract<ClusterWord, { type: 'connected' }>): Promise<Versions> {
    const { promise, resolve } = Promise.withResolvers<Versions>();
    this.#asked.set(`${cluster} ${generation}`, resolve);
    this.tell(cluster, generation, word);
    return promise;
  }

  /** Nothing more is sent; who waits goes on. */
  close(): void {
    this.#port.close();
    this.#room.resolve();
    for (const resolve of this.#asked.values()) resolve({});
    this.#asked.clear();
  }

  #take(key: string): ((versions: Versions) => void) | undefined {
    const resolve = this.#asked.get(key);
    this.#asked.delete(key);
    return resolve;
  }

  #onApplied(bytes: number): void {
    this.#underWay -= bytes;
    if (this.#underWay <= MOST_BYTES) this.#room.resolve();
  }
}
