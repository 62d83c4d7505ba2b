import type { PermissionName } from '../api/route.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Principal } from './principal.ts';

/** A decision on one permission for one principal. `condition` filters entities; unknown does not permit. */
export type Decision =
  | { readonly result: 'allow' }
  | { readonly result: 'deny'; readonly reason: string }
  /** `key` identifies the condition for this principal: equal keys share one visibility bitset. */
  | { readonly result: 'condition'; readonly key: string; readonly condition: Predicate };

/** Decides. The server asks once a request for the route's permission, and for `catalog.entity.read` for the view. */
export interface Policy {
  decide(principal: Principal, permission: PermissionName): Decision;
}
