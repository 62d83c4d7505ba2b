import type { Step } from './cache.ts';
import type { Undo, UndoList } from './undo.ts';

/** Undo steps kept when nothing else is asked for; about 200 bytes each, and the bodies of replaced entities. */
export const DEFAULT_HISTORY_EVENTS = 50_000;

interface Entry {
  readonly revision: number;
  readonly undo: UndoList;
  readonly size: number;
}

/** One entity that changed in a stretch of revisions: its undos, newest first. */
export interface PastChange {
  readonly ref: string;
  parts: number;
  readonly undos: Undo[];
}

/**
 * What happened in the last revisions, bounded by the number of changes, so that a watcher that was away can be told
 * exactly what it missed. Changes without a revision (volatile facts, leases that ended) are not kept: only that they
 * happened, and to which entity last.
 */
export class History {
  readonly #limit: number;
  #entries: Entry[] = [];
  #size = 0;
  #floor: number;
  #lastUnlogged = -1;
  readonly #unlogged = new Map<number, number>();

  constructor(limit: number, revision: number) {
    this.#limit = limit;
    this.#floor = revision;
  }

  /** The oldest revision that a watcher may resume after. */
  get floor(): number {
    return this.#floor;
  }

  /** Number of undo steps kept. */
  get size(): number {
    return this.#size;
  }

  /** Takes in a step of the cache. */
  add(step: Step): void {
    for (const id of step.unlogged) this.#unlogged.set(id, step.revision);
    if (step.unlogged.size > 0) this.#lastUnlogged = step.revision;
    if (step.undo === undefined) return;
    const { size } = step.undo;
    this.#entries.push({ revision: step.revision, undo: step.undo, size });
    this.#size += size;
    let dropped = 0;
    for (const entry of this.#entries) {
      if (this.#size <= this.#limit) break;
      this.#size -= entry.size;
      this.#floor = entry.revision;
      dropped += 1;
    }
    if (dropped > 0) this.#entries.splice(0, dropped);
  }

  /** Forgets everything: nothing before `revision` can be told any more. */
  reset(revision: number): void {
    this.#entries = [];
    this.#size = 0;
    this.#floor = revision;
    this.#unlogged.clear();
    this.#lastUnlogged = -1;
  }

  /** The entities that changed after a revision, which is at least `floor`. */
  since(revision: number): ReadonlyMap<string, PastChange> {
    const changes = new Map<string, PastChange>();
    for (let index = this.#entries.length - 1; index >= 0; index -= 1) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.revision <= revision) break;
      for (const undo of entry.undo.undos) {
        const change = changes.get(undo.ref);
        if (change === undefined) changes.set(undo.ref, { ref: undo.ref, parts: undo.parts, undos: [undo] });
        else {
          change.parts |= undo.parts;
          change.undos.push(undo);
        }
      }
    }
    return changes;
  }

  /** True when facts changed without the log at `revision` or later. */
  hasUnloggedSince(revision: number): boolean {
    return this.#lastUnlogged >= revision;
  }

  /** Nodes of which facts changed without the log at `revision` or later. */
  *unloggedSince(revision: number): IterableIterator<number> {
    for (const [id, last] of this.#unlogged) if (last >= revision) yield id;
  }
}
