import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { parseList, toggleInList } from '../../url/search-codec.ts';
import { labelPairs } from './cluster-groups.ts';
import type { ClustersSearch } from './clusters-search.ts';

/** Labels that have so many values that choosing one is no use are left out. */
const MOST_VALUES = 40;

/** The field for text, the choice of a label, and tiles or table. */
export function ClusterBar({
  search,
  clusters,
}: {
  readonly search: ClustersSearch;
  readonly clusters: readonly Cluster[];
}): ReactNode {
  const navigate = useNavigate({ from: '/clusters' });
  const [text, setText] = useTyped(search.q ?? '', (q) => {
    void navigate({
      search: (now: ClustersSearch) => ({ ...now, q: q === '' ? undefined : q }),
      replace: true,
      resetScroll: false,
    });
  });
  return (
    <div className="panel-bar">
      <label className="visually-hidden" htmlFor="clusters-q">
        Search the clusters
      </label>
      <input
        id="clusters-q"
        data-search=""
        type="search"
        className="field"
        placeholder="Name, label, version or reason"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <LabelChoice search={search} clusters={clusters} />
      <nav className="segments" aria-label="Shown as">
        {([undefined, 'table'] as const).map((twin) => (
          <ChoiceLink
            key={twin ?? 'tiles'}
            from="/clusters"
            to="/clusters"
            search={(now: ClustersSearch) => ({ ...now, twin })}
            className="segment"
            isOn={search.twin === twin}
            resetScroll={false}
          >
            {twin === undefined ? 'Tiles' : 'Table'}
          </ChoiceLink>
        ))}
      </nav>
    </div>
  );
}

function LabelChoice({
  search,
  clusters,
}: {
  readonly search: ClustersSearch;
  readonly clusters: readonly Cluster[];
}): ReactNode {
  const navigate = useNavigate({ from: '/clusters' });
  const chosen = parseList(search.label);
  const byKey = Map.groupBy(new Set(clusters.flatMap(labelPairs)), (pair) => pair.slice(0, pair.indexOf('=')));
  const keys = [...byKey]
    .filter(([, pairs]) => pairs.length <= MOST_VALUES)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  if (keys.length === 0) return null;
  return (
    <select
      className="select"
      aria-label="Add a label"
      value=""
      onChange={({ target: { value } }) => {
        void navigate({
          search: (now: ClustersSearch) => ({ ...now, label: toggleInList(now.label, value) }),
          resetScroll: false,
        });
      }}
    >
      <option value="">Label…</option>
      {keys.map(([key, pairs]) => (
        <optgroup key={key} label={key}>
          {pairs
            .filter((pair) => !chosen.includes(pair))
            .toSorted()
            .map((pair) => (
              <option key={pair} value={pair}>
                {pair.slice(key.length + 1)}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

/** The labels that were chosen; each can be taken off. */
export function LabelChips({ search }: { readonly search: ClustersSearch }): ReactNode {
  const labels = parseList(search.label);
  if (labels.length === 0) return null;
  return (
    <ul className="plain chips" aria-label="Chosen labels">
      {labels.map((pair) => (
        <li key={pair}>
          <Link
            from="/clusters"
            to="/clusters"
            className="chip"
            search={(now: ClustersSearch) => ({ ...now, label: toggleInList(now.label, pair) })}
            resetScroll={false}
          >
            {pair}
            <span aria-hidden="true" className="chip-cross">
              ×
            </span>
            <span className="visually-hidden">, take off</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
