import type { ObjectPlace } from './object-path.ts';

/** Kinds that one acts on. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

const plurals: Readonly<Record<WorkloadKind | 'Pod', string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Pod: 'pods',
};

/** Where a workload or a pod stands. */
export function workloadPlace(
  kind: WorkloadKind | 'Pod',
  namespace: string,
  name: string,
): ObjectPlace & { readonly namespace: string } {
  return { group: kind === 'Pod' ? '' : 'apps', versions: ['v1'], plural: plurals[kind], namespace, name };
}
