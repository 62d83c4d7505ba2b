import type { JsonValue } from '../model/json.ts';

/** A fact of an entity as the fleet found it, at a path below `facts.kubernetes`. */
export interface ToldFact {
  readonly path: string;
  /** Absent: it is no more. */
  readonly value?: JsonValue | undefined;
  /** Why nobody knows whether it still is so. */
  readonly error?: string | undefined;
}

/** What changed of the facts of one entity. */
export interface ToldEntity {
  readonly ref: string;
  /** True: what is not named is not. */
  readonly isFull: boolean;
  readonly facts: readonly ToldFact[];
}

/** What the fleet tells of facts. */
export type FactsTold =
  /** Everything is told anew from here: nothing that was told before is confirmed. */
  | { readonly type: 'begin' }
  /** Told at least every half minute. `isWhole`: every entity was told of since the beginning. */
  | { readonly type: 'facts'; readonly entities: readonly ToldEntity[]; readonly isWhole: boolean };

/** Who works out facts of entities. */
export interface FactTeller {
  /** Tells all facts, and then what changes. One listener at a time. @returns ends it */
  onFacts(listener: (told: FactsTold) => void): () => void;
}
