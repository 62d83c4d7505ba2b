import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { toggleInList } from '../../url/search-codec.ts';
import { conditionOf } from './cluster-condition.ts';
import type { EnvironmentGroup, RegionGroup } from './cluster-groups.ts';
import { kindsBehind } from './cluster-groups.ts';
import { reasonText, stateWords } from './cluster-state.tsx';
import type { ClustersSearch } from './clusters-search.ts';
import { nearestTile } from './tile-walk.ts';

/** As many clusters or fewer are named on their tiles; of more each is a square that says its name when it is pointed at. */
const MOST_NAMED = 40;

/** All clusters on one screen: a tile each, by environment and region. One tile is in the tab order; arrows walk. */
export function ClusterTiles({ groups }: { readonly groups: readonly EnvironmentGroup[] }): ReactNode {
  const board = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string>();
  const names = groups.flatMap(({ regions }) => regions.flatMap(({ clusters }) => clusters.map(({ name }) => name)));
  const inOrder = current !== undefined && names.includes(current) ? current : names[0];
  const isNamed = names.length <= MOST_NAMED;
  const walk = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const next = board.current && nearestTile(board.current, document.activeElement, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    // The keys move the focus among links, which say what they are.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={board} className={isNamed ? 'cluster-board is-named' : 'cluster-board'} onKeyDown={walk}>
      {groups.map(({ environment, regions, count }) => (
        <section key={environment ?? ''} className="cluster-group" aria-label={environment ?? 'No environment'}>
          <div className="cluster-group-head">
            <h2>
              {environment === undefined ? (
                <span className="faint">No environment</span>
              ) : (
                <LabelLink pair={`environment=${environment}`}>{environment}</LabelLink>
              )}
            </h2>
            <span className="cluster-group-count">{count === 1 ? '1 cluster' : `${count} clusters`}</span>
          </div>
          <div className="cluster-regions">
            {regions.map((region) => (
              <Region
                key={region.region ?? ''}
                group={region}
                inOrder={inOrder}
                isNamed={isNamed}
                onFocus={setCurrent}
              />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

function Region({
  group: { region, clusters },
  inOrder,
  isNamed,
  onFocus,
}: {
  readonly group: RegionGroup;
  readonly inOrder: string | undefined;
  readonly isNamed: boolean;
  readonly onFocus: (name: string) => void;
}): ReactNode {
  return (
    <div className="cluster-region">
      <span className="cluster-region-name">
        {region === undefined ? (
          <span className="faint">–</span>
        ) : (
          <LabelLink pair={`region=${region}`}>{region}</LabelLink>
        )}
      </span>
      <ul className="plain cluster-tiles" aria-label={region}>
        {clusters.map((cluster) => (
          <li key={cluster.name}>
            <Tile cluster={cluster} isInOrder={cluster.name === inOrder} isNamed={isNamed} onFocus={onFocus} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Tile({
  cluster,
  isInOrder,
  isNamed,
  onFocus,
}: {
  readonly cluster: Cluster;
  readonly isInOrder: boolean;
  readonly isNamed: boolean;
  readonly onFocus: (name: string) => void;
}): ReactNode {
  const { name, state } = cluster;
  const condition = conditionOf(cluster);
  const reason = reasonText(cluster);
  const said = `${name}: ${condition === undefined ? stateWords[state][1].toLowerCase() : 'read'}${reason === undefined ? '' : `, ${reason}`}`;
  const isPartial = state === 'ok' && kindsBehind(cluster).length > 0;
  const mark = condition?.mark ?? (isPartial ? 'warning' : stateWords[state][0]);
  return (
    <Link
      to="/clusters/$name"
      params={{ name }}
      className={`cluster-tile ${condition?.tile ?? `cluster-${state}`}${isPartial ? ' is-partial' : ''}`}
      aria-label={said}
      title={condition === undefined ? said : `${said}\n${condition.why}`}
      data-tile=""
      tabIndex={isInOrder ? undefined : -1}
      onFocus={() => onFocus(name)}
    >
      <span className={`mark mark-${mark}`} aria-hidden="true">
        <span className="mark-shape" />
      </span>
      {isNamed && name}
    </Link>
  );
}

/** Chooses a label as a filter, or takes it off. */
function LabelLink({ pair, children }: { readonly pair: string; readonly children: ReactNode }): ReactNode {
  return (
    <Link
      from="/clusters"
      to="/clusters"
      search={(now: ClustersSearch) => ({ ...now, label: toggleInList(now.label, pair) })}
      resetScroll={false}
      title={`Filter by ${pair}`}
    >
      {children}
    </Link>
  );
}
