import type { PermissionName } from '../api/route.ts';
import type { GraphReader, View, Visibility } from '../graph/view.ts';
import { allowAll } from './allow-all.ts';
import { accessError } from './errors.ts';
import type { Policy } from './policy.ts';
import type { Principal } from './principal.ts';
import { isLoopback } from './request-origin.ts';
import { visibilityOf } from './visibility.ts';

/** Who asks when nobody is signed in. */
export const GUEST: Principal = { kind: 'guest', ref: 'user:default/guest' };

/** The permission that decides what of the catalog a principal sees. */
export const READ_PERMISSION: PermissionName = 'catalog.entity.read';

/** The permission layer of one server: who asks, what that principal may do, what it may see. */
export interface Access {
  /** Who sent the request. Until sign-in exists everybody is the guest. */
  principalOf(request: unknown): Principal;
  /** @throws PERMISSION_DENIED with the reason, the permission's name and whom to ask */
  authorize(principal: Principal, permission: PermissionName): void;
  /** What the principal may see, by the policy and the graph of this moment. */
  visibilityOf(principal: Principal): Visibility;
  /** The graph as the principal may see it. */
  viewOf(principal: Principal): View;
}

/** What the permission layer is made of. */
export interface AccessOptions {
  readonly policy: Policy;
  readonly graph: GraphReader;
  /** Whom to ask for a permission, one sentence. */
  readonly contact: string;
}

/** Makes the permission layer over a policy and a graph. */
export function createAccess({ policy, graph, contact }: AccessOptions): Access {
  const decideVisibility = (principal: Principal): Visibility =>
    visibilityOf(policy.decide(principal, READ_PERMISSION), graph.principalContext(principal.ref));
  return {
    principalOf: () => GUEST,
    authorize(principal, permission) {
      if (permission === 'public') return;
      const decision = policy.decide(principal, permission);
      if (decision.result === 'allow') return;
      // The view carries the condition of reading. A condition on any other permission has nothing that applies it.
      if (decision.result === 'condition' && permission === READ_PERMISSION) return;
      const reason = decision.result === 'deny' ? decision.reason : 'its condition cannot be applied to this route';
      throw accessError('PERMISSION_DENIED', { principal: principal.ref, permission, reason, contact });
    },
    visibilityOf: decideVisibility,
    viewOf: (principal) => graph.view(decideVisibility(principal)),
  };
}

/**
 * Refuses to let everybody in from outside unless the configuration says so.
 * @throws GUESTS_EXPOSED when the built-in policy would answer beyond loopback
 */
export function assertGuestsMeant(options: {
  readonly policy: Policy;
  readonly host: string;
  readonly guests: 'loopback' | 'everywhere';
}): void {
  if (options.policy !== allowAll || options.guests === 'everywhere' || isLoopback(options.host)) return;
  throw accessError('GUESTS_EXPOSED', { host: options.host });
}
