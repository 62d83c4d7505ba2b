import type { Entity } from '../model/entity.ts';
import type { Fact, Lease } from '../model/fact.ts';
import type { LocationState } from '../model/location.ts';
import type { JsonValue } from '../model/json.ts';
import type { Predicate, PrincipalContext, Subject } from '../model/predicate.ts';
import type { Problem } from '../model/problem.ts';
import type { Projection } from '../model/projection.ts';
import type { Edges } from './edges.ts';
import type { FindResult } from './find.ts';

/**
 * What a principal may see, as the permission layer decided it. `key` identifies the decision: equal keys share one
 * bitset. A `filter` shows the entities for which the predicate is true; unknown does not permit.
 */
export type Visibility =
  | { readonly kind: 'all'; readonly key: 'all'; readonly principal: PrincipalContext }
  | { readonly kind: 'none'; readonly key: 'none'; readonly principal: PrincipalContext }
  | {
      readonly kind: 'filter';
      readonly key: string;
      readonly predicate: Predicate;
      readonly principal: PrincipalContext;
    };

/** Order of a list: by the value at a dotted path (case-insensitive), entities without it last, ties by ref. */
export interface SortOrder {
  readonly path: string;
  readonly direction: 'asc' | 'desc';
  /** `text`: numbers are sorted as they are written, `10` before `9`. */
  readonly as?: 'text' | undefined;
}

/** A list question. Without `order` the list is by ref. */
export interface ListRequest {
  readonly where?: Predicate | undefined;
  readonly order?: SortOrder | undefined;
  /** Page size, at least 0. */
  readonly limit: number;
  /** Skips this many first; only without a cursor. */
  readonly offset?: number | undefined;
  /** Opaque, from `next` or `previous` of an earlier page with the same question. @throws CURSOR_INVALID */
  readonly cursor?: string | undefined;
}

/** One page. Counts are of the whole question, visible entities only. */
export interface ListResult {
  readonly revision: number;
  /** Handles of the page's entities, valid until the next await. */
  readonly ids: readonly number[];
  /** Number of entities for which the condition is true. */
  readonly total: number;
  /** Number of entities for which it is unknown; they are not in the list. */
  readonly unknown: number;
  readonly next?: string | undefined;
  readonly previous?: string | undefined;
}

/** Count of entities by value of one path, most frequent first, ties by value. */
export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** What to look for by name, title and what is said of entities. */
export interface SearchRequest {
  /** As it was typed; without letters or digits everything is meant. */
  readonly text: string;
  readonly where?: Predicate | undefined;
  /** Refs whose entities come first among equal matches; default: the principal's claims. */
  readonly mine?: readonly string[] | undefined;
  /** At least 1. */
  readonly limit: number;
}

/** A path at which entities have something. */
export interface PathName {
  /** Dotted, as it is written. */
  readonly path: string;
  /** What stands there, with the first of these where it differs between entities. */
  readonly type: 'list' | 'number' | 'boolean' | 'text' | 'map';
  /** About how many visible entities have it. */
  readonly count: number;
}

/** Where an entity is declared. */
export interface Declaration {
  /** Location ref, `type:target`. */
  readonly location: string;
  /** Id of the source that reads it. */
  readonly source: string;
  /** 1-based line of its first key. */
  readonly line: number;
  /** Version of the source at the last change, e.g. a git commit. */
  readonly commit?: string | undefined;
  /** When its content changed last, ms since the epoch. */
  readonly changedAt: number;
}

/** One typed edge as a list shows it. */
export interface RelationItem {
  readonly type: string;
  readonly targetRef: string;
  /** False when the target is not in the catalog. */
  readonly exists: boolean;
}

/** How a plan answers a predicate, as a tree; counts are entities (visible ones). */
export interface PlanNode {
  /** What the node does, e.g. `and`, `lookup spec.type == "service"`, `scan`. */
  readonly step: string;
  /** `index`: from postings alone; `mixed`: index, then evaluation of what it could not decide; `scan`: evaluation only. */
  readonly access: 'index' | 'mixed' | 'scan';
  readonly true: number;
  readonly unknown: number;
  /** Entities evaluated one by one in this node. */
  readonly evaluated: number;
  readonly children: readonly PlanNode[];
}

/** What happened to one entity as one watcher may see it. */
export interface WatchChange {
  /** `put`: is in the watched set (new or changed); `delete`: no longer is. */
  readonly type: 'put' | 'delete';
  readonly ref: string;
  /** What of it changed. */
  readonly parts: readonly ('entity' | 'relations' | 'facts')[];
}

/** Changes up to and including `revision`, coalesced per entity. No changes: a bookmark. */
export interface WatchBatch {
  readonly revision: number;
  readonly changes: readonly WatchChange[];
  /** True when problems, locations or leases changed too. */
  readonly sources: boolean;
}

/** A watch question. */
export interface WatchRequest {
  readonly where?: Predicate | undefined;
  /** Resume after this revision; default: from now on. @throws REVISION_EXPIRED when history does not reach back */
  readonly after?: number | undefined;
  /** Entities waiting for a slow reader before it is told to re-list (WATCH_OVERFLOW). Default 10,000. */
  readonly maxPending?: number | undefined;
  /** False: entities of which nothing but facts changed are left out. Default true. */
  readonly facts?: boolean | undefined;
  readonly signal: AbortSignal;
}

/**
 * The graph as one principal sees it. Every read of the catalog goes through a View, so nothing is shown, counted or
 * streamed past the permission layer. Methods are synchronous and answer from the watch cache at one revision.
 */
export interface View {
  readonly revision: number;
  readonly visibility: Visibility;
  /** Handle of a visible entity. `ref` must be canonical. */
  find(ref: string): number | undefined;
  findByUid(uid: string): number | undefined;
  refOf(id: number): string;
  /** The rendered entity (with `uid`, `etag`, `relations`, `status`) as UTF-8 JSON bytes; do not change them. */
  bytes(id: number): Uint8Array;
  /** The same of many entities. */
  bodies(ids: readonly number[]): readonly Uint8Array[];
  /** The rendered entities cut down to some fields, as JSON texts. */
  cutBodies(ids: readonly number[], projection: Projection): readonly string[];
  /** The entity as expressions see it. */
  subject(id: number): Subject;
  list(request: ListRequest): ListResult;
  /**
   * Looks for entities by what people type. Handles are valid until the next await after it; the first search collects the
   * texts, in turns, and all others are synchronous but for the promise.
   */
  search(request: SearchRequest): Promise<FindResult>;
  /** Counts by value for each dotted path. `limit` caps the values of each path. */
  facets(paths: readonly string[], where?: Predicate, limit?: number): ReadonlyMap<string, readonly FacetValue[]>;
  /** The same counts over entities that are at hand; hidden ones among them do not count. */
  facetsOf(paths: readonly string[], ids: Iterable<number>, limit: number): ReadonlyMap<string, readonly FacetValue[]>;
  /** Paths of visible entities that go on from a dotted prefix, the most used first. */
  paths(prefix: string, limit: number): readonly PathName[];
  explain(where: Predicate): PlanNode;
  /** Where a visible entity is declared. */
  declaration(id: number): Declaration;
  /**
   * True when something at the place that declares a visible entity cannot be read: the entity may be as it was read before.
   * What it is, only those are told who may see the problem.
   */
  isPlaceBroken(id: number): boolean;
  /** A visible entity as declared, without what the graph adds to it; do not change it. */
  document(id: number): Entity;
  /** Targets of a visible entity's relations that are no entities, sorted. */
  missingTargets(id: number): readonly string[];
  /** Relations of a visible entity; edges to hidden entities are left out. */
  relations(id: number): readonly RelationItem[];
  /** All edges that may show, for walks. */
  edges(): Edges;
  facts(id: number): readonly Fact[];
  /**
   * Leases of stored and of volatile facts; where a pair has both, the stored one. A view that does not see all has those
   * of visible entities' facts.
   */
  leases(): readonly Lease[];
  /** Problems of visible entities, and those of no entity where the view sees all. */
  problems(): readonly Problem[];
  /** Locations; a view that does not see all has those that declare a visible entity. */
  locations(): readonly LocationState[];
  watch(request: WatchRequest): AsyncIterable<WatchBatch>;
}

/** A volatile fact: indexed and shown, but never stored or logged. `value: undefined` takes it away. */
export interface VolatileFact {
  readonly entityRef: string;
  readonly path: string;
  readonly value: JsonValue | undefined;
  /** As of a stored fact: it counts as unknown. */
  readonly error?: string | undefined;
}

/** The watch cache of one server. */
export interface GraphReader {
  readonly revision: number;
  /** Resolves when the cache has applied `revision`. @throws CACHE_BEHIND after `timeoutMs` (default 5000) */
  waitFor(revision: number, options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<void>;
  view(visibility: Visibility): View;
  /**
   * A principal's claims: itself and all groups it is a member of, with their parents, through relations. `groups`:
   * canonical refs of groups that its sign-in provider says it is in; they and their parents count too. The same object
   * for as long as the claims are the same; a list of groups is known by its identity.
   */
  principalContext(principalRef: string, groups?: readonly string[]): PrincipalContext;
  /**
   * Sets the freshness and some values of volatile facts of one collector x source; other values of it stay. A volatile
   * fact hides a stored one at the same path.
   */
  setVolatileFacts(
    collector: string,
    source: string,
    lease: { readonly expiresAt: number },
    facts: readonly VolatileFact[],
  ): void;
}
