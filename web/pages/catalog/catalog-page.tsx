import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { changeSearch, clearSearch, isNarrowed, type CatalogSearch } from './catalog-search.ts';
import { EntityTable } from './entity-table.tsx';
import { FacetSidebar } from './facet-sidebar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FilterChips } from './filter-chips.tsx';
import { KindTabs } from './kind-tabs.tsx';
import { useEntityPage, type EntityPageData } from './use-catalog.ts';

/** The catalog as a list: kinds as tabs, facets at the left, everything that is chosen in the URL. */
export function CatalogPage(): ReactNode {
  const search: CatalogSearch = useSearch({ from: '/catalog' });
  const navigate = useNavigate({ from: '/catalog' });
  const change = useCallback(
    (part: CatalogSearch, replace = false) => {
      void navigate({ search: (now: CatalogSearch) => changeSearch(now, part), replace, resetScroll: false });
    },
    [navigate],
  );
  const page = useEntityPage(search);
  useDocumentTitle('Catalog');
  return (
    <div className="catalog">
      <PageHead title="Catalog" sub={<Count page={page.data} isNarrowed={isNarrowed(search)} />} />
      <FilterBar search={search} change={change} failure={page.failure} />
      <KindTabs search={search} />
      <div className="catalog-columns">
        <FacetSidebar search={search} />
        <div className="catalog-list" aria-busy={page.isLoading}>
          <FilterChips search={search} />
          {page.failure && page.failure.status !== 400 && (
            <FailureNotice failure={page.failure} onRetry={() => resources.repeat(page.key)} />
          )}
          {!page.data && page.isLoading && <Skeleton rows={12} label="Loading the catalog" />}
          {page.data && <List page={page.data} isOld={page.isPrevious || page.failure !== undefined} search={search} />}
        </div>
      </div>
    </div>
  );
}

function Count({
  page,
  isNarrowed: narrowed,
}: {
  readonly page: EntityPageData | undefined;
  readonly isNarrowed: boolean;
}): ReactNode {
  if (!page) return <output>&nbsp;</output>;
  const noun = page.total === 1 ? 'entity' : 'entities';
  return (
    <>
      <output>
        {page.total.toLocaleString()} {noun}
        {narrowed && ' match'}
        {narrowed && page.total === 1 && 'es'}
      </output>
      {page.unknown > 0 && (
        <span title="Neither true nor false for these: a value is absent, stale or in error. They are not in the list.">
          {page.unknown.toLocaleString()} could not be decided
        </span>
      )}
    </>
  );
}

function List({
  page,
  isOld,
  search,
}: {
  readonly page: EntityPageData;
  readonly isOld: boolean;
  readonly search: CatalogSearch;
}): ReactNode {
  const navigate = useNavigate({ from: '/catalog' });
  if (page.items.length === 0) {
    return <EmptyList isNarrowed={isNarrowed(search)} clear={() => void navigate({ search: clearSearch(search) })} />;
  }
  return (
    <div className={isOld ? 'is-old' : undefined}>
      <EntityTable entities={page.items} search={search} />
      <Pager
        label="Pages of the catalog"
        shown={page.items.length}
        total={page.total}
        previous={page.previous}
        next={page.next}
        go={(cursor) => void navigate({ search: (now: CatalogSearch) => ({ ...now, cursor }) })}
      />
    </div>
  );
}

function EmptyList({
  isNarrowed: narrowed,
  clear,
}: {
  readonly isNarrowed: boolean;
  readonly clear: () => void;
}): ReactNode {
  if (narrowed) {
    return (
      <Empty
        title="No entity matches"
        actions={
          <button type="button" className="button" onClick={clear}>
            Clear all filters
          </button>
        }
      >
        Take a filter off, or look for another word.
      </Empty>
    );
  }
  return (
    <Empty title="The catalog is empty" command="npm start -- --catalog <file, folder or glob>">
      Point Callboard at descriptor files, usually named <code>catalog-info.yaml</code>. What is wrong with a file is
      told under Problems.
    </Empty>
  );
}
