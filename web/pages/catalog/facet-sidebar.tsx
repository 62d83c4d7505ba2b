import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { searchFilter } from '../../../src/model/search-filters.ts';
import { parseList } from '../../url/search-codec.ts';
import { FILTER_KEYS, type CatalogSearch } from './catalog-search.ts';
import { choiceOf, choose } from './facet-choice.ts';
import { FacetList, FacetRow, useChooser } from './facet-list.tsx';
import { FACETS, useStateCount } from './use-catalog.ts';

const WIDE = '(min-width: 900px)';

/** The facets; on a narrow screen folded away behind one line. */
export function FacetSidebar({ search }: { readonly search: CatalogSearch }): ReactNode {
  const isWide = useIsWide();
  const chosen = FILTER_KEYS.reduce((sum, key) => sum + parseList(search[key]).length, 0);
  const facets = (
    <>
      <StateFacet search={search} />
      {FACETS.map(({ key, title }) => (
        <FacetList key={key} facet={key} title={title} has={searchFilter(key)?.has} search={search} />
      ))}
    </>
  );
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

/** What stands out: entities with problems, and those that no location leads to any more. */
function StateFacet({ search }: { readonly search: CatalogSearch }): ReactNode {
  const chooser = useChooser();
  const problems = useStateCount(search, 'has');
  const orphans = useStateCount(search, 'is');
  const rows = [
    { key: 'has', value: 'problems', label: 'With problems', count: problems },
    { key: 'is', value: 'orphan', label: 'Orphans', count: orphans },
  ] as const;
  return (
    <fieldset className="facet">
      <legend className="visually-hidden">State</legend>
      <ul className="plain">
        {rows.map(({ key, value, label, count }) => (
          <FacetRow
            key={key}
            label={label}
            count={count}
            choice={choiceOf(search, key, value)}
            choose={(choice) => chooser((now) => choose(now, key, value, choice))}
          />
        ))}
      </ul>
    </fieldset>
  );
}
