import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatSearchTerm } from '../../../src/model/search-terms.ts';
import { Empty } from '../../ui/notice.tsx';
import { clearSearch, isNarrowed, termsOf, withTerms, type CatalogSearch } from './catalog-search.ts';
import { useTotal } from './use-catalog.ts';

/** Parts of a search that are offered to be taken off. */
const OFFERED = 4;

/**
 * Nothing matches, or there is nothing at all: what to do about it.
 * @param unknown entities for which the condition is neither true nor false
 */
export function EmptyList({
  search,
  unknown,
}: {
  readonly search: CatalogSearch;
  readonly unknown: number;
}): ReactNode {
  if (!isNarrowed(search)) {
    return (
      <Empty title="The catalog is empty" command="npm start -- --catalog <file, folder or glob>">
        Point Callboard at descriptor files, usually named <code>catalog-info.yaml</code>. What is wrong with a file is
        told under Problems.
      </Empty>
    );
  }
  return <NoMatch search={search} unknown={unknown} />;
}

function NoMatch({ search, unknown }: { readonly search: CatalogSearch; readonly unknown: number }): ReactNode {
  const terms = termsOf(search);
  const all = useTotal({});
  return (
    <Empty
      title="No entity matches"
      actions={
        <Link to="/catalog" className="button" search={clearSearch(search)} resetScroll={false}>
          {all === undefined ? 'Clear all filters' : `Clear all filters, see ${all.toLocaleString()}`}
        </Link>
      }
    >
      {unknown > 0 && (
        <p>
          For {unknown.toLocaleString()} it could not be decided: a value that the condition names is absent, stale or
          in error there.
        </p>
      )}
      {terms.length < 2 ? (
        'Take a filter off, or look for another word.'
      ) : (
        <ul className="plain without">
          {terms.slice(0, OFFERED).map((term, at) => (
            <li key={formatSearchTerm(term)}>
              <Without search={search} at={at} />
            </li>
          ))}
        </ul>
      )}
    </Empty>
  );
}

/** What is left without one part of the search. */
function Without({ search, at }: { readonly search: CatalogSearch; readonly at: number }): ReactNode {
  const terms = termsOf(search);
  const term = terms[at];
  const next = withTerms(
    search,
    terms.filter((_, other) => other !== at),
  );
  const total = useTotal(next);
  if (!term) return null;
  return (
    <Link to="/catalog" search={next} resetScroll={false} className="chip">
      without <code>{formatSearchTerm(term)}</code>
      {total !== undefined && <span className="faint">{total.toLocaleString()}</span>}
    </Link>
  );
}
