import type { Fact, Lease } from './fact.ts';
import type { LocationState } from './location.ts';
import type { Problem } from './problem.ts';

/** An entity as the store keeps it. */
export interface StoredEntity {
  /** Canonical ref, the identity. */
  readonly ref: string;
  /** Random UUID, stable while the entity exists. */
  readonly uid: string;
  /** The declared entity (no `relations`, no `status`) as JSON text with `metadata.namespace` and `metadata.uid` set. */
  readonly body: string;
  /** Hash of the declared content, without uid. */
  readonly hash: string;
  /** Location ref that declares it, `type:target`; only this location may change or remove it. */
  readonly location: string;
  /** Id of the source. */
  readonly source: string;
  /** 1-based line of its document in the location. */
  readonly line: number;
  /** Version of the source where it has one, e.g. a git commit. */
  readonly commit?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * One row of the change log. `value: null` means deleted. `key` is the identity within the type:
 * entity ref; `entityRef|collector|path` of a fact; `collector|source` of a lease; id of a problem; ref of a location.
 */
export type Change =
  | { readonly type: 'entity'; readonly key: string; readonly value: StoredEntity | null }
  | { readonly type: 'fact'; readonly key: string; readonly value: Fact | null }
  | { readonly type: 'lease'; readonly key: string; readonly value: Lease | null }
  | { readonly type: 'problem'; readonly key: string; readonly value: Problem | null }
  | { readonly type: 'location'; readonly key: string; readonly value: LocationState | null };

/** The record types that the log carries. */
export type ChangeType = Change['type'];

/** All changes of one transaction: what one revision means. */
export interface Transaction {
  readonly revision: number;
  /** When it was committed, ms since the epoch. */
  readonly at: number;
  readonly changes: readonly Change[];
}

/** Key of a fact in the change log. */
export function factKey(fact: {
  readonly entityRef: string;
  readonly collector: string;
  readonly path: string;
}): string {
  return `${fact.entityRef}|${fact.collector}|${fact.path}`;
}

/** Key of a lease in the change log. */
export function leaseKey(lease: { readonly collector: string; readonly source: string }): string {
  return `${lease.collector}|${lease.source}`;
}
