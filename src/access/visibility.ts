import { createHash } from 'node:crypto';
import type { Visibility } from '../graph/view.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import type { Decision } from './policy.ts';

/**
 * Turns the decision on `catalog.entity.read` into what the graph filters by.
 *
 * The key of a filter holds the principal and its claims beside the policy's own key: a condition such as
 * `owns(principal, entity)` reads them, so two principals, or one before and after it joined a group, never share a
 * bitset.
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
      const key = `${decision.key}|${principal.ref}|${claimsDigest(principal)}`;
      return { kind: 'filter', key, predicate: decision.condition, principal };
    }
  }
}

const digests = new WeakMap<PrincipalContext, string>();

function claimsDigest(principal: PrincipalContext): string {
  let digest = digests.get(principal);
  if (digest === undefined) {
    digest = createHash('sha256')
      .update(JSON.stringify([...principal.claims].sort()))
      .digest('base64url');
    digests.set(principal, digest);
  }
  return digest;
}
