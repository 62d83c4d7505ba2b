import { defineErrors } from '../base/errors.ts';

/** Refusals and faults of the fleet. */
export const fleetError = defineErrors({
  CLUSTER_UNKNOWN: { status: 404, message: 'There is no cluster {cluster}, or you may not see it' },
  INCIDENT_UNKNOWN: { status: 404, message: 'There is no incident {id}, or you may not see it' },
  LOG_QUERY_INVALID: { status: 400, message: 'These logs cannot be read: {problem}' },
  LOGS_FULL: {
    status: 503,
    message:
      'No more logs of {cluster} can be read now: {limit} of one cluster are read at once at most. Try again later',
  },
  LOG_SOURCE_UNKNOWN: { status: 404, message: 'No pod of {what} that you may read logs of' },
  LIVE_ENTITY_UNKNOWN: { status: 404, message: 'No entity {ref} that you may see' },
  LIVE_QUERY_INVALID: { status: 400, message: 'The question cannot be answered: {problem}' },
  LIVE_FAULT: { status: 500, message: 'The fleet failed to answer: a fault of Callboard, which is in its log' },
  LIVE_UNAVAILABLE: { status: 503, message: 'The fleet cannot answer now: {reason}' },
  ACTING_UNAVAILABLE: { status: 503, message: 'The cluster cannot be asked for you now: {reason}' },
  ACTING_REQUEST_INVALID: { status: 400, message: 'This is never asked of a cluster: {problem}' },
  ACTING_OFF: {
    status: 409,
    message:
      'Nobody acts on the cluster {cluster} through Callboard: set acting: true for it under fleet.clusters of the ' +
      'configuration (docs/how-to/acting.md)',
  },
  ACTING_DENIED: { status: 403, message: 'You do not have {permission} in {place}: {reason}' },
  ACTING_NOBODY: {
    status: 403,
    message: '{principal} cannot act on clusters: only a person who is signed in can, as that person',
  },
  IMPERSONATION_INVALID: { status: 403, message: 'Nobody acts on a cluster as {ref}, which {problem}' },
  IMPERSONATION_DENIED: {
    status: 502,
    message: 'The account of Callboard may not act for others on {cluster} (deploy/rbac/acting.yaml): {reason}',
  },
  CLUSTER_DENIES: { status: 403, message: 'The cluster {cluster} does not let {user} do it: {reason}' },
  CLUSTER_REFUSES: { status: 422, message: 'The cluster {cluster} refuses: {reason}' },
  ACTION_REFUSED: { status: 409, message: 'This is not done: {problem}' },
  ACTION_UNCONFIRMED: { status: 409, message: 'The cluster {cluster} is protected: confirm by typing its name' },
  ACTION_UNCERTAIN: {
    status: 504,
    message: 'It is not known whether {cluster} did it: look at the object before you try again. {reason}',
  },
  OBJECT_UNKNOWN: { status: 404, message: 'There is no {object} on {cluster}: {reason}' },
  OBJECT_UNREADABLE: { status: 500, message: 'The object cannot be read: {problem}' },
});
