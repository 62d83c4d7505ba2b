import type { Cluster } from './cluster.ts';
import { isLeaving } from './controller-tools.ts';
import { reconcileDeployment, reconcileReplicaSet } from './deployments.ts';
import { type KubeObject } from './kube-object.ts';
import { runPods } from './kubelet.ts';
import { reconcileCronJob, reconcileDaemonSet, reconcileJob, reconcileStatefulSet } from './other-workloads.ts';

type Reconcile = (cluster: Cluster, object: KubeObject) => void;

const controllers: readonly (readonly [group: string, plural: string, reconcile: Reconcile])[] = [
  ['apps', 'deployments', reconcileDeployment],
  ['apps', 'replicasets', reconcileReplicaSet],
  ['apps', 'statefulsets', reconcileStatefulSet],
  ['apps', 'daemonsets', reconcileDaemonSet],
  ['batch', 'cronjobs', reconcileCronJob],
  ['batch', 'jobs', reconcileJob],
];
const owned = [
  ['', 'pods'],
  ['apps', 'replicasets'],
  ['batch', 'jobs'],
] as const;
const owners = controllers.map(([group, plural]) => [group, plural] as const);

/** Does once what the controllers and nodes of a cluster do all the time; after a few turns the cluster is as it should be. */
export function turn(cluster: Cluster): void {
  for (const [group, plural, reconcile] of controllers) {
    const resource = cluster.resource(group, plural);
    for (const { key } of cluster.store.collection(resource).list()) {
      // What an earlier one did may have changed it, or taken it away.
      const now = cluster.store.collection(resource).get(key);
      if (now) reconcile(cluster, now.object);
    }
  }
  runPods(cluster);
  collectGarbage(cluster);
  releaseOwners(cluster);
  endNamespaces(cluster);
}

/** Takes away what has lost its owner. */
function collectGarbage(cluster: Cluster): void {
  const alive = new Set<string>();
  for (const [group, plural] of owners) {
    for (const { object } of cluster.store.collection(cluster.resource(group, plural)).list()) {
      if (object.metadata.finalizers?.includes('foregroundDeletion') !== true) alive.add(object.metadata.uid);
    }
  }
  for (const [group, plural] of owned) {
    const resource = cluster.resource(group, plural);
    for (const stored of cluster.store.collection(resource).list()) {
      const references = (stored.object.metadata.ownerReferences ?? []).filter(({ kind }) => kind !== 'Node');
      if (references.length === 0 || references.some(({ uid }) => alive.has(uid))) continue;
      cluster.store.remove(resource, stored);
    }
  }
}

/** What is deleted in the foreground, or leaves its own behind, goes when that is done. */
function releaseOwners(cluster: Cluster): void {
  for (const [group, plural] of owners) {
    const resource = cluster.resource(group, plural);
    for (const { object } of cluster.store.collection(resource).list()) {
      if (!isLeaving(object)) continue;
      if (object.metadata.finalizers?.includes('orphan')) orphan(cluster, object);
      const finalizers = (object.metadata.finalizers ?? []).filter(
        (name) => !['foregroundDeletion', 'orphan'].includes(name),
      );
      cluster.store.update(resource, { ...object, metadata: { ...object.metadata, finalizers } });
    }
  }
}

function orphan(cluster: Cluster, owner: KubeObject): void {
  for (const [group, plural] of owned) {
    const resource = cluster.resource(group, plural);
    for (const { object } of cluster.store.collection(resource).list()) {
      const references = object.metadata.ownerReferences ?? [];
      const left = references.filter(({ uid }) => uid !== owner.metadata.uid);
      if (left.length < references.length)
        cluster.store.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences: left } });
    }
  }
}

/** A namespace that is deleted takes all in it along. */
function endNamespaces(cluster: Cluster): void {
  const resource = cluster.resource('', 'namespaces');
  for (const { object } of cluster.store.collection(resource).list()) {
    if (!isLeaving(object)) continue;
    for (const inner of cluster.known.resources.filter((each) => each.isNamespaced)) {
      const inside = cluster.store
        .collection(inner)
        .list()
        .filter((stored) => stored.object.metadata.namespace === object.metadata.name);
      for (const stored of inside) cluster.store.remove(inner, stored);
    }
    cluster.store.update(resource, { ...object, metadata: { ...object.metadata, finalizers: [] } });
  }
}
