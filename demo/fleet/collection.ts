import { ApiStatusError } from './api-status.ts';
import type { StoredObject } from './stored-object.ts';

/** What happened to an object. `before` is what it was, undefined when it is new. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resourceVersion: number;
  /** As it is now; of a deleted one, as it was last, with the resourceVersion of the deletion. */
  readonly stored: StoredObject;
  readonly before: StoredObject | undefined;
}

/** Who hears of every change of a collection. */
export type Listener = (event: StoreEvent) => void;

/** Events that are kept for watches that resume, at most. */
const HISTORY_EVENTS = 4096;

/** All objects of one resource, with the recent past that watches resume from and lists page through. */
export class Collection {
  readonly #objects = new Map<string, StoredObject>();
  readonly #listeners = new Set<Listener>();
  readonly #snapshots = new Map<number, readonly StoredObject[]>();
  #history: StoreEvent[] = [];
  #sorted: readonly StoredObject[] | undefined;
  /** Watches resume from this resourceVersion on, not before. */
  #oldest: number;

  /** @param resourceVersion of the cluster when the collection was made */
  constructor(resourceVersion: number) {
    this.#oldest = resourceVersion;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** All objects, by key. */
  list(): readonly StoredObject[] {
    return (this.#sorted ??= [...this.#objects.values()].sort(byKey));
  }

  /** The same, kept for the pages that follow until history is cut. */
  snapshot(resourceVersion: number): readonly StoredObject[] {
    const list = this.list();
    this.#snapshots.set(resourceVersion, list);
    return list;
  }

  /** What `snapshot` gave at a resourceVersion; undefined when it is gone. */
  snapshotAt(resourceVersion: number): readonly StoredObject[] | undefined {
    return this.#snapshots.get(resourceVersion);
  }

  /** Enters a change, and tells all who listen. */
  apply(event: StoreEvent): void {
    if (event.type === 'DELETED') this.#objects.delete(event.stored.key);
    else this.#objects.set(event.stored.key, event.stored);
    this.#sorted = undefined;
    this.#history.push(event);
    if (this.#history.length > 2 * HISTORY_EVENTS) this.#cut(this.#history.length - HISTORY_EVENTS);
    for (const listener of this.#listeners) listener(event);
  }

  /** Enters many objects at once, before anybody asks; they have no history. */
  fill(objects: Iterable<StoredObject>, resourceVersion: number): void {
    for (const stored of objects) this.#objects.set(stored.key, stored);
    this.#sorted = undefined;
    this.#oldest = resourceVersion;
  }

  /**
   * What happened after a resourceVersion, in order.
   * @throws ApiStatusError 410 when the past does not reach back that far
   */
  since(resourceVersion: number): readonly StoreEvent[] {
    if (resourceVersion < this.#oldest) {
      const told = `too old resource version: ${resourceVersion} (${this.#oldest})`;
      throw new ApiStatusError('Expired', told);
    }
    const from = this.#history.findIndex((event) => event.resourceVersion > resourceVersion);
    return from === -1 ? [] : this.#history.slice(from);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the past, as the compaction of etcd does: older watches and pages expire. */
  compact(resourceVersion: number): void {
    this.#snapshots.clear();
    this.#cut(this.#history.length);
    this.#oldest = resourceVersion;
  }

  #cut(count: number): void {
    const last = this.#history[count - 1];
    if (last) this.#oldest = last.resourceVersion;
    this.#history = this.#history.slice(count);
  }
}

function byKey(left: StoredObject, right: StoredObject): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}
