import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { Age } from '../../ui/age.tsx';
import { Panel } from '../../ui/panel.tsx';
import { worstFirst } from './cluster-groups.ts';
import { ClusterMark, ShownAsOf, whyText } from './cluster-state.tsx';

/** Clusters that are told of beside the tiles; the rest is counted. */
const MOST = 12;

/** What needs somebody, the worst first, with the reason and since when. */
export function WorstClusters({ clusters }: { readonly clusters: readonly Cluster[] }): ReactNode {
  const worst = worstFirst(clusters);
  return (
    <Panel title="Worst first" aside={worst.length === 0 ? undefined : `${worst.length} of ${clusters.length}`}>
      {worst.length === 0 ? (
        <p className="panel-empty">Every cluster shown is read and watched, as of now.</p>
      ) : (
        <ul className="plain cluster-worst">
          {worst.slice(0, MOST).map((cluster) => (
            <WorstCluster key={cluster.name} cluster={cluster} />
          ))}
        </ul>
      )}
      {worst.length > MOST && (
        <p className="panel-foot">
          {worst.length - MOST} more in the{' '}
          <Link from="/clusters" to="/clusters" search={(now) => ({ ...now, twin: 'table' })} className="accent">
            table
          </Link>
        </p>
      )}
    </Panel>
  );
}

function WorstCluster({ cluster }: { readonly cluster: Cluster }): ReactNode {
  const { name, state, since } = cluster;
  return (
    <li>
      <p className="cluster-worst-head">
        <Link to="/clusters/$name" params={{ name }} className="cluster-name">
          {name}
        </Link>
        <span className="cluster-worst-state">
          <ClusterMark cluster={cluster} /> {state !== 'ok' && <Age at={Date.parse(since)} />}
        </span>
      </p>
      <p className="cluster-worst-why">
        {whyText(cluster)}
        {state !== 'ok' && (
          <span className="cluster-since">
            {' · '}
            <ShownAsOf of={cluster} />
          </span>
        )}
      </p>
    </li>
  );
}
