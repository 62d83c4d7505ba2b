import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isAble, useUi } from '../../data/use-ui.ts';
import { Age, Until } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { RefreshButton, RefreshOutcome } from './refresh.tsx';
import { useRefresh } from './use-refresh.ts';
import type { SourceData } from './use-sources.ts';

/** How a state is shown, and as which word. */
export const sourceWords: Readonly<Record<SourceData['state'], readonly [MarkState, string]>> = {
  fresh: ['healthy', 'Fresh'],
  stale: ['stale', 'Stale'],
  failed: ['degraded', 'Failed'],
  never: ['unknown', 'Never read'],
};

/** Collectors and sources: how fresh each is, what failed last, when it is looked at next. */
export function SourceTable({ sources }: { readonly sources: readonly SourceData[] }): ReactNode {
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
              <span className="visually-hidden">Refresh or unregister</span>
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
  const [state, word] = sourceWords[item.state];
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
      <td className="col-act">
        {item.collector === 'catalog' && <RefreshButton refresh={refresh} of={item.source} />}{' '}
        <Unregister item={item} />
      </td>
    </tr>
  );
}

/** Leads to what would go with it, for who may take it back. */
function Unregister({ item }: { readonly item: SourceData }): ReactNode {
  const { data: ui } = useUi();
  if (item.registrationId === undefined || !isAble(ui, 'catalog.location.delete')) return null;
  return (
    <Link to="/sources/registered/$id" params={{ id: item.registrationId }} className="button button-small">
      Unregister…<span className="visually-hidden"> {item.source}</span>
    </Link>
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
