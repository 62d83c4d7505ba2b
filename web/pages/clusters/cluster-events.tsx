import type { ReactNode } from 'react';
import type { FleetEvent } from '../../../src/api/fleet.ts';
import { resources } from '../../data/session.ts';
import { Age } from '../../ui/age.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { groupEvents, type EventGroup } from './cluster-troubles.ts';
import { useClusterEvents } from './use-clusters.ts';

/** Objects that are told of for each reason; the others are counted. */
const SHOWN = 8;

/** The Warning events of a cluster by reason, with how often each happened and to what. */
export function ClusterEvents({ name }: { readonly name: string }): ReactNode {
  const events = useClusterEvents(name);
  const { data } = events;
  const incomplete = data?.incomplete.find(({ kind }) => kind === undefined || kind === 'Event');
  const shown = data && data.items.length < data.total ? `the newest ${data.items.length} of ${data.total}` : undefined;
  return (
    <Panel title="Warning events" aside={shown}>
      {events.failure && <FailureNotice failure={events.failure} onRetry={() => resources.repeat(events.key)} />}
      {!data && events.isLoading && <Skeleton rows={4} label="Loading the events" />}
      {data?.items.length === 0 && (
        <p className="panel-empty">
          {incomplete === undefined
            ? 'No warning in the time that the cluster keeps events.'
            : 'Its events cannot be read as of now.'}
        </p>
      )}
      {data && data.items.length > 0 && (
        <ul className={events.isPrevious ? 'plain cluster-events is-old' : 'plain cluster-events'}>
          {groupEvents(data.items).map((group) => (
            <li key={group.reason}>
              <Reason group={group} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Reason({ group: { reason, count, events } }: { readonly group: EventGroup }): ReactNode {
  const [newest] = events;
  if (newest === undefined) return null;
  const more = events.length - SHOWN;
  return (
    <>
      <p className="cluster-event-head">
        <span className="cluster-event-reason">{reason}</span>
        <span className="cluster-event-when">
          {count > 1 && `${count.toLocaleString()} times, last `}
          <Age at={Date.parse(newest.lastAt)} suffix=" ago" />
        </span>
      </p>
      {events.length === 1 && <EventEntry event={newest} />}
      {events.length > 1 && (
        <details className="cluster-more">
          <summary>
            {events.length.toLocaleString()} objects, e.g. <ObjectName event={newest} />
          </summary>
          <ul className="plain">
            {events.slice(0, SHOWN).map((event) => (
              <li key={`${event.namespace} ${event.object.kind} ${event.object.name} ${event.message}`}>
                <EventEntry event={event} />
              </li>
            ))}
          </ul>
          {more > 0 && <p className="faint">and {more.toLocaleString()} more</p>}
        </details>
      )}
    </>
  );
}

function EventEntry({ event }: { readonly event: FleetEvent }): ReactNode {
  return (
    <p className="cluster-event-message">
      <ObjectName event={event} /> {event.message}
    </p>
  );
}

function ObjectName({ event: { namespace, object } }: { readonly event: FleetEvent }): ReactNode {
  return (
    <code>
      {namespace !== undefined && <span className="faint">{namespace}/</span>}
      {object.kind}/{object.name}
    </code>
  );
}
