import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import type { Answer } from '../../data/use-resource.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice, type Failure } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useSteadyItems } from '../../ui/steady-items.ts';
import { changeSearch, clearSearch, isNarrowed, type CatalogSearch } from './catalog-search.ts';
import { EntityTable } from './entity-table.tsx';
import { FacetSidebar } from './facet-sidebar.tsx';
import { FilterBar, isConditionWrong } from './filter-bar.tsx';
import { FilterChips } from './filter-chips.tsx';
import { KindTabs } from './kind-tabs.tsx';
import { useEntityPage, type EntityPageData } from './use-catalog.ts';

const NOTHING: readonly RenderedEntity[] = [];

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
      <PageHead
        title="Catalog"
        sub={<Count page={isConditionWrong(page.failure) ? undefined : page.data} isNarrowed={isNarrowed(search)} />}
      />
      <FilterBar search={search} change={change} failure={page.failure} />
      <KindTabs search={search} />
      <div className="catalog-columns">
        <FacetSidebar search={search} />
        <div className="catalog-list" aria-busy={page.isLoading}>
          <FilterChips search={search} />
          {page.failure && !isConditionWrong(page.failure) && (
            <ListFailure failure={page.failure} page={page} change={change} />
          )}
          {!page.data && page.isLoading && <Skeleton rows={12} label="Loading the catalog" />}
          <List page={page} search={search} />
          {!page.data && isConditionWrong(page.failure) && (
            <p className="panel-empty">The list comes back when the condition is valid.</p>
          )}
        </div>
      </div>
    </div>
  );
}

function ListFailure({
  failure,
  page,
  change,
}: {
  readonly failure: Failure;
  readonly page: Answer<EntityPageData>;
  readonly change: (part: CatalogSearch) => void;
}): ReactNode {
  if (failure.code === 'CURSOR_INVALID') {
    return <FailureNotice failure={failure} retryLabel="Go to the first page" onRetry={() => change({})} />;
  }
  return <FailureNotice failure={failure} onRetry={() => resources.repeat(page.key)} />;
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

function List({ page, search }: { readonly page: Answer<EntityPageData>; readonly search: CatalogSearch }): ReactNode {
  const navigate = useNavigate({ from: '/catalog' });
  const [isPointed, setIsPointed] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const { items, waiting, show } = useSteadyItems(
    `${page.isPrevious} ${page.key}`,
    page.data?.items ?? NOTHING,
    entityRefOf,
    isPointed || isFocused,
  );
  if (!page.data) return null;
  if (items.length === 0) {
    return <EmptyList isNarrowed={isNarrowed(search)} clear={() => void navigate({ search: clearSearch(search) })} />;
  }
  const showWaiting = (): void => {
    // The button goes away; the focus stays at the list, which is not a row.
    frame.current?.focus({ preventScroll: true });
    show();
  };
  const isOld = page.isPrevious || page.failure !== undefined;
  return (
    <div
      ref={frame}
      tabIndex={-1}
      className={isOld ? 'is-old' : undefined}
      onPointerEnter={() => setIsPointed(true)}
      onPointerLeave={() => setIsPointed(false)}
      onFocus={(event) => setIsFocused(event.target !== event.currentTarget)}
      onBlur={(event) => setIsFocused(event.currentTarget.contains(event.relatedTarget))}
    >
      <output className="waiting">
        {waiting > 0 && (
          <button type="button" className="button button-small" onClick={showWaiting}>
            {waiting === 1 ? 'The list changed' : `${waiting} rows changed`} · show
          </button>
        )}
      </output>
      <EntityTable entities={items} search={search} />
      <Pager
        label="Pages of the catalog"
        shown={items.length}
        total={page.data.total}
        previous={page.data.previous}
        next={page.data.next}
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
