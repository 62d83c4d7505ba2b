import { forEachId, NO_IDS } from '../base/postings.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import type { Cache } from './cache.ts';

/** Contexts kept; each holds the claims of one principal at one step. */
const KEPT_CONTEXTS = 1024;

/**
 * The refs that principals own things through: the principal, the groups it is a member of, and their ancestors. The
 * same principal has the same context until the cache changes, so that answers can be shared.
 */
export class Claims {
  readonly #cache: Cache;
  readonly #kept = new Map<string, PrincipalContext>();
  #step = -1;

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** The context of a principal by its canonical ref; the principal and its groups need not be in the catalog. */
  of(principalRef: string): PrincipalContext {
    const { step } = this.#cache.touches;
    if (this.#step !== step || this.#kept.size >= KEPT_CONTEXTS) this.#kept.clear();
    this.#step = step;
    let context = this.#kept.get(principalRef);
    if (context === undefined) {
      context = { ref: principalRef, claims: this.#claims(principalRef) };
      this.#kept.set(principalRef, context);
    }
    return context;
  }

  #claims(principalRef: string): ReadonlySet<string> {
    const { nodes, relations } = this.#cache;
    const claims = new Set([principalRef]);
    const start = nodes.idOf(principalRef);
    if (start === undefined) return claims;
    const seen = new Set<number>();
    const queue: number[] = [];
    const follow = (node: number, type: string): void => {
      forEachId(relations.types.get(type)?.targetsOf(node) ?? NO_IDS, (target) => {
        if (seen.has(target)) return;
        seen.add(target);
        queue.push(target);
      });
    };
    follow(start, 'memberOf');
    for (let group = queue.pop(); group !== undefined; group = queue.pop()) {
      claims.add(nodes.refOf(group));
      follow(group, 'childOf');
    }
    return claims;
  }
}
