import type { Cluster } from './cluster.ts';
import { isLeaving, isReady, withCondition, writeStatus } from './controller-tools.ts';
import { type Json, type JsonMap, type KubeObject, listAt, mapAt, numberAt, plainText, textAt } from './kube-object.ts';

/** Tells how many pods a PodDisruptionBudget may lose now. */
export function reconcileBudget(cluster: Cluster, budget: KubeObject): void {
  const pods = selectedPods(cluster, budget, mapAt(budget, 'spec', 'selector', 'matchLabels'));
  const healthy = pods.filter(isReady).length;
  const { minAvailable, maxUnavailable } = mapAt(budget, 'spec');
  const needed =
    maxUnavailable === undefined
      ? shareOf(minAvailable, pods.length)
      : Math.max(0, pods.length - shareOf(maxUnavailable, pods.length));
  const allowed = Math.max(0, healthy - needed);
  const condition = {
    type: 'DisruptionAllowed',
    status: allowed > 0 ? 'True' : 'False',
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  };
  writeStatus(cluster, 'policy', 'poddisruptionbudgets', budget, {
    observedGeneration: budget.metadata.generation ?? 1,
    currentHealthy: healthy,
    desiredHealthy: needed,
    disruptionsAllowed: allowed,
    expectedPods: pods.length,
    conditions: withCondition(mapAt(budget, 'status'), condition, cluster.now()),
  });
}

/** Tells what a HorizontalPodAutoscaler scales; nothing is measured here, so nothing is scaled. */
export function reconcileScaler(cluster: Cluster, scaler: KubeObject): void {
  const { namespace, generation = 1 } = scaler.metadata;
  const name = textAt(scaler, 'spec', 'scaleTargetRef', 'name');
  const target = cluster.store.find(cluster.resource('apps', 'deployments'), namespace, name)?.object;
  if (target === undefined) return;
  const before = mapAt(scaler, 'status');
  const wanted = numberAt(target, 'spec', 'replicas');
  const isLimited = wanted === numberAt(scaler, 'spec', 'maxReplicas');
  const conditions = [
    {
      type: 'AbleToScale',
      status: 'True',
      reason: 'ReadyForNewScale',
      message: 'recommended size matches current size',
    },
    {
      type: 'ScalingActive',
      status: 'True',
      reason: 'ValidMetricFound',
      message: 'the HPA was able to compute the replica count',
    },
    {
      type: 'ScalingLimited',
      status: isLimited ? 'True' : 'False',
      reason: isLimited ? 'TooManyReplicas' : 'DesiredWithinRange',
      message: isLimited
        ? 'the desired replica count is more than the maximum replica count'
        : 'the desired count is within the acceptable range',
    },
  ];
  const known = (status: JsonMap, condition: JsonMap): JsonMap => ({
    ...status,
    conditions: withCondition(status, condition, cluster.now()),
  });
  writeStatus(cluster, 'autoscaling', 'horizontalpodautoscalers', scaler, {
    ...conditions.reduce(known, before),
    observedGeneration: generation,
    currentReplicas: numberAt(target, 'status', 'replicas'),
    desiredReplicas: wanted,
  });
}

/** Tells how much of a ResourceQuota is used. */
export function reconcileQuota(cluster: Cluster, quota: KubeObject): void {
  const hard = mapAt(quota, 'spec', 'hard');
  const pods = livePods(cluster, quota.metadata.namespace);
  const used = Object.fromEntries(Object.keys(hard).map((name) => [name, usedOf(pods, name)]));
  writeStatus(cluster, '', 'resourcequotas', quota, { hard, used });
}

/** Why one more pod of a template is refused by the quotas of a namespace; undefined where it is not. */
export function quotaRefusal(cluster: Cluster, namespace: string, name: string): string | undefined {
  for (const { object: quota } of cluster.store.collection(cluster.resource('', 'resourcequotas')).list()) {
    const limit = mapAt(quota, 'spec', 'hard')['pods'];
    if (quota.metadata.namespace !== namespace || limit === undefined) continue;
    const used = livePods(cluster, namespace).length;
    if (used < Number(limit)) continue;
    return `pods "${name}" is forbidden: exceeded quota: ${quota.metadata.name}, requested: pods=1, used: pods=${used}, limited: pods=${plainText(limit)}`;
  }
  return undefined;
}

/** Pods that take part of a quota: those that have not ended. */
function livePods(cluster: Cluster, namespace: string | undefined): readonly KubeObject[] {
  return cluster.store
    .collection(cluster.resource('', 'pods'))
    .list()
    .map(({ object }) => object)
    .filter(({ metadata }) => metadata.namespace === namespace)
    .filter((pod) => !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase')));
}

function selectedPods(cluster: Cluster, { metadata }: KubeObject, labels: JsonMap): readonly KubeObject[] {
  const isSelected = (pod: KubeObject): boolean =>
    Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value);
  return livePods(cluster, metadata.namespace).filter((pod) => isSelected(pod) && !isLeaving(pod));
}

/** A number, or a percentage of one, rounded up as Kubernetes does. */
function shareOf(value: Json | undefined, of: number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Math.ceil((Number.parseInt(value, 10) / 100) * of) : 0;
}

/** What pods use of a resource: their number, or what they request. Quantities as Kubernetes writes them. */
function usedOf(pods: readonly KubeObject[], name: string): string {
  if (name === 'pods') return String(pods.length);
  const [way = '', what = ''] = name.split('.');
  const amounts = pods
    .flatMap((pod) => listAt(pod, 'spec', 'containers'))
    .map((container) => textAt(container, 'resources', way, what));
  if (what === 'cpu') return `${amounts.reduce((sum, text) => sum + millisOf(text), 0)}m`;
  return `${amounts.reduce((sum, text) => sum + mebibytesOf(text), 0)}Mi`;
}

function millisOf(text: string): number {
  const amount = Number.parseFloat(text);
  if (Number.isNaN(amount)) return 0;
  return text.endsWith('m') ? amount : amount * 1_000;
}

function mebibytesOf(text: string): number {
  const amount = Number.parseFloat(text);
  if (Number.isNaN(amount)) return 0;
  return text.endsWith('Gi') ? amount * 1_024 : text.endsWith('Ki') ? amount / 1_024 : amount;
}
