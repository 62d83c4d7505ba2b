import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Age } from '../../ui/age.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { Mark } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import type { SourcesSearch } from './sources-search.ts';
import { useLocations, type LocationData } from './use-sources.ts';

/** The files and URLs that are read, with what they hold. */
export function LocationsPanel({ search }: { readonly search: SourcesSearch }): ReactNode {
  const navigate = useNavigate({ from: '/sources' });
  const locations = useLocations(search);
  const change = (part: SourcesSearch, replace: boolean): void => {
    void navigate({
      search: (now: SourcesSearch) => ({ ...now, cursor: undefined, ...part }),
      replace,
      resetScroll: false,
    });
  };
  const [text, setText] = useTyped(search.q ?? '', (q) => change({ q: q === '' ? undefined : q }, true));
  return (
    <Panel title="Locations" aside={locations.data && <output>{locations.data.total.toLocaleString()}</output>}>
      <div className="panel-bar">
        <label className="visually-hidden" htmlFor="locations-q">
          Search the locations
        </label>
        <input
          id="locations-q"
          data-search=""
          type="search"
          className="field"
          placeholder="Part of a path or URL"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        {search.source !== undefined && (
          <button type="button" className="chip" onClick={() => change({ source: undefined }, false)}>
            <span className="chip-key">source</span> {search.source}
            <span aria-hidden="true" className="chip-cross">
              ×
            </span>
            <span className="visually-hidden">, take off</span>
          </button>
        )}
      </div>
      {locations.failure && <FailureNotice failure={locations.failure} />}
      {!locations.data && locations.isLoading && <Skeleton rows={6} label="Loading the locations" />}
      {locations.data?.items.length === 0 && <p className="panel-empty">No location of this choice.</p>}
      {locations.data && locations.data.items.length > 0 && (
        <div className={locations.isPrevious ? 'is-old' : undefined}>
          <LocationTable locations={locations.data.items} />
        </div>
      )}
      {locations.data && (
        <Pager
          label="Pages of locations"
          shown={locations.data.items.length}
          total={locations.data.total}
          previous={locations.data.previous}
          next={locations.data.next}
          go={(cursor) => void navigate({ search: (now: SourcesSearch) => ({ ...now, cursor }), resetScroll: false })}
        />
      )}
    </Panel>
  );
}

function LocationTable({ locations }: { readonly locations: readonly LocationData[] }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">Locations</caption>
        <thead>
          <tr>
            <th scope="col">Location</th>
            <th scope="col" className="col-number">
              Entities
            </th>
            <th scope="col">Problems</th>
            <th scope="col" className="col-wide">
              Changed
            </th>
          </tr>
        </thead>
        <tbody>
          {locations.map((item) => (
            <tr key={item.ref}>
              <th scope="row" className="col-location">
                <LocationText location={item.ref} source={item.source} />
              </th>
              <td className="col-number" data-label="Entities">
                {item.entities}
              </td>
              <td data-label="Problems">
                <LocationProblems item={item} />
              </td>
              <td className="col-wide" data-label="Changed">
                <Age at={Date.parse(item.changedAt)} suffix=" ago" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LocationProblems({ item }: { readonly item: LocationData }): ReactNode {
  if (item.errors + item.warnings === 0) return <span className="faint">none</span>;
  const parts = [
    item.errors > 0 ? `${item.errors} error${item.errors === 1 ? '' : 's'}` : undefined,
    item.warnings > 0 ? `${item.warnings} warning${item.warnings === 1 ? '' : 's'}` : undefined,
  ];
  return (
    <Link to="/problems" search={{ location: item.ref }}>
      <Mark state={item.errors > 0 ? 'degraded' : 'warning'}>{parts.filter(Boolean).join(', ')}</Mark>
    </Link>
  );
}
