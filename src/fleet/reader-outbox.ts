import type { MessagePort } from 'node:worker_threads';
import type { Clock, Timer } from '../base/clock.ts';
import type { Batch } from './batch.ts';
import { bytesOf } from './batch-writer.ts';
import type { ClusterWord, ReaderEcho, ReaderWord, ReaderWords } from './messages.ts';

/** How long words wait for others before they are handed over, ms, and after how many bytes they do not: each message costs as much as some batches. */
const GATHER = { ms: 10, bytes: 64 * 1024 };
/** Bytes of batches that may be under way to the fleet's thread before readers wait. */
const MOST_BYTES = 4 * 1024 * 1024;

type Versions = Readonly<Record<string, string>>;

/**
 * A reader thread's way to the fleet's thread. Batches are handed over; when too much is under way, whoever sent waits, and
 * so do the connections that it reads from.
 */
export class ReaderOutbox {
  readonly #port: MessagePort;
  readonly #clock: Pick<Clock, 'after'>;
  #words: ReaderWord[] = [];
  #buffers: ArrayBuffer[] = [];
  #bytes = 0;
  #timer: Timer | undefined;
  readonly #asked = new Map<string, (versions: Versions) => void>();
  #underWay = 0;
  #room = Promise.withResolvers<void>();

  constructor(port: MessagePort, clock: Pick<Clock, 'after'>) {
    this.#port = port;
    this.#clock = clock;
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

  /** Sends a batch; resolves when the next may come. */
  send(batch: Batch): Promise<void> {
    const before = this.#underWay;
    const bytes = bytesOf(batch);
    this.#underWay += bytes;
    if (before <= MOST_BYTES && this.#underWay > MOST_BYTES) this.#room = Promise.withResolvers();
    this.#buffers.push(batch.cells.buffer);
    this.#put(batch, bytes);
    return this.#room.promise;
  }

  /** Says something of a cluster. */
  tell(cluster: string, generation: number, word: ClusterWord): void {
    this.#put({ ...word, cluster, generation }, 0);
  }

  /** Says that a cluster answers; resolves with where reading may go on. */
  connected(cluster: string, generation: number, word: Extract<ClusterWord, { type: 'connected' }>): Promise<Versions> {
    const { promise, resolve } = Promise.withResolvers<Versions>();
    this.#asked.set(`${cluster} ${generation}`, resolve);
    this.#put({ ...word, cluster, generation }, GATHER.bytes);
    return promise;
  }

  /** Nothing more is sent; who waits goes on. */
  close(): void {
    this.#flush();
    this.#port.close();
    this.#room.resolve();
    for (const resolve of this.#asked.values()) resolve({});
    this.#asked.clear();
  }

  #put(word: ReaderWord, bytes: number): void {
    this.#words.push(word);
    this.#bytes += bytes;
    if (this.#bytes >= GATHER.bytes) this.#flush();
    else this.#timer ??= this.#clock.after(GATHER.ms, () => this.#flush());
  }

  /** Hands over what was gathered, in the order in which it came. */
  #flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const [words, buffers] = [this.#words, this.#buffers];
    this.#words = [];
    this.#buffers = [];
    this.#bytes = 0;
    if (words.length > 0) this.#port.postMessage(words satisfies ReaderWords, buffers);
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
