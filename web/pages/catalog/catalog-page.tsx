import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback } from 'react';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import type { Answer } from '../../data/use-resource.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { FailureNotice, type Failure } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { changeSearch, inOrder, isNarrowed, type CatalogSearch } from './catalog-search.ts';
import { EntityList } from './entity-list.tsx';
import { FacetSidebar } from './facet-sidebar.tsx';
import { FilterBar, isConditionWrong } from './filter-bar.tsx';
import { FilterChips } from './filter-chips.tsx';
import { KindTabs } from './kind-tabs.tsx';
import { ListTools } from './list-tools.tsx';
import { useEntityPage, type EntityPageData } from './use-catalog.ts';
import { usePeek } from './use-peek.ts';
import type { ChangeSearch } from './use-search-draft.ts';

/** Fetched when somebody looks at a row. */
const EntityPeek = lazy(async () => ({ default: (await import('../entity/entity-peek.tsx')).EntityPeek }));

/** The catalog as a list: kinds as tabs, facets at the left, everything that is chosen in the URL. */
export function CatalogPage(): ReactNode {
  const search: CatalogSearch = useSearch({ from: '/catalog' });
  const navigate = useNavigate({ from: '/catalog' });
  const change = useCallback<ChangeSearch>(
    (next, replace = false) =>
      void navigate({ search: (now: CatalogSearch) => inOrder(next(now)), replace, resetScroll: false }),
    [navigate],
  );
  const page = useEntityPage(search);
  const peek = usePeek(search, focusRow);
  useDocumentTitle('Catalog');
  const isWrong = search.where !== undefined && isConditionWrong(page.failure);
  return (
    <div className="catalog">
      <PageHead
        title="Catalog"
        sub={<Count page={isWrong ? undefined : page.data} isNarrowed={isNarrowed(search)} />}
        actions={<ListTools search={search} change={change} />}
      />
      <FilterBar search={search} change={change} failure={page.failure} />
      <KindTabs search={search} />
      <div className={peek.ref === undefined ? 'catalog-columns' : 'catalog-columns has-peek'}>
        <FacetSidebar search={search} />
        <div className="catalog-list" aria-busy={page.isLoading}>
          {search.where !== undefined && <FilterChips search={search} />}
          {page.failure && !isWrong && <ListFailure failure={page.failure} page={page} change={change} />}
          {!page.data && page.isLoading && <Skeleton rows={12} label="Loading the catalog" />}
          <EntityList page={page} search={search} peek={peek} />
          {!page.data && isWrong && <p className="panel-empty">The list comes back when the condition is valid.</p>}
        </div>
        {peek.ref !== undefined && (
          <div className="peek-pane">
            <Suspense fallback={<Skeleton rows={6} label="Loading" />}>
              <EntityPeek entityRef={peek.ref} onClose={peek.close} />
            </Suspense>
          </div>
        )}
      </div>
    </div>
  );
}

function focusRow(ref: string): void {
  const links = document.querySelectorAll<HTMLElement>('[data-row-link]');
  [...links].find((link) => link.dataset['rowLink'] === ref)?.focus({ preventScroll: true });
}

function ListFailure({
  failure,
  page,
  change,
}: {
  readonly failure: Failure;
  readonly page: Answer<EntityPageData>;
  readonly change: ChangeSearch;
}): ReactNode {
  if (failure.code === 'CURSOR_INVALID') {
    return (
      <FailureNotice
        failure={failure}
        retryLabel="Go to the first page"
        onRetry={() => change((now) => changeSearch(now, {}))}
      />
    );
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
