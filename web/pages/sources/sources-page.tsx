import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { LocationsPanel } from './locations-panel.tsx';
import { SOURCE_STATES, type SourcesSearch } from './sources-search.ts';
import { SourceTable, sourceWords } from './source-table.tsx';
import { useSources, type SourceData } from './use-sources.ts';

/** Where the catalog comes from: who looks where, how fresh it is, what failed last. */
export function SourcesPage(): ReactNode {
  const search: SourcesSearch = useSearch({ from: '/sources' });
  const { data: ui } = useUi();
  const sources = useSources();
  useDocumentTitle('Sources');
  return (
    <div className="stack">
      <PageHead
        title="Sources"
        sub={<Summary sources={sources.data?.items} />}
        actions={
          isAble(ui, 'catalog.location.create') && (
            <Link to="/sources/register" className="button">
              Register a location…
            </Link>
          )
        }
      />
      {sources.failure && <FailureNotice failure={sources.failure} onRetry={() => resources.repeat(sources.key)} />}
      {!sources.data && sources.isLoading && <Skeleton rows={4} label="Loading the sources" />}
      {sources.data?.items.length === 0 && (
        <Empty title="Nothing is read yet" command="npm start -- --catalog <file, folder or glob>">
          No source is configured, or none has been looked at so far.
        </Empty>
      )}
      {sources.data && sources.data.items.length > 0 && (
        <div className={sources.failure ? 'sources-known is-old' : 'sources-known'}>
          <SourcesPanel search={search} sources={sources.data.items} total={sources.data.total} />
        </div>
      )}
      <LocationsPanel search={search} />
    </div>
  );
}

function Summary({ sources }: { readonly sources: readonly SourceData[] | undefined }): ReactNode {
  if (!sources) return <span>&nbsp;</span>;
  const old = sources.filter(({ state }) => state !== 'fresh').length;
  return (
    <output>
      {sources.length === 1 ? '1 source' : `${sources.length} sources`}
      {old === 0 ? '' : `, ${old} not fresh`}
    </output>
  );
}

/** The sources, the worst first. */
function SourcesPanel({
  search,
  sources,
  total,
}: {
  readonly search: SourcesSearch;
  readonly sources: readonly SourceData[];
  readonly total: number;
}): ReactNode {
  const rank = ({ state }: SourceData): number => SOURCE_STATES.indexOf(state);
  const shown = sources
    .filter(({ state }) => search.state === undefined || state === search.state)
    .toSorted((one, other) => rank(one) - rank(other));
  return (
    <Panel
      title="Collectors and sources"
      aside={sources.length < total ? `${sources.length} of ${total.toLocaleString()}` : `${total}`}
    >
      <StateTabs search={search} sources={sources} />
      {shown.length === 0 ? (
        <p className="panel-empty">
          No source is in this state.{' '}
          <Link
            from="/sources"
            to="/sources"
            search={(now: SourcesSearch) => ({ ...now, state: undefined })}
            className="accent"
          >
            See all {sources.length}
          </Link>
        </p>
      ) : (
        <SourceTable sources={shown} />
      )}
    </Panel>
  );
}

/** The states that there are, each with its count. One state alone needs no choice. */
function StateTabs({
  search,
  sources,
}: {
  readonly search: SourcesSearch;
  readonly sources: readonly SourceData[];
}): ReactNode {
  const counts = Map.groupBy(sources, ({ state }) => state);
  if (counts.size < 2 && search.state === undefined) return null;
  const states = SOURCE_STATES.filter((state) => counts.has(state) || state === search.state);
  return (
    <nav className="tabs" aria-label="State">
      {[undefined, ...states].map((state) => (
        <ChoiceLink
          key={state ?? 'all'}
          from="/sources"
          to="/sources"
          search={(now: SourcesSearch) => ({ ...now, state })}
          className="tab"
          isOn={search.state === state}
          resetScroll={false}
        >
          {state === undefined ? 'All' : sourceWords[state][1]}{' '}
          <span className="tab-count">
            {(state === undefined ? sources.length : (counts.get(state)?.length ?? 0)).toLocaleString()}
          </span>
        </ChoiceLink>
      ))}
    </nav>
  );
}
