import type { CallboardError } from '../../base/errors.ts';
import { readRefusal } from '../../kube/api-status.ts';
import { failure } from '../../kube/errors.ts';
import { fleetError } from '../errors.ts';
import type { ActingAnswer, ActingRequest } from './acting.ts';

/**
 * What a cluster’s refusal means for the person who asked: IMPERSONATION_DENIED where Callboard’s account may not act for
 * others, CLUSTER_DENIES where the person may not, OBJECT_UNKNOWN, CLUSTER_REFUSES for any other 4xx (admission, conflicts), and
 * KUBE_REFUSED where the cluster fails or refuses Callboard itself.
 *
 * @param object what was asked for, e.g. `Deployment shop/web`
 */
export function clusterRefusal(
  cluster: string,
  { status, body }: Pick<ActingAnswer, 'status' | 'body'>,
  object: string,
  as: ActingRequest['as'],
): CallboardError {
  const { message: reason } = readRefusal(status, Buffer.from(body));
  if (status === 403 && /cannot impersonate/.test(reason)) {
    return fleetError('IMPERSONATION_DENIED', { cluster, reason });
  }
  if (status === 403) return fleetError('CLUSTER_DENIES', { cluster, user: as?.user ?? 'Callboard', reason });
  if (status === 404) return fleetError('OBJECT_UNKNOWN', { cluster, object, reason });
  if (status === 401 || status >= 500) {
    return failure('KUBE_REFUSED', { cluster, status, code: 'ServerError', path: object, reason });
  }
  return fleetError('CLUSTER_REFUSES', { cluster, status, reason });
}
