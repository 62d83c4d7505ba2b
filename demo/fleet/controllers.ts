import { reconcileBudget, reconcileQuota, reconcileScaler } from './budgets.ts';
import type { Cluster } from './cluster.ts';
import { isLeaving } from './controller-tools.ts';
import { establish } from './custom-resources.ts';
import { reconcileDeployment, reconcileReplicaSet } from './deployments.ts';
import { textAt, type KubeObject } from './kube-object.ts';
import { runPod } from './kubelet.ts';
import { reconcileCronJob, reconcileDaemonSet, reconcileJob, reconcileStatefulSet } from './other-workloads.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import type { StoredObject } from './stored-object.ts';

/** @returns when it is to be looked at again though nothing changed, ms from now; undefined: only then */
type Reconcile = (cluster: Cluster, object: KubeObject) => number | undefined | void;

const controllers: readonly (readonly [group: string, plural: string, reconcile: Reconcile])[] = [
  ['apps', 'deployments', reconcileDeployment],
  ['apps', 'replicasets', reconcileReplicaSet],
  ['apps', 'statefulsets', reconcileStatefulSet],
  ['apps', 'daemonsets', reconcileDaemonSet],
  ['batch', 'cronjobs', lookAtCronJob],
  ['batch', 'jobs', reconcileJob],
];
const counters: readonly (readonly [group: string, plural: string, reconcile: Reconcile])[] = [
  ['policy', 'poddisruptionbudgets', reconcileBudget],
  ['autoscaling', 'horizontalpodautoscalers', reconcileScaler],
  ['', 'resourcequotas', reconcileQuota],
  ['apiextensions.k8s.io', 'customresourcedefinitions', establish],
];
const owned = [
  ['', 'pods'],
  ['apps', 'replicasets'],
  ['batch', 'jobs'],
] as const;
/** CronJobs are due at whole minutes, ms. */
const CRON_MS = 60_000;
/** How long events are kept, ms. */
const EVENT_MS = 3_600_000;

/** Does once what the controllers and nodes of a cluster do all the time; after a few turns the cluster is as it should be. */
export function turn(cluster: Cluster): void {
  for (const [group, plural, reconcile] of controllers) {
    const resource = cluster.resource(group, plural);
    // What an earlier one did may have changed it, or taken it away.
    forEachDue(cluster, resource, (stored) => {
      const { object } = stored;
      if (isOrphan(cluster, object)) cluster.store.remove(resource, stored);
      else if (isLeaving(object)) releaseOwned(cluster, resource, object);
      else return reconcile(cluster, object);
    });
  }
  const pods = cluster.resource('', 'pods');
  forEachDue(cluster, pods, (stored) => {
    if (!isOrphan(cluster, stored.object)) return runPod(cluster, stored);
    cluster.store.remove(pods, stored);
    return undefined;
  });
  for (const [group, plural, reconcile] of counters)
    forEachDue(cluster, cluster.resource(group, plural), ({ object }) => reconcile(cluster, object));
  forEachDue(cluster, cluster.resource('', 'events'), (stored) => forget(cluster, stored));
  forEachDue(cluster, cluster.resource('', 'namespaces'), ({ object }) => endNamespace(cluster, object));
}

function lookAtCronJob(cluster: Cluster, cron: KubeObject): number {
  reconcileCronJob(cluster, cron);
  return CRON_MS - (cluster.now().getTime() % CRON_MS);
}

/** @param look returns when it is to be looked at again, ms from now */
function forEachDue(
  cluster: Cluster,
  resource: Resource,
  look: (stored: StoredObject) => number | undefined | void,
): void {
  const now = cluster.now().getTime();
  const collection = cluster.store.collection(resource);
  for (const key of cluster.agenda.take(resource.plural, now)) {
    const stored = collection.get(key);
    const again = stored && look(stored);
    if (again !== undefined) cluster.agenda.add(resource.plural, key, now + again);
  }
}

/** True for what had owners and has none any more; an owner of a kind that nobody knows counts as one. */
function isOrphan(cluster: Cluster, object: KubeObject): boolean {
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0) return false;
  return !references.some(({ apiVersion, kind, name, uid }) => {
    const owner = cluster.known.resources.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
    if (owner === undefined) return true;
    const namespace = owner.isNamespaced ? object.metadata.namespace : undefined;
    const stored = cluster.store.find(owner, namespace, name);
    return stored?.object.metadata.uid === uid && !isLeavingForeground(stored.object);
  });
}

function isLeavingForeground({ metadata }: KubeObject): boolean {
  return metadata.finalizers?.includes('foregroundDeletion') === true;
}

/** What is deleted in the foreground takes its own along, what leaves them behind lets them go; then it goes itself. */
function releaseOwned(cluster: Cluster, resource: Resource, owner: KubeObject): void {
  const isLeft = owner.metadata.finalizers?.includes('orphan') === true;
  for (const [group, plural] of owned) {
    const inner = cluster.resource(group, plural);
    for (const stored of cluster.store.collection(inner).belonging(owner.metadata.uid)) {
      if (isLeft) letGo(cluster, inner, stored.object, owner.metadata.uid);
      else if (isOrphan(cluster, stored.object)) cluster.store.remove(inner, stored);
    }
  }
  const finalizers = (owner.metadata.finalizers ?? []).filter(
    (name) => !['foregroundDeletion', 'orphan'].includes(name),
  );
  cluster.store.update(resource, { ...owner, metadata: { ...owner.metadata, finalizers } });
}

function letGo(cluster: Cluster, resource: Resource, object: KubeObject, owner: string): void {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner);
  cluster.store.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences } });
}

/** Events are kept for an hour after they were last told. */
function forget(cluster: Cluster, stored: StoredObject): number | undefined {
  const last = textAt(stored.object, 'lastTimestamp') || stored.object.metadata.creationTimestamp;
  const left = new Date(last).getTime() + EVENT_MS - cluster.now().getTime();
  if (left > 0) return left;
  cluster.store.remove(cluster.resource('', 'events'), stored);
  return undefined;
}

/** A namespace that is deleted takes all in it along. */
function endNamespace(cluster: Cluster, namespace: KubeObject): void {
  if (!isLeaving(namespace)) return;
  for (const inner of cluster.known.resources.filter((each) => each.isNamespaced)) {
    const inside = cluster.store
      .collection(inner)
      .list()
      .filter((stored) => stored.object.metadata.namespace === namespace.metadata.name);
    for (const stored of inside) cluster.store.remove(inner, stored);
  }
  const metadata = { ...namespace.metadata, finalizers: [] };
  cluster.store.update(cluster.resource('', 'namespaces'), { ...namespace, metadata });
}
