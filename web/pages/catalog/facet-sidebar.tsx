import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { parseList, toggleInList } from '../../url/search-codec.ts';
import { changeSearch, FACETS, type CatalogSearch, type FacetKey } from './catalog-search.ts';
import { facetLabel } from './facet-label.ts';
import { useFacet } from './use-catalog.ts';

const WIDE = '(min-width: 900px)';

/** The facets; on a narrow screen folded away behind one line. */
export function FacetSidebar({ search }: { readonly search: CatalogSearch }): ReactNode {
  const isWide = useIsWide();
  const chosen = FACETS.reduce((sum, { key }) => sum + parseList(search[key]).length, 0);
  const facets = FACETS.map(({ key, title }) => <FacetList key={key} facet={key} title={title} search={search} />);
  if (isWide)
    return (
      <aside className="facets" aria-label="Filters">
        {facets}
      </aside>
    );
  return (
    <details className="facets facets-folded">
      <summary>Filters{chosen > 0 && ` · ${chosen}`}</summary>
      {facets}
    </details>
  );
}

function useIsWide(): boolean {
  const [isWide, setIsWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const onChange = (): void => setIsWide(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return isWide;
}

function FacetList({
  facet,
  title,
  search,
}: {
  readonly facet: FacetKey;
  readonly title: string;
  readonly search: CatalogSearch;
}): ReactNode {
  const navigate = useNavigate({ from: '/catalog' });
  const { data, isPrevious } = useFacet(search, facet);
  const chosen = parseList(search[facet]);
  const counted = data?.values ?? [];
  const missing = chosen.filter((value) => !counted.some((item) => isSame(item.value, value)));
  const values = [...counted, ...missing.map((value) => ({ value, count: undefined }))];
  if (data && values.length === 0) return null;
  const isOpen = search.more === facet;
  const set = (part: CatalogSearch): void => {
    void navigate({ search: (now: CatalogSearch) => changeSearch(now, part), resetScroll: false });
  };
  return (
    <fieldset className="facet">
      <legend>{title}</legend>
      <ul className={isPrevious ? 'plain is-old' : 'plain'}>
        {values.map(({ value, count }) => (
          <li key={value}>
            <label className="facet-value">
              <input
                type="checkbox"
                checked={chosen.some((item) => isSame(item, value))}
                onChange={() => set({ [facet]: toggleInList(search[facet], value) })}
              />
              <span className="facet-name" title={value}>
                {facetLabel(facet, value)}
              </span>
              <span className="facet-count">{count === undefined ? '–' : count.toLocaleString()}</span>
            </label>
          </li>
        ))}
      </ul>
      {(data?.more === true || isOpen) && (
        <button
          type="button"
          className="facet-more"
          aria-expanded={isOpen}
          onClick={() => set({ more: isOpen ? undefined : facet, cursor: search.cursor })}
        >
          {isOpen ? 'Fewer' : 'More'}
          <span className="visually-hidden"> values of {title}</span>
        </button>
      )}
      {isOpen && data?.more === true && <p className="facet-note">The {values.length} most frequent are shown.</p>}
    </fieldset>
  );
}

/** Filters do not look at letter case, so neither does what is ticked. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
