import { randomUUID } from 'node:crypto';
import { ApiStatusError } from './api-status.ts';
import { Collection, type StoreEvent } from './collection.ts';
import { isSame, type JsonMap, type KubeObject } from './kube-object.ts';
import { apiVersionOf, type Resource, resourceTitle } from './resources.ts';
import { keyOf, PlainObject, type StoredObject } from './stored-object.ts';

/** An object that is to be stored: what the server itself sets may be missing. */
export interface NewObject extends JsonMap {
  readonly metadata: JsonMap & { readonly name: string; readonly namespace?: string };
}

/** What the first object is stored after. */
const FIRST_VERSION = 1_000;

/** The objects of one cluster, under one resourceVersion that grows with every change. */
export class ObjectStore {
  readonly #collections = new Map<string, { readonly resource: Resource; readonly collection: Collection }>();
  readonly #byPlural = new Map<string, Collection>();
  readonly #listeners: ((resource: Resource, event: StoreEvent) => void)[] = [];
  readonly #now: () => Date;
  #resourceVersion = FIRST_VERSION;

  /** @param now the time of the cluster */
  constructor(now: () => Date) {
    this.#now = now;
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  collection(resource: Resource): Collection {
    const key = `${resource.group}/${resource.plural}`;
    const known = this.#collections.get(key);
    if (known) return known.collection;
    const collection = new Collection(this.#resourceVersion);
    this.#collections.set(key, { resource, collection });
    // Custom resources may have the plural of one that every cluster has.
    if (resource.columns === undefined || !this.#byPlural.has(resource.plural))
      this.#byPlural.set(resource.plural, collection);
    return collection;
  }

  /** Undefined where there is none. */
  find(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined {
    return this.collection(resource).get(keyOf(namespace, name));
  }

  /** @throws ApiStatusError 404 */
  get(resource: Resource, namespace: string | undefined, name: string): StoredObject {
    const stored = this.find(resource, namespace, name);
    if (stored) return stored;
    const details = { name, group: resource.group, kind: resource.plural };
    throw new ApiStatusError('NotFound', `${resourceTitle(resource)} "${name}" not found`, details);
  }

  /** @param isDry nothing is stored; the answer is what would be. @throws ApiStatusError 409 when it is there already */
  create(resource: Resource, object: NewObject, isDry = false): StoredObject {
    const { name, namespace } = object.metadata;
    if (this.find(resource, namespace, name)) {
      const details = { name, group: resource.group, kind: resource.plural };
      throw new ApiStatusError('AlreadyExists', `${resourceTitle(resource)} "${name}" already exists`, details);
    }
    const metadata = {
      ...object.metadata,
      uid: randomUUID(),
      creationTimestamp: wholeSeconds(this.#now()),
      ...(hasGeneration(resource) ? { generation: 1 } : {}),
    };
    return this.#put(resource, { ...object, metadata }, undefined, isDry);
  }

  /**
   * Stores another state of an object; an equal one changes nothing.
   * @throws ApiStatusError 409 when `expected` is not its resourceVersion
   */
  update(
    resource: Resource,
    object: KubeObject,
    options: { readonly expected?: string; readonly isDry?: boolean } = {},
  ): StoredObject {
    const { name, namespace } = object.metadata;
    const before = this.get(resource, namespace, name);
    const { expected, isDry = false } = options;
    if (expected !== undefined && expected !== '' && expected !== before.object.metadata.resourceVersion) {
      const told = `Operation cannot be fulfilled on ${resourceTitle(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
      throw new ApiStatusError('Conflict', told, { name, group: resource.group, kind: resource.plural });
    }
    const { uid, creationTimestamp, generation } = before.object.metadata;
    const isSpecChanged = !isSame(object['spec'], before.object['spec']);
    const next = {
      ...object,
      metadata: {
        ...object.metadata,
        uid,
        creationTimestamp,
        resourceVersion: before.object.metadata.resourceVersion,
        ...(generation === undefined ? {} : { generation: isSpecChanged ? generation + 1 : generation }),
      },
    };
    if (isSame(next, before.object)) return before;
    const stored = this.#put(resource, next, before, isDry);
    // A pod is taken off by its node, when its containers have ended.
    const isLeaving = stored.object.metadata.deletionTimestamp !== undefined && resource.kind !== 'Pod';
    if (isLeaving && (stored.object.metadata.finalizers ?? []).length === 0 && !isDry)
      return this.remove(resource, stored);
    return stored;
  }

  /** Takes an object away at once. @returns it as it was last, with the resourceVersion of the deletion */
  remove(resource: Resource, before: StoredObject): StoredObject {
    const resourceVersion = (this.#resourceVersion += 1);
    const metadata = { ...before.object.metadata, resourceVersion: String(resourceVersion) };
    const stored = new PlainObject({ ...before.object, metadata }, resourceVersion);
    this.#tell(resource, { type: 'DELETED', resourceVersion, stored, before });
    return stored;
  }

  /** Tells of every change of any resource, after the resource's own listeners heard of it. */
  listen(listener: (resource: Resource, event: StoreEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** The objects of a resource by its plural alone; undefined where none was ever asked for. */
  named(plural: string): Collection | undefined {
    return this.#byPlural.get(plural);
  }

  /** Forgets the past of all resources. */
  compact(): void {
    for (const { collection } of this.#collections.values()) collection.compact(this.#resourceVersion);
  }

  /** The same objects in another cluster: uids are new, and resourceVersions begin again. Nobody may watch meanwhile. */
  rebuild(): void {
    const uids = new Map<string, string>();
    for (const { list } of this.#all()) for (const { object } of list) uids.set(object.metadata.uid, randomUUID());
    const before = this.#all();
    this.#collections.clear();
    this.#byPlural.clear();
    this.#resourceVersion = FIRST_VERSION;
    for (const { resource, list } of before) {
      for (const { object } of list) {
        const { uid, ownerReferences, ...rest } = object.metadata;
        const owners = ownerReferences?.map((owner) => ({ ...owner, uid: uids.get(owner.uid) ?? owner.uid }));
        const metadata = { ...rest, uid: uids.get(uid) ?? uid, ...(owners && { ownerReferences: owners }) };
        this.#put(resource, { ...object, metadata }, undefined, false);
      }
    }
  }

  #all(): readonly { readonly resource: Resource; readonly list: readonly StoredObject[] }[] {
    return [...this.#collections.values()].map(({ resource, collection }) => ({ resource, list: collection.list() }));
  }

  #put(
    resource: Resource,
    object: JsonMap & { readonly metadata: JsonMap },
    before: StoredObject | undefined,
    isDry: boolean,
  ): StoredObject {
    const resourceVersion = isDry ? (before?.resourceVersion ?? 0) : (this.#resourceVersion += 1);
    const { resourceVersion: _, ...metadata } = object.metadata;
    const { apiVersion: _a, kind: _k, metadata: _m, ...parts } = object;
    // The order of fields is the one that Go writes: kind and apiVersion, metadata, the rest.
    const whole = {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: { ...metadata, ...(isDry && before === undefined ? {} : { resourceVersion: String(resourceVersion) }) },
      ...parts,
    } as unknown as KubeObject;
    const stored = new PlainObject(whole, resourceVersion);
    if (!isDry) this.#tell(resource, { type: before ? 'MODIFIED' : 'ADDED', resourceVersion, stored, before });
    return stored;
  }

  #tell(resource: Resource, event: StoreEvent): void {
    this.collection(resource).apply(event);
    for (const listener of this.#listeners) listener(resource, event);
  }
}

/** Times in the Kubernetes API have whole seconds. */
export function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Objects of these groups count how often their spec changed. */
function hasGeneration({ group, kind, columns }: Resource): boolean {
  if (columns !== undefined) return true;
  return [
    'apps',
    'batch',
    'autoscaling',
    'policy',
    'networking.k8s.io',
    'gateway.networking.k8s.io',
    'apiextensions.k8s.io',
  ].includes(group)
    ? kind !== 'ControllerRevision'
    : kind === 'Pod';
}
