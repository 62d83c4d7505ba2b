import type { JsonValue } from './json.ts';

/**
 * What a collector observed about an entity. Identity is (entityRef, collector, path): a fact has one source at a time.
 * It appears to queries as `facts.<collector>.<path>`. Freshness is not in the row: it is the lease of (collector, source).
 */
export interface Fact {
  readonly entityRef: string;
  /** The collector's id: one lower-case word, e.g. `completeness`. */
  readonly collector: string;
  /** Dotted path under the collector, e.g. `score` or `image.age`. */
  readonly path: string;
  readonly value: JsonValue;
  /** Set instead of a usable value when the observation failed: the fact then counts as unknown. */
  readonly error?: string | undefined;
  /** Where the collector looked, e.g. a cluster or a repository. */
  readonly source: string;
  /** When the value was first seen as it is, ms since the epoch. */
  readonly observedAt: number;
}

/**
 * The freshness of everything one collector says about one source. Facts under an expired lease are unknown to
 * expressions and shown as stale.
 */
export interface Lease {
  readonly collector: string;
  readonly source: string;
  /** Last successful look, ms since the epoch; 0 = never. */
  readonly lastSuccessAt: number;
  /** From this moment on the facts are stale, ms since the epoch. */
  readonly expiresAt: number;
  /** The last error, where the last look failed. */
  readonly error?: string | undefined;
}
