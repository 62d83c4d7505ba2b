import type { Clock } from '../base/clock.ts';
import { FileReader } from './file-reader.ts';
import type { KindSet } from './kind-set.ts';

/**
 * One reader for many sources whose content is at hand or on the server's own disk, so that no disk of theirs can keep the
 * others waiting: a thread
 * each would cost 35 MB and half a second of processor time a source at the start. It is never closed, since the thread
 * goes when it is idle and keeps no process alive.
 */
export class SharedFileReader {
  #reader: FileReader | undefined;

  /** The reader. @param kinds the same for all of its sources */
  open(kinds: KindSet, clock: Clock): FileReader {
    this.#reader ??= new FileReader(kinds, clock);
    return this.#reader;
  }
}
