import type { ReactNode } from 'react';
import type { FleetEvent, FleetEventPage } from '../../../../../src/api/fleet.ts';
import { useFleetRepeat } from '../../../../data/fleet-stream.ts';
import { api, resources } from '../../../../data/session.ts';
import { useResource } from '../../../../data/use-resource.ts';
import { Age } from '../../../../ui/age.tsx';
import { FailureNotice } from '../../../../ui/notice.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import type { PaneProps } from '../chosen-cell.ts';
import { usePods } from '../use-running.ts';
import { isOwnEvent } from './own-events.ts';

/** It is asked again this often at most, ms. */
const AGAIN_MS = 2_000;

/** Warning events of a workload and of what it made, the newest first. */
export function EventsPane({ workload, cell }: PaneProps): ReactNode {
  const { namespace } = workload;
  const { cluster } = cell;
  const query = { cluster: [cluster], ...(namespace !== undefined && { namespace: [namespace] }), limit: 1000 };
  const key = `events ${JSON.stringify(query)}`;
  const events = useResource<FleetEventPage>({
    key,
    load: (signal) => api.call('GET /api/v1/fleet/events', { query, signal }),
    isAffected: () => false,
  });
  useFleetRepeat(
    key,
    AGAIN_MS,
    (news) => news === 'relist' || news.objects.some((object) => object.kind === 'Event' && object.cluster === cluster),
  );
  const pods = new Set(usePods(workload, cell).data?.items.map(({ name }) => name));
  const { data, failure } = events;
  if (data === undefined) {
    if (failure) return <FailureNotice failure={failure} onRetry={() => resources.repeat(key)} />;
    return <Skeleton rows={4} label="Loading events" />;
  }
  const own = data.items.filter((event) => isOwnEvent(event, workload, pods));
  const isRead = !data.incomplete.some(({ kind }) => kind === undefined || kind === 'Event');
  return (
    <>
      {!isRead && <p className="running-message">Events of {cluster} cannot be read as of now.</p>}
      {own.length === 0 && isRead && (
        <p className="panel-empty">No warning in the time that the cluster keeps events, an hour as a rule.</p>
      )}
      {own.length > 0 && <EventTable events={own} />}
    </>
  );
}

function EventTable({ events }: { readonly events: readonly FleetEvent[] }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">Warning events, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Message</th>
            <th scope="col">Of</th>
            <th scope="col" className="col-number">
              Count
            </th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {events.map(({ object, reason, message, count, lastAt }) => (
            <tr key={`${object.kind} ${object.name} ${reason} ${message}`}>
              <th scope="row">{reason}</th>
              <td className="pane-message">{message}</td>
              <td data-label="Of">
                <code>
                  {object.kind}/{object.name}
                </code>
              </td>
              <td className="col-number" data-label="Count">
                {count.toLocaleString()}
              </td>
              <td data-label="Last">
                <Age at={Date.parse(lastAt)} suffix=" ago" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
