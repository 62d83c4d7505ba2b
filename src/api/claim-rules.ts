import type { ClaimRule } from './running.ts';

const GUESS = '(a guess: the entity does not say)';

/** By what workloads are said to be of an entity, in words that follow "found by". */
export const claimRuleWords: Readonly<Record<ClaimRule, string>> = {
  'label-selector': 'the annotation backstage.io/kubernetes-label-selector',
  'kubernetes-id': 'the annotation backstage.io/kubernetes-id',
  'argo-app': 'the annotation argocd/app-name',
  'kubernetes-id-name': `the label backstage.io/kubernetes-id, which is its name ${GUESS}`,
  'argo-app-name': `an Argo CD application of its name ${GUESS}`,
  'app-name': `the label app.kubernetes.io/name or instance ${GUESS}`,
  'helm-release': `the name of the Helm release ${GUESS}`,
  namespace: 'its namespace, in which nobody else claims it',
};
