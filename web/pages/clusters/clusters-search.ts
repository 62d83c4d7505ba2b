import { readTexts } from '../../url/search-codec.ts';
import { CLUSTER_QUESTIONS, type ClusterQuestion } from './cluster-condition.ts';

/** The states of clusters, the worst first. */
export const CLUSTER_STATES = ['unreachable', 'denied', 'stale', 'ok'] as const;
export type ClusterState = (typeof CLUSTER_STATES)[number];

/** Columns by which the table can be sorted; without one the worst stand first. */
export const CLUSTER_SORTS = ['name', 'environment', 'region', 'version', 'nodes', 'pods'] as const;
export type ClusterSort = (typeof CLUSTER_SORTS)[number];

/** The view state of the clusters page as its URL holds it. */
export interface ClustersSearch {
  /** Words that must be found in the name, title, labels, version or reason. */
  readonly q?: string | undefined;
  readonly state?: ClusterState | undefined;
  /** List of labels, `key=value`, all of which a cluster must have. */
  readonly label?: string | undefined;
  /** A saved question about all clusters. */
  readonly ask?: ClusterQuestion | undefined;
  readonly twin?: 'table' | undefined;
  /** Column that the table is sorted by; `-` before it turns it round. */
  readonly sort?: string | undefined;
}

/** Takes the known keys where they make sense; others stay in the URL untouched. */
export function readClustersSearch(search: Readonly<Record<string, unknown>>): ClustersSearch {
  const read = readTexts(search, ['q', 'label', 'sort']);
  if (!CLUSTER_QUESTIONS.some((question) => question === read['ask'])) delete read['ask'];
  if (!CLUSTER_STATES.some((state) => state === read['state'])) delete read['state'];
  if (!CLUSTER_SORTS.some((sort) => sort === read['sort'] || `-${sort}` === read['sort'])) delete read['sort'];
  if (read['twin'] !== 'table') delete read['twin'];
  return read;
}
