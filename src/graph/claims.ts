import { forEachId, NO_IDS } from '../base/postings.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import type { Cache } from './cache.ts';

/** Contexts kept for principals without groups of a provider. */
const KEPT_CONTEXTS = 4096;

const NO_GROUPS: readonly string[] = [];

interface Kept {
  context: PrincipalContext;
  /** Step of the cache that the claims were last worked out at. */
  step: number;
}

/**
 * The refs that principals own things through: the principal, the groups it is a member of, and their ancestors. A
 * principal has the same context for as long as its claims are the same, so that answers and decisions can be kept by it.
 */
export class Claims {
  readonly #cache: Cache;
  readonly #kept = new Map<string, Kept>();
  readonly #keptByGroups = new WeakMap<readonly string[], Kept>();

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /**
   * The context of a principal; it and its groups need not be in the catalog.
   *
   * @param principalRef canonical
   * @param groups canonical refs of groups that a sign-in provider says it is in, beside those of the catalog; kept by
   * the identity of the list
   */
  of(principalRef: string, groups: readonly string[] = NO_GROUPS): PrincipalContext {
    const { step } = this.#cache.touches;
    const known = groups.length === 0 ? this.#kept.get(principalRef) : this.#keptByGroups.get(groups);
    const usable = known?.context.ref === principalRef ? known : undefined;
    if (usable?.step === step) return usable.context;
    const claims = this.#claims(principalRef, groups);
    if (usable === undefined) return this.#keep({ context: { ref: principalRef, claims }, step }, groups);
    if (!isSameSet(usable.context.claims, claims)) usable.context = { ref: principalRef, claims };
    usable.step = step;
    return usable.context;
  }

  #keep(kept: Kept, groups: readonly string[]): PrincipalContext {
    if (groups.length > 0) this.#keptByGroups.set(groups, kept);
    else {
      if (this.#kept.size >= KEPT_CONTEXTS) this.#kept.clear();
      this.#kept.set(kept.context.ref, kept);
    }
    return kept.context;
  }

  #claims(principalRef: string, groups: readonly string[]): ReadonlySet<string> {
    const { nodes, relations } = this.#cache;
    const claims = new Set([principalRef, ...groups]);
    const seen = new Set<number>();
    const queue: number[] = [];
    const enter = (node: number): void => {
      if (seen.has(node)) return;
      seen.add(node);
      queue.push(node);
    };
    const follow = (node: number, type: string): void =>
      forEachId(relations.types.get(type)?.targetsOf(node) ?? NO_IDS, enter);
    const start = nodes.idOf(principalRef);
    if (start !== undefined) follow(start, 'memberOf');
    for (const ref of groups) {
      const group = nodes.idOf(ref);
      if (group !== undefined) enter(group);
    }
    for (let group = queue.pop(); group !== undefined; group = queue.pop()) {
      claims.add(nodes.refOf(group));
      follow(group, 'childOf');
    }
    return claims;
  }
}

function isSameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  if (left.size !== right.size) return false;
  for (const item of left) if (!right.has(item)) return false;
  return true;
}
