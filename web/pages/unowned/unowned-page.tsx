import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useBreadcrumbs } from '../../app/breadcrumbs.tsx';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { PageHead } from '../../ui/panel.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { FleetTabs } from '../clusters/fleet-tabs.tsx';
import { MissingList } from './missing-list.tsx';
import { UnclaimedList } from './unclaimed-list.tsx';
import { changeFilter, type UnownedSearch } from './unowned-search.ts';
import { useMissing, useUnclaimed } from './use-unowned.ts';

/** What runs and is in no catalog, and what is in the catalog and does not run. */
export function UnownedPage(): ReactNode {
  const search: UnownedSearch = useSearch({ from: '/fleet/unowned' });
  const isMissing = search.view === 'missing';
  useDocumentTitle(isMissing ? 'Missing' : 'Unclaimed');
  useBreadcrumbs([{ label: 'Clusters', to: '/clusters' }, { label: 'Unclaimed' }]);
  return (
    <>
      <FleetTabs />
      <PageHead
        title={isMissing ? 'Missing' : 'Unclaimed'}
        sub={
          isMissing
            ? 'In the catalog, and found in no cluster.'
            : 'Runs in clusters, and no entity of the catalog claims it.'
        }
      />
      <Views search={search} />
      <SearchField search={search} />
      {isMissing ? <MissingList search={search} /> : <UnclaimedList search={search} />}
    </>
  );
}

function Views({ search }: { readonly search: UnownedSearch }): ReactNode {
  const unclaimed = useUnclaimed({ q: search.q });
  const missing = useMissing({ q: search.q }, 1);
  const views = [
    { view: undefined, label: 'Unclaimed', count: unclaimed.data?.total },
    { view: 'missing', label: 'Missing', count: missing.data?.total },
  ] as const;
  return (
    <nav className="tabs" aria-label="Which way round">
      {views.map(({ view, label, count }) => (
        <ChoiceLink
          key={label}
          from="/fleet/unowned"
          to="/fleet/unowned"
          search={(now: UnownedSearch) =>
            changeFilter(now, { view, namespace: undefined, cluster: undefined, state: undefined })
          }
          className="tab"
          isOn={search.view === view}
          resetScroll={false}
        >
          {label} <span className="tab-count">{count?.toLocaleString()}</span>
        </ChoiceLink>
      ))}
    </nav>
  );
}

function SearchField({ search }: { readonly search: UnownedSearch }): ReactNode {
  const navigate = useNavigate({ from: '/fleet/unowned' });
  const [text, setText] = useTyped(search.q ?? '', (q) => {
    void navigate({
      search: (now: UnownedSearch) => changeFilter(now, { q: q === '' ? undefined : q }),
      replace: true,
      resetScroll: false,
    });
  });
  const what = search.view === 'missing' ? 'Name or owner' : 'Name, namespace or image';
  return (
    <div className="panel-bar">
      <label className="visually-hidden" htmlFor="unowned-q">
        {what}
      </label>
      <input
        id="unowned-q"
        data-search=""
        type="search"
        className="field"
        placeholder={what}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </div>
  );
}
