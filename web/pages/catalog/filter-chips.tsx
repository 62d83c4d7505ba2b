import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatSearchTerm } from '../../../src/model/search-terms.ts';
import { clearSearch, termsOf, withTerms, type CatalogSearch } from './catalog-search.ts';

/** What is asked beside the condition, each part with the way to take it off. */
export function FilterChips({ search }: { readonly search: CatalogSearch }): ReactNode {
  const terms = termsOf(search);
  if (terms.length === 0) return null;
  return (
    <ul className="plain chips" aria-label="Chosen filters">
      {terms.map((term, at) => (
        <li key={formatSearchTerm(term)}>
          <Link
            to="/catalog"
            className="chip"
            search={(now: CatalogSearch) =>
              withTerms(
                now,
                termsOf(now).filter((_, other) => other !== at),
              )
            }
            resetScroll={false}
          >
            <code>{formatSearchTerm(term)}</code>
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
