import { hasId, idsOf, NO_IDS } from '../base/postings.ts';
import type { RelationPair } from '../model/relation-pairs.ts';
import type { Cache } from './cache.ts';
import type { RelationType } from './relation-index.ts';
import type { ShowsTarget } from './subject.ts';

/** From which end an edge is looked at: `out` from its source, `in` from its target. */
export type EdgeSide = 'in' | 'out';

/**
 * The edges that one reader sees, each once and in one direction (`relation-pairs.ts`), between nodes by their numbers. A node is a
 * visible entity, or one that is missing but that a visible entity names. Valid until the next await.
 */
export interface Edges {
  /** All kinds of edges, whether or not there are any. */
  readonly pairs: readonly RelationPair[];
  /** The number of a visible entity, or of a missing one that a visible entity names. `ref` must be canonical. */
  find(ref: string): number | undefined;
  refOf(node: number): string;
  /** False: only named by others. */
  exists(node: number): boolean;
  /** The other ends of a node's edges of a type, ascending by number; do not change the array. */
  ends(node: number, type: string, side: EdgeSide): readonly number[];
}

const NONE: readonly number[] = [];

/** The edges of the cache, as far as a reader sees their ends. */
export class VisibleEdges implements Edges {
  readonly pairs: readonly RelationPair[];
  readonly #cache: Cache;
  readonly #shows: ShowsTarget | undefined;
  readonly #types: ReadonlyMap<string, RelationType>;

  /** @param shows which ends may show; absent: all */
  constructor(cache: Cache, pairs: readonly RelationPair[], shows?: ShowsTarget) {
    this.pairs = pairs;
    this.#cache = cache;
    this.#shows = shows;
    this.#types = cache.relations.types;
  }

  find(ref: string): number | undefined {
    const node = this.#cache.nodes.idOf(ref);
    if (node === undefined || this.#shows?.(node) === false) return undefined;
    return this.exists(node) || this.#isNamed(node) ? node : undefined;
  }

  refOf(node: number): string {
    return this.#cache.nodes.refOf(node);
  }

  exists(node: number): boolean {
    return this.#cache.nodes.existing.has(node);
  }

  ends(node: number, type: string, side: EdgeSide): readonly number[] {
    const relation = this.#types.get(type);
    if (relation === undefined) return NONE;
    const set = side === 'out' ? relation.targetsOf(node) : relation.sourcesOf(node);
    if (set === NO_IDS) return NONE;
    const isOwn = hasId(set, node);
    const shows = this.#shows;
    const ids = idsOf(set);
    if (shows === undefined && !isOwn) return ids;
    return ids.filter((id) => id !== node && (shows === undefined || shows(id)));
  }

  #isNamed(node: number): boolean {
    return this.pairs.some(
      ({ type }) => this.ends(node, type, 'in').length > 0 || this.ends(node, type, 'out').length > 0,
    );
  }
}
