import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../base/clock.ts';
import { workerEntry } from '../base/worker-entry.ts';
import { failure } from './errors.ts';
import { readDescriptorFiles, type FileRequest, type FileResult } from './file-read.ts';
import type { KindSet } from './kind-set.ts';
import type { ReadingAnswer, ReadingOrder } from './reading-worker.ts';
import { prepareKinds, type KindChecks } from './validate.ts';

/** Up to so many files of so many bytes are read where they are asked for: parsing them takes about 5 ms at most. */
const INLINE_FILES = 8;
const INLINE_BYTES = 48 * 1024;
/** An idle thread is let go after this time; it holds about 15 MB. */
const IDLE_MS = 10_000;

interface Waiting {
  readonly resolve: (results: readonly FileResult[]) => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Reads descriptor files for one source: a saved file at once, many files in a thread of their own that lives only
 * while there is much to read.
 */
export class FileReader {
  readonly #clock: Clock;
  readonly #kinds: KindSet;
  readonly #waiting = new Map<number, Waiting>();
  #checks: KindChecks | undefined;
  #worker: Worker | undefined;
  #idle: Timer | undefined;
  #lastId = 0;

  constructor(kinds: KindSet, clock: Clock) {
    this.#kinds = kinds;
    this.#clock = clock;
  }

  /**
   * Reads files; the answer is for the first of them, at least one, in their order.
   * @throws READER_FAILED when the reading thread died
   */
  async read(requests: readonly FileRequest[]): Promise<readonly FileResult[]> {
    if (await this.#isSmall(requests)) {
      this.#checks ??= prepareKinds(this.#kinds.kinds);
      return readDescriptorFiles(requests, this.#checks, this.#kinds.fingerprint);
    }
    return this.#readInThread(requests);
  }

  /** Ends the thread; what waits is rejected with READER_FAILED. */
  async close(): Promise<void> {
    this.#idle?.cancel();
    await this.#worker?.terminate();
  }

  async #isSmall(requests: readonly FileRequest[]): Promise<boolean> {
    if (requests.length > INLINE_FILES) return false;
    const sizes = await Promise.all(requests.map(sizeOf));
    return sizes.reduce((sum, size) => sum + size, 0) <= INLINE_BYTES;
  }

  #readInThread(requests: readonly FileRequest[]): Promise<readonly FileResult[]> {
    this.#idle?.cancel();
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, requests } satisfies ReadingOrder);
    });
  }

  #start(): Worker {
    const worker = new Worker(workerEntry(import.meta.url, 'reading-worker'), { workerData: this.#kinds });
    worker.on('message', (answer: ReadingAnswer) => {
      this.#waiting.get(answer.id)?.resolve(answer.results);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) this.#idle = this.#clock.after(IDLE_MS, () => this.#letGo(worker));
    });
    worker.on('error', (cause) => this.#lose(worker, cause));
    worker.on('exit', () => this.#lose(worker, undefined));
    worker.unref();
    return worker;
  }

  #letGo(worker: Worker): void {
    this.#worker = undefined;
    void worker.terminate();
  }

  #lose(worker: Worker, cause: Error | undefined): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(failure('READER_FAILED', {}, cause));
    this.#waiting.clear();
  }
}

async function sizeOf({ content, path }: FileRequest): Promise<number> {
  if (content !== undefined) return content.bytes.length;
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    // What is wrong with the file is told when it is read.
    if ((thrown as NodeJS.ErrnoException).code !== undefined) return 0;
    throw thrown;
  }
}
