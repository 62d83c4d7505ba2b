import type { AccessRule, Grant } from './access.ts';
import { builtinResources } from './resources.ts';
import type { ClusterPlan } from './world-clusters.ts';

/** Group of those who may ask the clusters of the demo. */
export const OPERATORS = 'lantern:operators';

const everything: AccessRule = { verbs: ['*'], groups: ['*'], resources: ['*'] };
/** What the sandbox tells nobody, so that there is a cluster that tells some things only. */
const kept: readonly string[] = ['horizontalpodautoscalers', 'poddisruptionbudgets', 'resourcequotas'];

/** As whom a guest of the portal acts: people are known here by their names there, after a prefix. */
const GUEST = 'callboard:user:default/guest';
const looking: AccessRule = {
  verbs: ['get', 'list', 'watch'],
  groups: ['*'],
  resources: [...builtinResources.map(({ plural }) => plural).filter((plural) => plural !== 'secrets'), 'pods/log'],
};
const changing: AccessRule = {
  verbs: ['patch'],
  groups: ['apps'],
  resources: ['deployments', 'statefulsets', 'daemonsets', 'deployments/scale', 'statefulsets/scale'],
};
const deletingPods: AccessRule = { verbs: ['delete'], groups: [''], resources: ['pods'] };
const impersonating: AccessRule = { verbs: ['impersonate'], groups: [''], resources: ['users', 'groups'] };

/** Everybody may look; what is done is tried in development, changed with care in staging, and done by others in production. */
const rulesByEnvironment: Readonly<Record<ClusterPlan['environment'], readonly AccessRule[]>> = {
  dev: [looking, changing, deletingPods],
  staging: [looking, changing],
  prod: [looking],
  tools: [looking],
};

/** Who may do what in a cluster. */
export function grantsOf({ name, environment }: ClusterPlan): readonly Grant[] {
  const told = builtinResources.filter(({ plural }) => !kept.includes(plural));
  const resources = told.flatMap(({ plural, subresources }) => [
    plural,
    ...subresources.map((sub) => `${plural}/${sub}`),
  ]);
  const rule = name === 'sandbox' ? { ...everything, resources } : everything;
  return [
    { to: `group:${OPERATORS}`, rules: [rule, impersonating] },
    { to: GUEST, rules: rulesByEnvironment[environment] },
  ];
}
