import type { Holdings } from '../object-query.ts';
import type { Matches } from './matches.ts';
import type { PodOwners } from './pod-owners.ts';

/** What is held of clusters, tied to the catalog. */
export interface MatchedHoldings extends Holdings {
  readonly matches: Matches;
  readonly podOwners: PodOwners;
}
