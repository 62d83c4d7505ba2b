import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import { Slots } from '../base/slots.ts';
import type { FleetStore } from './fleet-store.ts';
import { readSnapshotFile, snapshotFileName, writeSnapshotFile } from './snapshot-file.ts';

/** How often a cluster that changes is written, ms. */
const EVERY_MS = 60_000;
/** Within this time a cluster is written that never was, ms. */
const FIRST_MS = 10_000;
/** How often a failure is said, ms. */
const SAY_MS = 60_000;
/** How long the snapshot of a cluster that is not there any more is kept, ms. */
const KEEP_MS = 7 * 24 * 3_600_000;

/** What a keeper needs. */
export interface SnapshotKeeperOptions {
  readonly store: Pick<FleetStore, 'snapshot' | 'restore'>;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Keeps what is known of each cluster on disk, so that a restart shows it at once. A cluster that changes is written once a
 * minute, one cluster at a time; a disk that takes nothing costs the newer snapshot and nothing else.
 */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  /** When a cluster that changed is to be written. */
  readonly #due = new Map<string, number>();
  readonly #writtenAt = new Map<string, number>();
  /** While one is put into the store the next is read. */
  readonly #reading = new Slots(2);
  readonly #count = { snapshots: 0, snapshotSeconds: 0, snapshotFailures: 0 };
  #writing: Promise<void> | undefined;
  #saidAt: number | undefined;
  #isSwept = false;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  /** What it did so far. */
  get numbers(): Readonly<Record<'snapshots' | 'snapshotSeconds' | 'snapshotFailures', number>> {
    return this.#count;
  }

  /** Puts what the last run left of a cluster into the store, where that is of the same server. */
  async restore(cluster: string, server: string): Promise<void> {
    const { store, folder, log, clock } = this.#options;
    const turn = await this.#reading.take(new AbortController().signal);
    try {
      const read = await readSnapshotFile(join(folder, snapshotFileName(cluster)));
      if (read === undefined) return;
      if (typeof read === 'string') {
        log.warn({ cluster, reason: read }, 'Snapshot of a cluster is not used');
        return;
      }
      if (read.server !== server) return;
      this.#writtenAt.set(cluster, clock.now());
      store.restore(cluster, read);
    } catch (error) {
      log.warn({ cluster, reason: errorMessage(error) }, 'Snapshot of a cluster is not used');
    } finally {
      turn.release();
    }
  }

  /** A cluster changed: it is written when its time has come. */
  changed(cluster: string): void {
    if (this.#due.has(cluster)) return;
    const { clock } = this.#options;
    const last = this.#writtenAt.get(cluster);
    this.#due.set(cluster, last === undefined ? clock.now() + FIRST_MS * clock.random() : last + EVERY_MS);
  }

  /** The cluster is not read any more; its file stays for a while, since it may come back. */
  forget(cluster: string): void {
    this.#due.delete(cluster);
    this.#writtenAt.delete(cluster);
  }

  /** Writes the next cluster that is due, if none is being written. */
  tick(): void {
    if (this.#writing !== undefined) return;
    const now = this.#options.clock.now();
    const next = this.#due.entries().find(([, at]) => at <= now)?.[0];
    if (next !== undefined) void this.#write(next);
    else if (!this.#isSwept) void this.#sweep();
  }

  /** Writes what changed, until the time is over. */
  async close(withinMs: number): Promise<void> {
    const end = this.#options.clock.monotonic() + withinMs;
    await this.#writing;
    for (const cluster of this.#due.keys()) {
      if (this.#options.clock.monotonic() >= end) return;
      await this.#write(cluster);
    }
  }

  #write(cluster: string): Promise<void> {
    this.#due.delete(cluster);
    this.#writing = this.#writeFile(cluster).finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeFile(cluster: string): Promise<void> {
    const { store, folder, clock } = this.#options;
    const begin = clock.monotonic();
    this.#writtenAt.set(cluster, clock.now());
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const snapshot = store.snapshot(cluster);
      if (snapshot === undefined) return;
      await writeSnapshotFile(join(folder, snapshotFileName(cluster)), snapshot);
      this.#count.snapshots += 1;
      this.#count.snapshotSeconds += (clock.monotonic() - begin) / 1000;
    } catch (error) {
      this.#count.snapshotFailures += 1;
      this.changed(cluster);
      this.#say(error);
    }
  }

  #say(error: unknown): void {
    const now = this.#options.clock.monotonic();
    if (this.#saidAt !== undefined && now - this.#saidAt < SAY_MS) return;
    this.#saidAt = now;
    this.#options.log.error({ reason: errorMessage(error) }, 'Snapshots of clusters cannot be written');
  }

  /** Removes, once a run, what clusters left that have not been there for long. */
  async #sweep(): Promise<void> {
    this.#isSwept = true;
    const { folder, clock, log } = this.#options;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        const { mtimeMs } = await stat(path);
        if (clock.now() - mtimeMs > KEEP_MS) await unlink(path);
      }
    } catch (error) {
      log.info({ reason: errorMessage(error) }, 'Old snapshots were not looked over');
    }
  }
}
