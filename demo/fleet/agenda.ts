import type { StoreEvent } from './collection.ts';
import { listAt, textAt, type KubeObject } from './kube-object.ts';
import type { ObjectStore } from './object-store.ts';
import type { Resource } from './resources.ts';
import { keyOf } from './stored-object.ts';

/** Kinds that own others, and where they are found. */
const ownerPlurals: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  CronJob: 'cronjobs',
  Job: 'jobs',
};
/** What counts the pods of a namespace. */
const podCounters = ['poddisruptionbudgets', 'resourcequotas'] as const;

/**
 * What the controllers of a cluster have to look at: what changed, whom it belongs to, and what is due by the clock. Looking
 * costs what there is to do, not what there is.
 */
export class Agenda {
  /** By plural: keys, and when they are due, ms since 1970; 0: now. */
  readonly #due = new Map<string, Map<string, number>>();
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
    store.listen((resource, event) => this.#note(resource, event));
  }

  /** What is due of a resource; it is off the agenda then. @param now ms since 1970 */
  take(plural: string, now: number): readonly string[] {
    const due = this.#due.get(plural);
    if (due === undefined || due.size === 0) return [];
    const taken: string[] = [];
    for (const [key, at] of due) if (at <= now) taken.push(key);
    for (const key of taken) due.delete(key);
    return taken;
  }

  /** Puts an object on the agenda. @param at ms since 1970, when it is due; it may come up earlier */
  add(plural: string, key: string, at = 0): void {
    const due = this.#due.get(plural) ?? new Map<string, number>();
    this.#due.set(plural, due);
    due.set(key, Math.min(at, due.get(key) ?? Infinity));
  }

  #note(resource: Resource, { type, stored, before }: StoreEvent): void {
    const { plural } = resource;
    if (type !== 'DELETED') this.add(plural, stored.key);
    for (const { kind, name } of stored.object.metadata.ownerReferences ?? []) {
      const owners = ownerPlurals[kind];
      if (owners !== undefined) this.add(owners, keyOf(stored.object.metadata.namespace, name));
    }
    if (type === 'DELETED' && stored.object.kind in ownerPlurals) this.#addOwned(stored.object);
    if (plural === 'pods') this.#addPodCounters(stored.object, type === 'DELETED' ? undefined : before?.object);
    if (plural === 'deployments') this.#addIn(stored.object.metadata.namespace, 'horizontalpodautoscalers');
    if (plural !== 'nodes') return;
    this.#addAll('daemonsets');
    this.#addAll('pods');
  }

  /** Those that an object owned are orphans now. */
  #addOwned({ metadata }: KubeObject): void {
    for (const plural of ['pods', 'replicasets', 'jobs']) {
      for (const { key } of this.#store.named(plural)?.belonging(metadata.uid) ?? []) this.add(plural, key);
    }
  }

  /** Quotas and budgets count pods: they are looked at where the count may have changed. */
  #addPodCounters(pod: KubeObject, before: KubeObject | undefined): void {
    if (before !== undefined && standing(pod) === standing(before)) return;
    for (const plural of podCounters) this.#addIn(pod.metadata.namespace, plural);
  }

  #addIn(namespace: string | undefined, plural: string): void {
    const start = `${namespace ?? ''}/`;
    for (const { key } of this.#store.named(plural)?.list() ?? []) if (key.startsWith(start)) this.add(plural, key);
  }

  #addAll(plural: string): void {
    for (const { key } of this.#store.named(plural)?.list() ?? []) this.add(plural, key);
  }
}

function standing(pod: KubeObject): string {
  const ready = listAt(pod, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready');
  return `${textAt(pod, 'status', 'phase')} ${textAt(ready, 'status')}`;
}
