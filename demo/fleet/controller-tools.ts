import { createHash } from 'node:crypto';
import type { Cluster } from './cluster.ts';
import { isSame, type JsonMap, type KubeObject, listAt, mapAt, numberAt, textAt } from './kube-object.ts';
import { wholeSeconds } from './object-store.ts';
import { nameSuffix } from './writes.ts';

/** The objects of a resource that an object controls. */
export function ownedBy(cluster: Cluster, group: string, plural: string, owner: KubeObject): readonly KubeObject[] {
  return cluster.store
    .collection(cluster.resource(group, plural))
    .belonging(owner.metadata.uid)
    .map(({ object }) => object);
}

/** The reference that an owned object has to its controller. */
export function controllerReference(owner: KubeObject): JsonMap {
  const { name, uid } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** Short hash of a pod template, as `pod-template-hash` has it. */
export function templateHash(template: JsonMap): string {
  const text = JSON.stringify({
    ...template,
    metadata: { ...mapAt(template, 'metadata'), creationTimestamp: undefined },
  });
  const digest = createHash('sha256').update(text).digest();
  return nameSuffix(draw(digest)) + nameSuffix(draw(digest.subarray(8)));
}

function draw(bytes: Uint8Array): () => number {
  let at = 0;
  return () => (bytes[at++ % bytes.length] ?? 0) / 256;
}

/** A pod of a controller, from its template. */
export function podFrom(
  owner: KubeObject,
  template: JsonMap,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): JsonMap & { readonly metadata: JsonMap & { readonly name: string } } {
  const metadata = mapAt(template, 'metadata');
  return {
    metadata: {
      ...(metadata['annotations'] === undefined ? {} : { annotations: metadata['annotations'] }),
      name,
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace ?? 'default',
      labels: { ...mapAt(metadata, 'labels'), ...labels },
      ownerReferences: [controllerReference(owner)],
    },
    spec: mapAt(template, 'spec'),
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

/** True when a pod serves. */
export function isReady(pod: KubeObject): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (each) => textAt(each, 'type') === 'Ready' && textAt(each, 'status') === 'True',
  );
}

/** True while a pod is going. */
export function isLeaving(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Conditions with one set; its transition time changes only with its status. */
export function withCondition(status: JsonMap, condition: JsonMap, now: Date): readonly JsonMap[] {
  const known = listAt(status, 'conditions') as readonly JsonMap[];
  const before = known.find((each) => each['type'] === condition['type']);
  const isSame = before !== undefined && before['status'] === condition['status'];
  const time = wholeSeconds(now);
  const isUnchanged = isSame && before['reason'] === condition['reason'] && before['message'] === condition['message'];
  const next = {
    ...condition,
    lastUpdateTime: isUnchanged ? (before['lastUpdateTime'] ?? time) : time,
    lastTransitionTime: isSame ? (before['lastTransitionTime'] ?? time) : time,
  };
  return before === undefined ? [...known, next] : known.map((each) => (each === before ? next : each));
}

/** Writes the status of an object where it changed. */
export function writeStatus(
  cluster: Cluster,
  group: string,
  plural: string,
  object: KubeObject,
  status: JsonMap,
): void {
  if (isSame(object['status'], status)) return;
  cluster.store.update(cluster.resource(group, plural), { ...object, status });
}

/** Tells of something that happened to an object. @param times how often it has happened by now; absent: once more */
export function recordEvent(
  cluster: Cluster,
  about: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  component: string,
  times?: number,
): void {
  const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
  const now = wholeSeconds(cluster.now());
  const events = cluster.store.collection(cluster.resource('', 'events'));
  const known = events
    .belonging(uid)
    .find(({ object }) => object['reason'] === reason && object['message'] === message);
  if (known) {
    const before = numberAt(known.object, 'count');
    const count = times ?? before + 1;
    if (count === before) return;
    cluster.store.update(cluster.resource('', 'events'), { ...known.object, count, lastTimestamp: now });
    return;
  }
  cluster.store.create(cluster.resource('', 'events'), {
    metadata: { name: `${name}.${nameSuffix(Math.random)}${nameSuffix(Math.random)}`, namespace },
    involvedObject: { kind: about.kind, namespace, name, uid, apiVersion: about.apiVersion, resourceVersion },
    reason,
    message,
    source: { component },
    firstTimestamp: now,
    lastTimestamp: now,
    count: times ?? 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: '',
  });
}
