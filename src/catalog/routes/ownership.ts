import type { Predicate } from '../../model/predicate.ts';
import { canonicalRef } from './named-entity.ts';
import { selectionPredicate, type Selection } from './selection.ts';

/** What a request chooses entities by: a selection, and owners of which one must own them. */
export interface OwnedSelection extends Selection {
  readonly owner?: readonly string[] | undefined;
}

/**
 * The condition of a request.
 * @returns `undefined` where nothing was asked
 * @throws ENTITY_REF_INVALID, EXPRESSION_INVALID, FILTER_INVALID, SEARCH_INVALID
 */
export function ownedPredicate({ owner = [], ...selection }: OwnedSelection): Predicate | undefined {
  const owners = canonicalOwners(owner);
  const owned: Predicate | undefined =
    owners.length === 0 ? undefined : { op: 'field', key: 'relations.ownedby', values: owners };
  const chosen = selectionPredicate(selection);
  if (owned === undefined || chosen === undefined) return owned ?? chosen;
  return { op: 'and', args: [owned, chosen] };
}

/** Canonical refs of owners; a ref without a kind means a group. @throws ENTITY_REF_INVALID */
export function canonicalOwners(owner: readonly string[]): readonly string[] {
  return owner.map((ref) => canonicalRef(ref, 'Group'));
}
