import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { Panel } from '../../ui/panel.tsx';
import { formatList } from '../../url/search-codec.ts';
import { labelPairs } from './cluster-groups.ts';

/** What a cluster is, and where it is known from. */
export function ClusterFacts({ cluster }: { readonly cluster: Cluster }): ReactNode {
  const { title, version, server, origin, nodes, pods, podsPending, podsFailing, objects } = cluster;
  const labels = labelPairs(cluster).toSorted();
  return (
    <Panel title="About">
      <dl className="cluster-facts">
        {title !== undefined && <Fact word="Title">{title}</Fact>}
        <Fact word="Kubernetes">{version ?? <span className="faint">not known yet</span>}</Fact>
        <Fact word="Nodes">
          {nodes.total.toLocaleString()}
          {nodes.ready < nodes.total && `, ${(nodes.total - nodes.ready).toLocaleString()} not ready`}
        </Fact>
        <Fact word="Pods">
          {pods.toLocaleString()}
          {podsPending > 0 && `, ${podsPending.toLocaleString()} pending`}
          {podsFailing > 0 && `, ${podsFailing.toLocaleString()} failing`}
        </Fact>
        <Fact word="Workloads">{workloadsText(cluster)}</Fact>
        <Fact word="Objects">{objects.toLocaleString()}</Fact>
        <Fact word="API server">
          <code>{server}</code>
        </Fact>
        <Fact word="Known from">{origin}</Fact>
        <Fact word="Labels">
          {labels.length === 0 ? <span className="faint">none</span> : <Labels pairs={labels} />}
        </Fact>
      </dl>
    </Panel>
  );
}

/** How many workloads there are, and how those do that are not healthy. */
function workloadsText({ health }: Pick<Cluster, 'health'>): string {
  const total = Object.values(health).reduce((sum, count) => sum + count, 0);
  const others = (['Degraded', 'Progressing', 'Missing', 'Suspended', 'Unknown'] as const)
    .filter((status) => (health[status] ?? 0) > 0)
    .map((status) => `${(health[status] ?? 0).toLocaleString()} ${status.toLowerCase()}`);
  return [total.toLocaleString(), ...others].join(', ');
}

function Fact({ word, children }: { readonly word: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Labels({ pairs }: { readonly pairs: readonly string[] }): ReactNode {
  return (
    <ul className="plain cluster-labels">
      {pairs.map((pair) => (
        <li key={pair}>
          <Link
            to="/clusters"
            search={{ label: formatList([pair]) }}
            className="accent"
            title={`Clusters with ${pair}`}
          >
            {pair}
          </Link>
        </li>
      ))}
    </ul>
  );
}
