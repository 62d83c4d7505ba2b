import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import type { MarkState } from '../../ui/mark.tsx';
import { questionOf } from './cluster-condition.ts';
import { filterClusters } from './cluster-groups.ts';
import { stateWords } from './cluster-state.tsx';
import { CLUSTER_STATES, type ClustersSearch } from './clusters-search.ts';

/** Questions that stand among the counts, with their shapes. */
const COUNTED = [
  ['degraded', 'degraded', 'with workloads degraded'],
  ['nodes', 'warning', 'with nodes not ready'],
] as const;

/** How many clusters are in each state, and how many have something wrong in them; each count chooses those. */
export function StateCounts({
  search,
  clusters,
  now,
}: {
  readonly search: ClustersSearch;
  readonly clusters: readonly Cluster[];
  /** Ms since 1970. */
  readonly now: number;
}): ReactNode {
  const others = filterClusters(clusters, { q: search.q, label: search.label });
  const counts = Map.groupBy(others, ({ state }) => state);
  return (
    <nav className="cluster-counts" aria-label="State">
      {CLUSTER_STATES.toReversed().map((state) => (
        <Count
          key={state}
          mark={stateWords[state][0]}
          word={stateWords[state][1].toLowerCase()}
          count={counts.get(state)?.length ?? 0}
          isOn={search.state === state}
          choose={(held) => ({ ...held, state: held.state === state ? undefined : state })}
        />
      ))}
      {COUNTED.map(([question, mark, word]) => (
        <Count
          key={question}
          mark={mark}
          word={word}
          count={others.filter(questionOf(question, clusters, now)).length}
          isOn={search.ask === question}
          choose={(held) => ({ ...held, ask: held.ask === question ? undefined : question })}
        />
      ))}
    </nav>
  );
}

function Count({
  mark,
  word,
  count,
  isOn,
  choose,
}: {
  readonly mark: MarkState;
  readonly word: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly choose: (held: ClustersSearch) => ClustersSearch;
}): ReactNode {
  return (
    <ChoiceLink
      from="/clusters"
      to="/clusters"
      search={choose}
      className={count === 0 ? 'cluster-count is-none' : `cluster-count mark-${mark}`}
      isOn={isOn}
      resetScroll={false}
    >
      <span className="cluster-count-number">{count.toLocaleString()}</span>
      <span className="cluster-count-word">
        <span className="mark-shape" aria-hidden="true" /> {word}
      </span>
    </ChoiceLink>
  );
}
