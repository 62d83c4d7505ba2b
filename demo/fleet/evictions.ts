import { ApiStatusError } from './api-status.ts';
import type { Cluster } from './cluster.ts';
import { isLeaving } from './controller-tools.ts';
import { type Json, type JsonMap, mapAt, numberAt, textAt } from './kube-object.ts';
import { deleteObject, type WriteRequest } from './writes.ts';

/**
 * Evicts a pod: deletes it where no PodDisruptionBudget stands against that.
 * @throws ApiStatusError 404, 409, 429 while a budget allows no disruption
 */
export function evictPod(cluster: Cluster, write: WriteRequest): JsonMap {
  const { object: pod } = cluster.store.get(write.resource, write.namespace, write.name);
  const isOver = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
  const labels = pod.metadata.labels ?? {};
  const budgets = cluster.store.collection(cluster.resource('policy', 'poddisruptionbudgets')).list();
  const budget = budgets.find(({ object }) => {
    const selector = Object.entries(mapAt(object, 'spec', 'selector', 'matchLabels'));
    const isHere = object.metadata.namespace === pod.metadata.namespace;
    return isHere && selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
  });
  if (budget && !isOver && !isLeaving(pod) && numberAt(budget.object, 'status', 'disruptionsAllowed') <= 0) {
    const { name } = budget.object.metadata;
    const message = `The disruption budget ${name} needs its pods, and allows no disruption now`;
    throw new ApiStatusError('TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [{ reason: 'DisruptionBudget', message }],
    });
  }
  const options: Json = mapAt(write.body, 'deleteOptions');
  deleteObject({ ...write, subresource: '', body: options });
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}
