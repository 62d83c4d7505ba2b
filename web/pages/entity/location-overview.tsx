import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf } from '../../../src/model/ref.ts';
import { api } from '../../data/session.ts';
import { useResource, type Answer } from '../../data/use-resource.ts';
import { Age } from '../../ui/age.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { LocationData } from '../sources/use-sources.ts';
import { TroubleMark } from './trouble-mark.tsx';
import type { PageOf } from './use-entity.ts';

const SHOWN = 100;

/** A location: what it names, and what was found there. */
export function LocationOverview({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const { target, targets } = entity.spec ?? {};
  const named = [target, ...(Array.isArray(targets) ? targets : [])].filter((text) => typeof text === 'string');
  return (
    <>
      <Panel title="Targets" aside={`${named.length}`}>
        {named.length === 0 && <p className="panel-empty">It names no target.</p>}
        <ul className="plain target-list">
          {named.map((text) => (
            <li key={text}>
              <LocationText location={/^https?:\/\//.test(text) ? `url:${text}` : `file:${text}`} />
            </li>
          ))}
        </ul>
      </Panel>
      <Found entity={entity} />
    </>
  );
}

function Found({ entity }: { readonly entity: RenderedEntity }): ReactNode {
  const found = useNamedLocations(entityRefOf(entity));
  return (
    <Panel title="What is read through it" aside={found.data?.total.toLocaleString()}>
      {found.failure && <FailureNotice failure={found.failure} />}
      {!found.data && !found.failure && <Skeleton rows={4} label="Loading what is read through it" />}
      {found.data?.items.length === 0 && <p className="panel-empty">Nothing has been read through it yet.</p>}
      {found.data && found.data.items.length > 0 && <LocationTable locations={found.data.items} />}
      {found.data && found.data.total > found.data.items.length && (
        <p className="panel-foot">
          The first {found.data.items.length} are shown;{' '}
          <Link to="/sources" search={{ source: found.data.items[0]?.source }} className="accent">
            all of the source
          </Link>
        </p>
      )}
    </Panel>
  );
}

function LocationTable({ locations }: { readonly locations: readonly LocationData[] }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack location-table">
        <caption className="visually-hidden">Locations that it names</caption>
        <thead>
          <tr>
            <th scope="col">Location</th>
            <th scope="col">Problems</th>
            <th scope="col" className="col-number">
              Entities
            </th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {locations.map((location) => (
            <tr key={location.ref}>
              <th scope="row" className="wrap">
                <LocationText location={location.ref} source={location.source} />
              </th>
              <td>
                {location.errors + location.warnings === 0 ? (
                  <TroubleMark trouble={location} />
                ) : (
                  <Link to="/problems" search={{ location: location.ref }}>
                    <TroubleMark trouble={location} />
                  </Link>
                )}
              </td>
              <td className="col-number" data-label="Entities">
                {location.entities.toLocaleString()}
              </td>
              <td data-label="Changed">
                <Age at={Date.parse(location.changedAt)} suffix=" ago" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function useNamedLocations(parentEntity: string): Answer<PageOf<LocationData>> {
  return useResource<PageOf<LocationData>>({
    key: `locations named by ${parentEntity}`,
    load: (signal, minRevision) =>
      api.call('GET /api/v1/locations', { query: { parentEntity, limit: SHOWN, minRevision }, signal }),
    isAffected: (batch) => batch.sources || batch.changes.length > 0,
  });
}
