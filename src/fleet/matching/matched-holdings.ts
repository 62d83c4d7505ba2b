import { CellJson } from '../cell-json.ts';
import { ColumnWords } from '../column-words.ts';
import type { Layout } from '../columns.ts';
import type { HeldCluster } from '../held-cluster.ts';
import { IdClusters } from '../id-clusters.ts';
import { KnownPlaces } from '../known-places.ts';
import type { Holdings, Turn } from '../object-query.ts';
import { RowSignatures } from '../row-signatures.ts';
import { PairSets } from '../pair-sets.ts';
import { Words } from '../words.ts';
import { Matches } from './matches.ts';
import { PodOwners } from './pod-owners.ts';

/** What is held of clusters, tied to the catalog. */
export interface MatchedHoldings extends Holdings {
  readonly matches: Matches;
  readonly podOwners: PodOwners;
}

/** Makes the indexes of clusters. @param layouts by id of kind */
export function matchedHoldings(
  clusters: ReadonlyMap<string, HeldCluster>,
  layouts: ReadonlyMap<string, Layout>,
): MatchedHoldings {
  const words = new Words();
  const pairs = new PairSets(words);
  const [wordClusters, setClusters] = [new IdClusters(), new IdClusters()];
  words.onForget((id) => wordClusters.forget(id));
  pairs.onForget((id) => setClusters.forget(id));
  const turn: Turn = { number: 0, places: 0 };
  const holdings: Holdings = {
    clusters,
    layouts,
    words,
    pairs,
    rowSignatures: new RowSignatures(words, pairs),
    columnWords: new ColumnWords(words),
    cellJson: new CellJson(words, pairs),
    wordClusters,
    setClusters,
    knownPlaces: new KnownPlaces(turn),
    turn,
  };
  return { ...holdings, matches: new Matches(holdings), podOwners: new PodOwners(words) };
}
