import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useStarred } from '../../data/starred.ts';
import { graphLink } from '../graph/graph-search.ts';
import type { CatalogSearch } from './catalog-search.ts';
import { exportPath, MOST_CHOSEN } from './export-menu.tsx';
import type { Selection } from './use-selection.ts';

/** What can be done with the chosen rows; it stands below the list while there are any. */
export function SelectionBar({
  selection,
  search,
}: {
  readonly selection: Selection;
  readonly search: CatalogSearch;
}): ReactNode {
  const starred = useStarred();
  const [outcome, setOutcome] = useState('');
  const { refs } = selection;
  const [first] = refs;
  if (first === undefined) return null;
  const unstarred = refs.filter((ref) => !starred.has(ref));
  const copy = (): void => {
    const written = navigator.clipboard?.writeText(refs.join('\n')) ?? Promise.reject(new Error('No clipboard'));
    written.then(
      () => setOutcome(refs.length === 1 ? '1 ref copied' : `${refs.length} refs copied`),
      () => setOutcome('The browser does not allow copying here'),
    );
  };
  const star = async (): Promise<void> => {
    for (const ref of unstarred) {
      const failure = await starred.toggle(ref);
      if (failure) {
        setOutcome(failure.detail ?? failure.title);
        return;
      }
    }
    setOutcome('Starred');
  };
  return (
    <section className="selection-bar" aria-label="Chosen rows">
      <strong>{refs.length.toLocaleString()} chosen</strong>
      <button type="button" className="button button-small" onClick={copy}>
        Copy refs
      </button>
      <button
        type="button"
        className="button button-small"
        disabled={!starred.isKnown || unstarred.length === 0}
        onClick={() => void star()}
      >
        Star
      </button>
      <Link {...graphLink(first)} className="button button-small" title={`Around ${first}`}>
        Graph
      </Link>
      {refs.length <= MOST_CHOSEN ? (
        <a className="button button-small" href={exportPath(search, 'csv', refs)} download="catalog.csv">
          CSV
        </a>
      ) : (
        <span className="faint">An export names at most {MOST_CHOSEN}.</span>
      )}
      <button type="button" className="button button-small" onClick={selection.clear}>
        Clear
      </button>
      <output>{outcome}</output>
    </section>
  );
}
