import { Link, useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { FoundObjects } from '../../../src/api/fleet.ts';
import { Combobox, matching } from '../../form/combobox.tsx';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { formatList, parseList, toggleInList } from '../../url/search-codec.ts';
import { useClusters } from '../clusters/use-clusters.ts';
import { withText, type FleetSearch } from './fleet-search.ts';

const FROM = '/fleet/search';

/** The field for words and filters, and the choice of clusters. */
export function SearchBar({
  search,
  hasClusters,
}: {
  readonly search: FleetSearch;
  /** Whether one may see the list of clusters. */
  readonly hasClusters: boolean;
}): ReactNode {
  const navigate = useNavigate({ from: FROM });
  const put = (text: string, isDone: boolean): void =>
    void navigate({
      search: (now: FleetSearch) => withText(now, text, isDone),
      replace: true,
      resetScroll: false,
    });
  const [text, setText] = useTyped(search.q ?? '', (typed) => put(typed, false));
  return (
    <div className="panel-bar fleet-search-bar">
      <label className="visually-hidden" htmlFor="fleet-q">
        Search all clusters
      </label>
      <input
        id="fleet-q"
        data-search=""
        type="search"
        className="field"
        placeholder="Name, image, namespace, node, label or reason; kind: and cluster: narrow it"
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') put(text, true);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      {hasClusters && <ClusterField search={search} />}
    </div>
  );
}

function ClusterField({ search }: { readonly search: FleetSearch }): ReactNode {
  const navigate = useNavigate({ from: FROM });
  const id = useId();
  const [text, setText] = useState('');
  const chosen = parseList(search.cluster);
  const names = useClusters().data?.items.map(({ name }) => name) ?? [];
  const choices = names.filter((name) => !chosen.includes(name)).map((value) => ({ value }));
  const take = (name: string): void => {
    setText('');
    void navigate({
      search: (now: FleetSearch) => ({ ...now, cluster: formatList([...new Set([...parseList(now.cluster), name])]) }),
      resetScroll: false,
    });
  };
  return (
    <div className="fleet-search-cluster">
      <label className="visually-hidden" htmlFor={id}>
        Only in cluster
      </label>
      <Combobox
        input={{ id, 'aria-describedby': undefined, 'aria-invalid': undefined }}
        text={text}
        type={setText}
        choices={matching(choices, text)}
        choose={take}
        placeholder="Only in cluster"
        onEnter={() => names.includes(text) && take(text)}
      />
    </div>
  );
}

/** What narrows the search, each with the way to take it off. */
export function SearchChips({ search }: { readonly search: FleetSearch }): ReactNode {
  const chips = (['kind', 'cluster'] as const).flatMap((key) =>
    parseList(search[key]).map((value) => ({ key, value })),
  );
  if (chips.length === 0) return null;
  return (
    <ul className="plain chips" aria-label="Chosen filters">
      {chips.map(({ key, value }) => (
        <li key={`${key} ${value}`}>
          <Link
            to={FROM}
            className="chip"
            search={(now: FleetSearch) => ({ ...now, [key]: toggleInList(now[key], value), show: undefined })}
            resetScroll={false}
          >
            <code>
              {key}:{value}
            </code>
            <span aria-hidden="true" className="chip-cross">
              ×
            </span>
            <span className="visually-hidden">, take off</span>
          </Link>
        </li>
      ))}
      <li>
        <Link to={FROM} search={{ q: search.q }} className="chip-clear" resetScroll={false}>
          Clear all
        </Link>
      </li>
    </ul>
  );
}

/** The kinds of what was found, the most first; each chooses that kind, or takes it off. */
export function KindFacet({
  search,
  kinds,
}: {
  readonly search: FleetSearch;
  readonly kinds: FoundObjects['kinds'];
}): ReactNode {
  const chosen = parseList(search.kind);
  const all = Object.entries(kinds).toSorted(([, left], [, right]) => right - left);
  const missing = chosen.filter((kind) => !(kind in kinds)).map((kind) => [kind, 0] as const);
  return (
    <nav className="fleet-kinds" aria-label="Kinds">
      {[...all, ...missing].map(([kind, count]) => (
        <ChoiceLink
          key={kind}
          from={FROM}
          to={FROM}
          search={(now: FleetSearch) => ({ ...now, kind: toggleInList(now.kind, kind), show: undefined })}
          className="fleet-kind"
          isOn={chosen.includes(kind)}
          resetScroll={false}
        >
          <span className="fleet-kind-name">{kind}</span>
          <span className="fleet-kind-count">{count.toLocaleString()}</span>
        </ChoiceLink>
      ))}
    </nav>
  );
}
