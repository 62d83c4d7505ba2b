import { Bitset } from '../base/bitset.ts';
import type { Predicate, PrincipalContext } from '../model/predicate.ts';
import type { Cache } from './cache.ts';
import { answer } from './plan.ts';
import type { PlanRun } from './plan-run.ts';
import { predicateHash, readsPrincipal } from './predicate-text.ts';
import type { Visibility } from './view.ts';

/** Sets kept for the next request; the least recently used one goes first. */
const KEPT_SETS = 256;

interface VisibleSet {
  readonly bits: Bitset;
  readonly principal: PrincipalContext;
  step: number;
}

/** Starts the answering of a permission condition, which sees everything. */
export type StartRun = (principal: PrincipalContext) => PlanRun;

/**
 * The entities that each kind of reader sees, one bitset a decision key, brought up to date when it is used: only what was
 * touched since is asked again. Unknown does not permit.
 */
export class VisibleSets {
  readonly #cache: Cache;
  readonly #start: StartRun;
  readonly #sets = new Map<string, VisibleSet>();
  readonly #nothing = new Bitset();

  constructor(cache: Cache, start: StartRun) {
    this.#cache = cache;
    this.#start = start;
  }

  /** The visible entities now. The set is shared and changes with the next step: do not keep or change it. */
  of(visibility: Visibility): Bitset {
    if (visibility.kind === 'all') return this.#cache.nodes.existing;
    if (visibility.kind === 'none') return this.#nothing;
    const { predicate, principal } = visibility;
    // With the condition itself: a policy that changes it under the same key must not show what the old one showed.
    const key = `${visibility.key} ${predicateHash(predicate)}`;
    const known = this.#sets.get(key);
    const usable = known && (!readsPrincipal(predicate) || isSamePrincipal(known.principal, principal));
    const set = usable ? known : this.#compute(predicate, principal);
    this.#catchUp(set, predicate);
    this.#sets.delete(key);
    this.#sets.set(key, set);
    for (const oldest of this.#sets.keys()) {
      if (this.#sets.size <= KEPT_SETS) break;
      this.#sets.delete(oldest);
    }
    return set.bits;
  }

  #compute(predicate: Predicate, principal: PrincipalContext): VisibleSet {
    const { true: bits } = answer(this.#start(principal), predicate, this.#cache.nodes.existing);
    return { bits, principal, step: this.#cache.touches.step };
  }

  #catchUp(set: VisibleSet, predicate: Predicate): void {
    const { touches, nodes } = this.#cache;
    if (set.step === touches.step) return;
    const touched = touches.since(set.step);
    set.bits.andNot(touched);
    set.bits.or(answer(this.#start(set.principal), predicate, touched.and(nodes.existing)).true);
    set.step = touches.step;
  }
}

/** Equal for permissions: the same ref with the same claims. */
export function isSamePrincipal(left: PrincipalContext, right: PrincipalContext): boolean {
  if (left === right) return true;
  if (left.ref !== right.ref || left.claims.size !== right.claims.size) return false;
  for (const claim of left.claims) if (!right.claims.has(claim)) return false;
  return true;
}
