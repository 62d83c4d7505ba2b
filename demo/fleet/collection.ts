import { ApiStatusError } from './api-status.ts';
import { textAt } from './kube-object.ts';
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

/** Events younger than this are kept for watches that resume, ms; as the API server's watch cache does. */
const HISTORY_MS = 75_000;
/** However old, so many are kept; however young, no more than that. */
const FEWEST_EVENTS = 100;
const MOST_EVENTS = 102_400;

/** All objects of one resource, with the recent past that watches resume from and lists page through. */
export class Collection {
  readonly #objects = new Map<string, StoredObject>();
  /** By the uid of what they belong to: key to object. */
  readonly #belongings = new Map<string, Map<string, StoredObject>>();
  readonly #listeners = new Set<Listener>();
  readonly #snapshots = new Map<number, readonly StoredObject[]>();
  #history: { readonly event: StoreEvent; readonly at: number }[] = [];
  /** Length of the history at which its old end is looked at again. */
  #fullAt = 2 * FEWEST_EVENTS;
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

  /** The objects that a uid owns, and the events about it, by key. What came by `fill` is not known here. */
  belonging(uid: string): readonly StoredObject[] {
    return [...(this.#belongings.get(uid)?.values() ?? [])].sort(byKey);
  }

  /** All objects, kept for the pages that follow until history is cut. */
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
    if (event.before) this.#unlink(event.before);
    if (event.type !== 'DELETED') this.#link(event.stored);
    this.#sorted = undefined;
    this.#history.push({ event, at: performance.now() });
    if (this.#history.length >= this.#fullAt) this.#cutOld();
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
    const from = this.#history.findIndex(({ event }) => event.resourceVersion > resourceVersion);
    return from === -1 ? [] : this.#history.slice(from).map(({ event }) => event);
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

  #link(stored: StoredObject): void {
    for (const uid of belongsTo(stored)) {
      const known = this.#belongings.get(uid);
      if (known) known.set(stored.key, stored);
      else this.#belongings.set(uid, new Map([[stored.key, stored]]));
    }
  }

  #unlink(stored: StoredObject): void {
    for (const uid of belongsTo(stored)) {
      const known = this.#belongings.get(uid);
      known?.delete(stored.key);
      if (known?.size === 0) this.#belongings.delete(uid);
    }
  }

  #cutOld(): void {
    const since = performance.now() - HISTORY_MS;
    const young = this.#history.findIndex(({ at }) => at >= since);
    const least = this.#history.length - MOST_EVENTS;
    this.#cut(Math.max(least, Math.min(young, this.#history.length - FEWEST_EVENTS)));
    this.#fullAt = 2 * this.#history.length;
  }

  #cut(count: number): void {
    const last = this.#history[count - 1];
    if (last) this.#oldest = last.event.resourceVersion;
    this.#history = this.#history.slice(Math.max(0, count));
  }
}

/** Uids of the owners of an object, and of what an event is about. */
function belongsTo(stored: StoredObject): readonly string[] {
  if (stored.face !== undefined) return [];
  const { object } = stored;
  const owners = (object.metadata.ownerReferences ?? []).map(({ uid }) => uid);
  const about = object.kind === 'Event' ? textAt(object, 'involvedObject', 'uid') : '';
  return about === '' ? owners : [...owners, about];
}

function byKey(left: StoredObject, right: StoredObject): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}
