import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { errorMessage } from '../../base/errors.ts';
import { list, tree } from '../reduce/json-read.ts';
import type { Incident } from './incident.ts';
import type { IncidentBook } from './incident-book.ts';

const FILE = 'incidents.json';
/** Another layout is not read. */
const LAYOUT = 1;
const LARGEST = 32 * 2 ** 20;

/** What a keeper needs. */
export interface IncidentKeeperOptions {
  readonly book: Pick<IncidentBook, 'incidents' | 'changes' | 'restore'>;
  readonly folder: string;
  readonly log: Logger;
}

/** Keeps incidents on disk, so that those that ended, and when those began that go on, are known after a restart. */
export class IncidentKeeper {
  readonly #options: IncidentKeeperOptions;
  #written = 0;
  #writing: Promise<void> | undefined;

  constructor(options: IncidentKeeperOptions) {
    this.#options = options;
  }

  /** Takes up what the last run left; what cannot be read is as if it were not there. */
  async restore(): Promise<void> {
    const { book, folder, log } = this.#options;
    try {
      const path = join(folder, FILE);
      if ((await stat(path)).size > LARGEST) return;
      const { layout, incidents } = tree(JSON.parse(await readFile(path, 'utf8')));
      if (layout === LAYOUT) book.restore(list(incidents) as readonly Incident[]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        log.warn({ reason: errorMessage(error) }, 'Incidents of the last run are not used');
      }
    }
  }

  /** Writes what changed, unless the last is still being written. */
  tick(): void {
    if (this.#writing !== undefined || this.#options.book.changes === this.#written) return;
    this.#writing = this.#write().finally(() => (this.#writing = undefined));
  }

  /** Writes what is not written yet. */
  async close(): Promise<void> {
    await this.#writing;
    this.tick();
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { book, folder, log } = this.#options;
    this.#written = book.changes;
    const path = join(folder, FILE);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify({ layout: LAYOUT, incidents: book.incidents }), { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      log.warn({ reason: errorMessage(error) }, 'Incidents could not be written');
    }
  }
}
