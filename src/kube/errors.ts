import { defineErrors } from '../base/errors.ts';

/** Faults of reaching clusters. */
export const failure = defineErrors({
  KUBE_UNREACHABLE: { status: 502, message: 'The cluster {cluster} cannot be read: {reason}' },
  KUBE_CREDENTIAL_FAILED: { status: 502, message: 'There is no credential for the cluster {cluster}: {reason}' },
  KUBE_REFUSED: { status: 502, message: 'The cluster {cluster} refuses {path}: {reason}' },
  KUBE_ANSWER_INVALID: { status: 502, message: 'The cluster {cluster} answers what no API server does: {reason}' },
});
