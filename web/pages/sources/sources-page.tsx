import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import { Age, Until } from '../../ui/age.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { LocationsPanel } from './locations-panel.tsx';
import type { SourcesSearch } from './sources-search.ts';
import { RefreshButton, RefreshOutcome } from './refresh.tsx';
import { useRefresh } from './use-refresh.ts';
import { useSources, type SourceData } from './use-sources.ts';

/** Where the catalog comes from: who looks where, how fresh it is, what failed last. */
export function SourcesPage(): ReactNode {
  const search: SourcesSearch = useSearch({ from: '/sources' });
  const sources = useSources();
  useDocumentTitle('Sources');
  return (
    <div className="stack">
      <PageHead title="Sources" sub={<Summary sources={sources.data?.items} />} />
      {sources.failure && <FailureNotice failure={sources.failure} onRetry={() => resources.repeat(sources.key)} />}
      {!sources.data && sources.isLoading && <Skeleton rows={4} label="Loading the sources" />}
      {sources.data?.items.length === 0 && (
        <Empty title="Nothing is read yet" command="npm start -- --catalog <file, folder or glob>">
          No source is configured, or none has been looked at so far.
        </Empty>
      )}
      {sources.data && sources.data.items.length > 0 && (
        <Panel title="Collectors and sources" aside={`${sources.data.total}`}>
          <SourceTable sources={sources.data.items} />
        </Panel>
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

const words: Readonly<Record<SourceData['state'], readonly [MarkState, string]>> = {
  fresh: ['healthy', 'Fresh'],
  stale: ['stale', 'Stale'],
  failed: ['degraded', 'Failed'],
  never: ['unknown', 'Never read'],
};

function SourceTable({ sources }: { readonly sources: readonly SourceData[] }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">Collectors and sources</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Collector</th>
            <th scope="col">State</th>
            <th scope="col">Last read</th>
            <th scope="col">Next</th>
            <th scope="col" className="col-number">
              Locations
            </th>
            <th scope="col" className="col-number">
              Problems
            </th>
            <th scope="col">
              <span className="visually-hidden">Refresh</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sources.map((item) => (
            <SourceRow key={`${item.collector} ${item.source}`} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SourceRow({ item }: { readonly item: SourceData }): ReactNode {
  const [state, word] = words[item.state];
  const problems = item.errors + item.warnings;
  const refresh = useRefresh({ location: item.source });
  return (
    <tr>
      <th scope="row" className="col-source">
        <code>{item.source}</code>
        <SourceFrom item={item} />
        {item.error !== undefined && <span className="source-error">{item.error}</span>}
        {item.fix !== undefined && <span className="source-from">{item.fix}</span>}
        <RefreshOutcome state={refresh.state} knownError={item.error} />
      </th>
      <td>{item.collector}</td>
      <td>
        <Mark state={state}>{word}</Mark>
      </td>
      <td data-label="Last read">
        {item.checkedAt === undefined ? 'never' : <Age at={Date.parse(item.checkedAt)} suffix=" ago" />}
      </td>
      <td data-label="Next">
        <NextLook item={item} />
      </td>
      <td className="col-number" data-label="Locations">
        {item.locations === 0 ? (
          '0'
        ) : (
          <Link to="/sources" search={{ source: item.source }} resetScroll={false} className="accent">
            {item.locations.toLocaleString()}
          </Link>
        )}
      </td>
      <td className="col-number" data-label="Problems">
        {problems === 0 ? (
          '0'
        ) : (
          <Link to="/problems" search={{ source: item.source }} className="accent">
            {problems.toLocaleString()}
          </Link>
        )}
      </td>
      <td>{item.collector === 'catalog' && <RefreshButton refresh={refresh} of={item.source} />}</td>
    </tr>
  );
}

/** Who has it read: the configuration, a registration, or a Location. */
function SourceFrom({ item }: { readonly item: SourceData }): ReactNode {
  const { configuredAt, registrationId, namedBy } = item;
  if (configuredAt !== undefined) return <span className="source-from">configured at {configuredAt}</span>;
  if (registrationId !== undefined) return <span className="source-from">registered as {registrationId}</span>;
  if (namedBy === undefined) return null;
  return (
    <span className="source-from">
      named by <EntityLink entityRef={namedBy} />
    </span>
  );
}

function NextLook({ item }: { readonly item: SourceData }): ReactNode {
  if (item.nextLookAt === undefined) return item.type === 'file' ? 'watched' : <span className="faint">–</span>;
  return <Until at={Date.parse(item.nextLookAt)} />;
}
