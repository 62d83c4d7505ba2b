import type { PermissionName } from '../api/route.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Principal } from './principal.ts';

/** A decision on one permission for one principal. `condition` filters entities; unknown does not permit. */
export type Decision =
  | { readonly result: 'allow' }
  | { readonly result: 'deny'; readonly reason: string }
  | {
      readonly result: 'condition';
      /** Identifies the condition: one key never stands for two conditions. */
      readonly key: string;
      readonly condition: Predicate;
      /** True where it says the same for everybody, so that principals with the same key may share a bitset. */
      readonly shared?: boolean | undefined;
    };

/** A live object of a cluster, as much of it as decides. */
export interface LiveObject {
  readonly cluster: string;
  /** Absent for what stands in no namespace. */
  readonly namespace?: string | undefined;
  /** Canonical ref of the entity that it belongs to, where there is one. */
  readonly ownerRef?: string | undefined;
}

/** Decides. The server asks once a request for the route's permission, and for `catalog.entity.read` for the view. */
export interface Policy {
  /** Synchronous and cheap on repeat: the answer is kept by the principal object. */
  decide(principal: Principal, permission: PermissionName): Decision;
  /**
   * Fetches decisions that are made elsewhere, so that `decide` knows them. It never rejects: what cannot be fetched is a
   * denial.
   * @returns undefined where nothing is to be waited for
   */
  prepare?(principal: Principal, permissions: readonly PermissionName[]): Promise<void> | undefined;
  /**
   * Decides on one live object. Conditions of rules are asked of the entity that owns it; where nothing owns it, cluster
   * and namespace alone govern.
   */
  decideLive?(
    principal: Principal,
    permission: PermissionName,
    object: LiveObject,
  ): Exclude<Decision, { readonly result: 'condition' }>;
  /** Tells when other decisions may follow than before, for a reason that is not in the catalog. @returns stops it */
  onChange?(listener: () => void): () => void;
}
