import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Running } from '../../../../src/api/running.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import type { EntitySearch } from '../entity-search.ts';

/** Clusters from which on they can be narrowed. */
const MANY = 4;
/** How long after the last letter is searched, ms. */
const TYPED_MS = 250;

/** Narrows the matrix: by the name of clusters, their environment, and what is wrong there. */
export function RunningBar({
  running,
  shown,
  parts,
  search,
}: {
  readonly running: Running;
  /** Clusters that are left. */
  readonly shown: number;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.find ?? '');
  const change = (changed: Partial<EntitySearch>): void =>
    void navigate({
      to: '/catalog/$kind/$namespace/$name',
      params: parts,
      search: { ...search, ...changed },
      replace: true,
      resetScroll: false,
    });
  useEffect(() => {
    if (typed === (search.find ?? '')) return undefined;
    const timer = setTimeout(() => change({ find: typed === '' ? undefined : typed }), TYPED_MS);
    return () => clearTimeout(timer);
    // What is typed is searched, not what the search led to.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  const environments = valuesOf(running.clusters.map(({ labels }) => labels['environment']));
  const states = valuesOf(running.workloads.flatMap(({ cells }) => cells.map(({ status }) => status)));
  const isNarrowed = [search.find, search.environment, search.state].some((value) => value !== undefined);
  if (running.clusters.length < MANY && !isNarrowed) return null;
  return (
    <div className="running-bar">
      <input
        type="search"
        className="field"
        placeholder="Cluster"
        aria-label="Only clusters whose name contains"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Choice
        label="Environment"
        value={search.environment}
        values={environments}
        choose={(environment) => change({ environment })}
      />
      <Choice label="State" value={search.state} values={states} choose={(state) => change({ state })} />
      {isNarrowed && (
        <>
          <span className="pane-aside" aria-live="polite">
            {shown} of {running.clusters.length} clusters
          </span>
          <button
            type="button"
            className="button button-small"
            onClick={() => {
              setTyped('');
              change({ find: undefined, environment: undefined, state: undefined });
            }}
          >
            Clear
          </button>
        </>
      )}
    </div>
  );
}

function Choice({
  label,
  value,
  values,
  choose,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly values: readonly string[];
  readonly choose: (value: string | undefined) => void;
}): ReactNode {
  if (values.length < 2 && value === undefined) return null;
  return (
    <select
      className="select"
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => choose(target.value === '' ? undefined : target.value)}
    >
      <option value="">{label}: all</option>
      {values.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </select>
  );
}

function valuesOf(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].sort();
}
