import type { Bitset } from '../base/bitset.ts';
import type { Clock } from '../base/clock.ts';
import type { PrincipalContext } from '../model/predicate.ts';
import type { Cache } from './cache.ts';
import { Facets } from './facets.ts';
import { PlanRun, type ScanLimits } from './plan-run.ts';
import type { Visibility } from './view.ts';
import { VisibleSets } from './visible-sets.ts';

/** What it takes to answer questions over the cache. */
export class Queries {
  readonly cache: Cache;
  readonly facets: Facets;
  readonly #clock: Clock;
  readonly #limits: ScanLimits;
  readonly #visibleSets: VisibleSets;

  constructor(cache: Cache, clock: Clock, limits: ScanLimits) {
    this.cache = cache;
    this.facets = new Facets(cache);
    this.#clock = clock;
    this.#limits = limits;
    this.#visibleSets = new VisibleSets(cache, (principal) => this.run(principal));
  }

  /** The entities that a reader sees; shared, do not keep or change. */
  visible(visibility: Visibility): Bitset {
    return this.#visibleSets.of(visibility);
  }

  /** Starts answering one question. @param visible what the asker sees; absent: everything */
  run(principal: PrincipalContext, visible?: Bitset): PlanRun {
    return new PlanRun(this.cache, principal, { visible, clock: this.#clock, limits: this.#limits });
  }
}
