import { createHash } from 'node:crypto';
import type { Visibility } from '../graph/view.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import type { Decision } from './policy.ts';

/**
 * Turns the decision on `catalog.entity.read` into what the graph filters by.
 *
 * The key of a filter holds the principal and its claims beside the policy's own key, unless the policy says that the
 * condition reads neither: a condition such as `owns(principal, entity)` does, so two principals, or one before and after
 * it joined a group, never share its bitset.
 *
 * @param decision what the policy said
 * @param principal who asks, with its claims at this revision
 */
export function visibilityOf(decision: Decision, principal: PrincipalContext): Visibility {
  switch (decision.result) {
    case 'allow':
      return { kind: 'all', key: 'all', principal };
    case 'deny':
      return { kind: 'none', key: 'none', principal };
    case 'condition': {
      const key = decision.shared === true ? decision.key : `${decision.key}|${principalKey(principal)}`;
      return { kind: 'filter', key, predicate: decision.condition, principal };
    }
  }
}

const keys = new WeakMap<PrincipalContext, string>();

/** A short text for a principal with its claims: equal where both are. */
export function principalKey(principal: PrincipalContext): string {
  let key = keys.get(principal);
  if (key === undefined) {
    const claims = JSON.stringify([...principal.claims].sort());
    key = `${principal.ref}|${createHash('sha256').update(claims).digest('base64url')}`;
    keys.set(principal, key);
  }
  return key;
}
