import type { KubeObject } from '../../kube/reflection.ts';
import {
  autoscalerHealth,
  balancerHealth,
  disruptionBudgetHealth,
  namespaceHealth,
  nodeHealth,
  serviceHealth,
  volumeClaimHealth,
} from './cluster-health.ts';
import { seconds, text, tree } from '../reduce/json-read.ts';
import { customRule } from './custom-rules.ts';
import { genericHealth } from './generic-health.ts';
import { progressing, type Health } from './health.ts';
import type { HealthRule } from './health-rule.ts';
import { podHealth } from './pod-health.ts';
import {
  cronJobHealth,
  daemonSetHealth,
  deploymentHealth,
  jobHealth,
  replicaSetHealth,
  statefulSetHealth,
} from './workload-health.ts';

/** Kinds of Kubernetes itself, by `group/Kind`, whose health follows from more than conditions. */
export const ownHealth = {
  'apps/Deployment': deploymentHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'batch/CronJob': cronJobHealth,
  'batch/Job': jobHealth,
  'networking.k8s.io/Ingress': balancerHealth,
  'policy/PodDisruptionBudget': disruptionBudgetHealth,
  '/Namespace': namespaceHealth,
  '/Node': nodeHealth,
  '/PersistentVolumeClaim': volumeClaimHealth,
  '/Pod': podHealth,
  '/Service': serviceHealth,
} as const satisfies Readonly<Record<string, HealthRule>>;

const healthOf: Readonly<Record<string, HealthRule>> = ownHealth;

/**
 * Says how well an object does.
 *
 * @param group API group, empty for the core
 * @returns absent for what has no health of its own, and for what says nothing that could be read
 */
export function assessHealth(group: string, kind: string, object: KubeObject): Health | undefined {
  const deletion = tree(object.metadata)['deletionTimestamp'];
  // A text as JSON has it, or seconds as messages do.
  if (text(deletion) !== undefined || seconds(deletion) !== undefined) return progressing('Deleting');
  return (healthOf[`${group}/${kind}`] ?? customRule(group, kind) ?? genericHealth)(object);
}
