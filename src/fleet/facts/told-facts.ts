import type { EntityFacts, FoundFact } from './entity-facts.ts';
import type { FactPath } from './fact-schemas.ts';

/** Where an entity ran: names. */
export interface RanAt {
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
}

interface Kept {
  /** Undefined: nowhere. */
  readonly ranAt: RanAt | undefined;
  readonly json: string;
}

/**
 * What was last told of each entity. It is kept as text: facts of thousands of entities are some hundred thousand objects, which a
 * collector of garbage would look at again and again.
 */
export class ToldFacts {
  readonly #entities = new Map<string, Kept>();

  /** What was told of an entity; undefined: nothing. */
  of(ref: string): EntityFacts | undefined {
    const kept = this.#entities.get(ref);
    return kept && new Map(JSON.parse(kept.json) as [FactPath, FoundFact][]);
  }

  /** @param facts nothing: it is as if it had never been told of */
  set(ref: string, facts: EntityFacts): void {
    if (facts.size === 0) {
      this.#entities.delete(ref);
      return;
    }
    const clusters = facts.get('clusters')?.value as readonly string[] | undefined;
    const namespaces = (facts.get('namespaces')?.value ?? []) as readonly string[];
    this.#entities.set(ref, { ranAt: clusters && { clusters, namespaces }, json: JSON.stringify([...facts]) });
  }

  clear(): void {
    this.#entities.clear();
  }

  /** Everybody who was told of, and where each ran. */
  *ranAt(): Generator<readonly [ref: string, ranAt: RanAt | undefined]> {
    for (const [ref, { ranAt }] of this.#entities) yield [ref, ranAt];
  }
}
