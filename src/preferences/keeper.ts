import type { Principal } from '../access/principal.ts';
import type { GraphReader } from '../graph/view.ts';
import { preferenceError } from './errors.ts';

/**
 * The ref that what a principal keeps stands under.
 * @throws PREFERENCES_NOT_KEPT for guests, who share one name, and for services
 */
export function keeperOf({ kind, ref }: Principal): string {
  if (kind !== 'user') throw preferenceError('PREFERENCES_NOT_KEPT', { principal: ref, kind });
  return ref;
}

/** Canonical refs of the groups that a principal is in, with those above them; sorted. */
export function groupsOf({ ref, groups }: Principal, graph: GraphReader): readonly string[] {
  const { claims } = graph.principalContext(ref, groups);
  return [...claims].filter((claim) => claim.startsWith('group:')).sort();
}
