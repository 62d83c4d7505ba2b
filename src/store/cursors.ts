import type { Clock, Timer } from '../base/clock.ts';
import type { Driver, Reader, Sql } from './driver.ts';
import { storeError } from './errors.ts';

/** Each cursor holds a connection and keeps the database from cleaning up. */
const MAX_CURSORS = 8;

interface Cursor {
  readonly reader: Reader;
  readonly pages: AsyncGenerator<unknown>;
  timer: Timer;
}

/** Long reads that are pulled page by page. One that stands still is closed, so that a lost reader costs nothing. */
export class Cursors {
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #open = new Map<number, Cursor>();
  #opening = 0;
  #lastId = 0;

  constructor(driver: Driver, clock: Clock, idleMs: number) {
    this.#driver = driver;
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  /** @throws STORE_BUSY */
  async open(pagesOf: (sql: Sql) => AsyncGenerator<unknown>): Promise<number> {
    if (this.#open.size + this.#opening >= MAX_CURSORS) {
      throw storeError('STORE_BUSY', { reason: `${MAX_CURSORS} snapshots and dumps are being read` });
    }
    this.#opening += 1;
    try {
      const reader = await this.#driver.reader({ idleMs: this.#idleMs });
      const id = ++this.#lastId;
      this.#open.set(id, { reader, pages: pagesOf(reader), timer: this.#idleTimer(id) });
      return id;
    } finally {
      this.#opening -= 1;
    }
  }

  /**
   * The next page, or `undefined` at the end, which closes the cursor.
   * @throws STORE_FAILED when the cursor was closed for standing still
   */
  async next(id: number): Promise<unknown> {
    const cursor = this.#open.get(id);
    if (cursor === undefined) throw storeError('STORE_FAILED', { reason: 'the reading stood still for too long' });
    cursor.timer.cancel();
    const { value, done } = await cursor.pages.next();
    if (done) await this.close(id);
    else cursor.timer = this.#idleTimer(id);
    return value;
  }

  async close(id: number): Promise<void> {
    const cursor = this.#open.get(id);
    if (cursor === undefined) return;
    this.#open.delete(id);
    cursor.timer.cancel();
    await cursor.reader.close();
  }

  async closeAll(): Promise<void> {
    for (const id of this.#open.keys()) await this.close(id);
  }

  #idleTimer(id: number): Timer {
    return this.#clock.after(this.#idleMs, () => void this.close(id));
  }
}
