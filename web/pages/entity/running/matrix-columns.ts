import type { Running } from '../../../../src/api/running.ts';

/** Clusters that stand side by side; more are folded where they are well. */
const MOST_COLUMNS = 6;

/** One column of the matrix: a cluster, or the healthy ones of an environment. */
export interface MatrixColumn {
  readonly title: string;
  readonly clusters: readonly string[];
}

/**
 * The columns of the matrix: clusters, the worst first. Where there are many, the healthy ones of each environment are one
 * column: they have the same version more often than not.
 */
export function matrixColumns({ clusters }: Pick<Running, 'clusters'>, showsAll: boolean): readonly MatrixColumn[] {
  const single = ({ cluster }: { readonly cluster: string }): MatrixColumn => ({ title: cluster, clusters: [cluster] });
  if (showsAll || clusters.length <= MOST_COLUMNS) return clusters.map(single);
  const others = clusters.filter(({ status }) => status !== 'Healthy');
  const byEnvironment = Map.groupBy(
    clusters.filter(({ status }) => status === 'Healthy'),
    ({ labels }) => labels['environment'] ?? '',
  );
  const folded = Array.from(byEnvironment, ([environment, healthy]): MatrixColumn => {
    const [first] = healthy;
    if (healthy.length === 1 && first !== undefined) return single(first);
    const title = environment === '' ? `${healthy.length} healthy` : `${environment} · ${healthy.length}`;
    return { title, clusters: healthy.map(({ cluster }) => cluster) };
  });
  return [...others.map(single), ...folded.sort((left, right) => right.clusters.length - left.clusters.length)];
}
