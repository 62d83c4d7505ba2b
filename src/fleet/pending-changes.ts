import type { LiveChange, LivePosition, LiveTold } from '../live/live-reader.ts';

/** Objects that wait for a slow reader before it is told to list again. */
const MOST_PENDING = 5_000;

type RelistReason = Extract<LiveTold, { readonly type: 'relist' }>['reason'];

/**
 * What happened since a reader was last told: changes of one object become one, and too many become `relist`. It wakes whoever
 * waits for it.
 */
export class PendingChanges {
  readonly #objects = new Map<string, LiveChange>();
  readonly #clusters = new Set<string>();
  #position: LivePosition | undefined;
  #relist: RelistReason | undefined;
  #woken = Promise.withResolvers<void>();

  /** Adds what a reader of live objects tells. That only the position moved wakes nobody: it is told with what comes next. */
  add(told: LiveTold): void {
    this.#position = told.position;
    if (told.type === 'relist') this.#listAgain(told.reason);
    else if (told.objects.length === 0 && told.clusters.length === 0) return;
    else if (this.#relist === undefined) {
      for (const change of told.objects) this.#objects.set(keyOf(change), change);
      for (const cluster of told.clusters) this.#clusters.add(cluster);
      if (this.#objects.size > MOST_PENDING) this.#listAgain('slow');
    }
    this.wake();
  }

  /** Takes all that waits, as one; undefined: nothing does. */
  take(): LiveTold | undefined {
    const [position, reason] = [this.#position, this.#relist];
    if (position === undefined) return undefined;
    const objects = [...this.#objects.values()];
    const clusters = [...this.#clusters];
    this.clear();
    if (reason !== undefined) return { type: 'relist', position, reason };
    return { type: 'changes', position, objects, clusters };
  }

  /** Forgets all that waits. */
  clear(): void {
    this.#objects.clear();
    this.#clusters.clear();
    this.#position = undefined;
    this.#relist = undefined;
  }

  /** Has whoever waits look. */
  wake(): void {
    this.#woken.resolve();
  }

  /** Resolves when something was added, or `wake` was called, since the last time. */
  async woken(): Promise<void> {
    await this.#woken.promise;
    this.#woken = Promise.withResolvers();
  }

  #listAgain(reason: RelistReason): void {
    this.#relist = reason;
    this.#objects.clear();
    this.#clusters.clear();
  }
}

function keyOf({ cluster, kind, namespace = '', name }: LiveChange): string {
  return `${cluster}\n${kind}\n${namespace}\n${name}`;
}
