import { liveKinds } from '../live/kind-table.ts';

/** The names that kubectl has for kinds besides their own and their plurals. */
const SHORT: Readonly<Record<string, string>> = {
  cj: 'CronJob',
  cm: 'ConfigMap',
  deploy: 'Deployment',
  ds: 'DaemonSet',
  ev: 'Event',
  hpa: 'HorizontalPodAutoscaler',
  ing: 'Ingress',
  no: 'Node',
  ns: 'Namespace',
  pdb: 'PodDisruptionBudget',
  po: 'Pod',
  pvc: 'PersistentVolumeClaim',
  quota: 'ResourceQuota',
  rs: 'ReplicaSet',
  sts: 'StatefulSet',
  svc: 'Service',
};

/** The id of a kind by any of its names, letter case aside; what is not in the table stays as it is: the server may know it. */
export function kindIdOf(written: string): string {
  const name = written.toLowerCase();
  const short = Object.hasOwn(SHORT, name) ? SHORT[name] : undefined;
  if (short !== undefined) return short;
  const known = liveKinds.find(
    ({ kind, plural, group }) =>
      name === kind.toLowerCase() ||
      name === plural ||
      name === `${plural}.${group}` ||
      name === `${kind.toLowerCase()}.${group}`,
  );
  return known?.id ?? written;
}
