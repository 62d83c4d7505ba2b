import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { resources } from '../../data/session.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Mark } from '../../ui/mark.tsx';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { useShortcut } from '../../ui/shortcuts.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { questionOf, type ShownCluster } from './cluster-condition.ts';
import { StateCounts } from './cluster-counts.tsx';
import { ClusterBar, LabelChips } from './cluster-filters.tsx';
import { ClusterQuestions } from './cluster-questions.tsx';
import { filterClusters, groupClusters } from './cluster-groups.ts';
import { useNow } from './cluster-now.ts';
import { ClusterTable } from './cluster-table.tsx';
import { ClusterTiles } from './cluster-tiles.tsx';
import type { ClustersSearch } from './clusters-search.ts';
import { FleetTabs } from './fleet-tabs.tsx';
import { useCriticals } from './use-cluster-findings.ts';
import { useClusterProblems, useClusters } from './use-clusters.ts';
import { WorstClusters } from './worst-clusters.tsx';

/** All clusters on one screen, with what of them cannot be shown as of now. */
export function ClustersPage(): ReactNode {
  const search: ClustersSearch = useSearch({ from: '/clusters' });
  const clusters = useClusters();
  useDocumentTitle('Clusters');
  const criticals = useCriticals();
  const items = clusters.data?.items.map((cluster): ShownCluster => ({
    ...cluster,
    critical: criticals.get(cluster.name),
  }));
  return (
    <>
      <FleetTabs />
      <PageHead title="Clusters" sub={<Summary clusters={items} />} />
      {clusters.failure && <FailureNotice failure={clusters.failure} onRetry={() => resources.repeat(clusters.key)} />}
      <LeftOut />
      {!items && clusters.isLoading && <Skeleton rows={8} label="Loading the clusters" />}
      {items?.length === 0 && <NoClusters />}
      {items && items.length > 0 && (
        <div className={clusters.failure ? 'is-old' : undefined} aria-busy={clusters.isLoading}>
          <Fleet search={search} clusters={items} />
        </div>
      )}
    </>
  );
}

/** Clusters that are missing here since they are declared wrongly: a page without them would look whole. */
function LeftOut(): ReactNode {
  const problems = useClusterProblems().data?.items ?? [];
  if (problems.length === 0) return null;
  return (
    <section className="cluster-problems" aria-label="Clusters that are left out">
      <Mark state="degraded">{counted(problems.length, 'declaration')} of clusters cannot be read</Mark>
      <ul>
        {problems.map(({ origin, message }) => (
          <li key={`${origin} ${message}`}>
            <code>{origin}</code> {message}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Summary({ clusters }: { readonly clusters: readonly Cluster[] | undefined }): ReactNode {
  if (!clusters) return <span>&nbsp;</span>;
  const nodes = clusters.reduce((total, cluster) => total + cluster.nodes.total, 0);
  const pods = clusters.reduce((total, cluster) => total + cluster.pods, 0);
  const reachable = clusters.filter(({ state }) => state !== 'unreachable').length;
  const parts = [
    counted(clusters.length, 'cluster'),
    ...(clusters.length === 0
      ? []
      : [`${reachable.toLocaleString()} reachable`, counted(nodes, 'node'), counted(pods, 'pod')]),
  ];
  return (
    <output className="cluster-summary">
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </output>
  );
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString()} ${count === 1 ? word : `${word}s`}`;
}

function Fleet({
  search,
  clusters,
}: {
  readonly search: ClustersSearch;
  readonly clusters: readonly Cluster[];
}): ReactNode {
  const navigate = useNavigate({ from: '/clusters' });
  const now = useNow();
  useShortcut('twin.toggle', () => {
    void navigate({
      search: (held: ClustersSearch) => ({ ...held, twin: held.twin === 'table' ? undefined : 'table' }),
      resetScroll: false,
    });
  });
  const asked = search.ask === undefined ? clusters : clusters.filter(questionOf(search.ask, clusters, now));
  const shown = filterClusters(asked, search);
  const groups = groupClusters(shown);
  return (
    <>
      <StateCounts search={search} clusters={clusters} now={now} />
      <div className="cluster-bars">
        <ClusterBar search={search} clusters={clusters} />
        <ClusterQuestions search={search} clusters={clusters} now={now} />
      </div>
      <LabelChips search={search} />
      {shown.length === 0 && <NoneOfChoice />}
      {shown.length > 0 && search.twin === 'table' && <ClusterTable search={search} clusters={shown} />}
      {shown.length > 0 && search.twin === undefined && (
        <div className="cluster-columns">
          <ClusterTiles groups={groups} />
          <WorstClusters clusters={shown} />
        </div>
      )}
    </>
  );
}

function NoneOfChoice(): ReactNode {
  return (
    <Empty
      title="No cluster of this choice"
      actions={
        <Link to="/clusters" className="button">
          See all clusters
        </Link>
      }
    >
      Others may be there.
    </Empty>
  );
}

function NoClusters(): ReactNode {
  return (
    <Empty title="No cluster is connected" command="npm start -- --kubeconfig ~/.kube/config">
      Every context of a kubeconfig is a cluster. The setting <code>fleet</code> in <code>callboard.yaml</code> takes
      more: several files, the cluster that Callboard runs in, clusters of the catalog, labels. See{' '}
      <code>docs/how-to/clusters.md</code>.
    </Empty>
  );
}
