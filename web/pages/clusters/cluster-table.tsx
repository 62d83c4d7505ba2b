import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { Age } from '../../ui/age.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { nextOrder, orderClusters, orderOf } from './cluster-order.ts';
import { AsOf, ClusterMark, whyText } from './cluster-state.tsx';
import type { ClusterSort, ClustersSearch } from './clusters-search.ts';

/** The table twin of the tiles: everything that they say, in words. */
export function ClusterTable({
  search,
  clusters,
}: {
  readonly search: ClustersSearch;
  readonly clusters: readonly Cluster[];
}): ReactNode {
  const list = useRowKeys(clusters.length > 0);
  return (
    <div className="table-frame" ref={list}>
      <table className="table table-stack cluster-table">
        <caption className="visually-hidden">Clusters</caption>
        <thead>
          <tr>
            <SortHeader column="name" title="Cluster" search={search} />
            <th scope="col" aria-sort={search.sort === undefined ? 'descending' : undefined}>
              <Link
                from="/clusters"
                to="/clusters"
                search={(now: ClustersSearch) => ({ ...now, sort: undefined })}
                className="sort"
                title="The worst first"
                resetScroll={false}
              >
                State
                <SortArrow isShown={search.sort === undefined} isDown />
              </Link>
            </th>
            <SortHeader column="environment" title="Environment" search={search} />
            <SortHeader column="region" title="Region" search={search} />
            <SortHeader column="version" title="Version" search={search} />
            <SortHeader column="nodes" title="Nodes" search={search} isNumber />
            <SortHeader column="pods" title="Pods" search={search} isNumber />
            <th scope="col">As of</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {orderClusters(clusters, search.sort).map((cluster) => (
            <ClusterRow key={cluster.name} cluster={cluster} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SortHeader({
  column,
  title,
  search,
  isNumber = false,
}: {
  readonly column: ClusterSort;
  readonly title: string;
  readonly search: ClustersSearch;
  readonly isNumber?: boolean;
}): ReactNode {
  const order = orderOf(search.sort);
  const isOn = order.column === column;
  return (
    <th
      scope="col"
      className={isNumber ? 'col-number' : undefined}
      aria-sort={isOn ? (order.isDown ? 'descending' : 'ascending') : undefined}
    >
      <Link
        from="/clusters"
        to="/clusters"
        search={(now: ClustersSearch) => ({ ...now, sort: nextOrder(now.sort, column) })}
        className="sort"
        resetScroll={false}
      >
        {title}
        <SortArrow isShown={isOn} isDown={order.isDown} />
      </Link>
    </th>
  );
}

function SortArrow({ isShown, isDown }: { readonly isShown: boolean; readonly isDown: boolean }): ReactNode {
  return (
    <span className="sort-arrow" aria-hidden="true">
      {isShown ? (isDown ? '↓' : '↑') : ''}
    </span>
  );
}

function ClusterRow({ cluster }: { readonly cluster: Cluster }): ReactNode {
  const { name, labels, state } = cluster;
  const nothing = <span className="faint">–</span>;
  return (
    <tr>
      <th scope="row">
        <Link to="/clusters/$name" params={{ name }} className="cluster-name" data-row-link={name}>
          {name}
        </Link>
        {cluster.protected && <span className="cluster-protected">protected</span>}
      </th>
      <td>
        <ClusterMark cluster={cluster} />
        {state !== 'ok' && (
          <span className="cluster-since">
            {' '}
            for <Age at={Date.parse(cluster.since)} />
          </span>
        )}
      </td>
      <td data-label="Environment">{labels['environment'] ?? nothing}</td>
      <td data-label="Region">{labels['region'] ?? nothing}</td>
      <td data-label="Version">{cluster.version ?? nothing}</td>
      <td className="col-number" data-label="Nodes">
        {cluster.nodes.ready < cluster.nodes.total
          ? `${cluster.nodes.ready.toLocaleString()} of ${cluster.nodes.total.toLocaleString()}`
          : cluster.nodes.total.toLocaleString()}
      </td>
      <td className="col-number" data-label="Pods">
        {cluster.pods.toLocaleString()}
      </td>
      <td data-label="As of">
        <AsOf of={cluster} />
      </td>
      <td className="cluster-why">{whyText(cluster)}</td>
    </tr>
  );
}
