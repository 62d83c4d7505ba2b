import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseList, toggleInList } from '../../url/search-codec.ts';
import { changeSearch, clearSearch, FACETS, type CatalogSearch } from './catalog-search.ts';
import { facetLabel } from './facet-label.ts';

/** The chosen facet values, each with the way to take it off. */
export function FilterChips({ search }: { readonly search: CatalogSearch }): ReactNode {
  const chips = FACETS.flatMap(({ key, title }) =>
    parseList(search[key]).map((value) => ({ key, title, value, label: facetLabel(key, value) })),
  );
  if (chips.length === 0) return null;
  return (
    <ul className="plain chips" aria-label="Chosen filters">
      {chips.map(({ key, title, value, label }) => (
        <li key={`${key} ${value}`}>
          <Link
            to="/catalog"
            className="chip"
            search={(now: CatalogSearch) => changeSearch(now, { [key]: toggleInList(now[key], value) })}
            resetScroll={false}
          >
            <span className="chip-key">{title}</span> {label}
            <span aria-hidden="true" className="chip-cross">
              ×
            </span>
            <span className="visually-hidden">, take off</span>
          </Link>
        </li>
      ))}
      <li>
        <Link to="/catalog" className="chip-clear" search={clearSearch(search)} resetScroll={false}>
          Clear all
        </Link>
      </li>
    </ul>
  );
}
