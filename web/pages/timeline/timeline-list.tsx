import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { type TimelineGroup, timelineGroups } from '../../../src/api/timeline-groups.ts';
import type { TimelineItem, TimelinePage } from '../../../src/api/timeline.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { kindWord, type TimelineSearch } from './timeline-search.ts';
import { detailsOf, markOf } from './timeline-words.ts';

/** Entries of one answer, newest first. What came since they were first shown waits until it is asked for. */
export function TimelineList({
  data,
  search,
}: {
  readonly data: TimelinePage;
  readonly search: TimelineSearch;
}): ReactNode {
  const question = JSON.stringify(search);
  const [shown, setShown] = useState({ question, newest: data.items[0]?.at ?? '' });
  if (shown.question !== question) setShown({ question, newest: data.items[0]?.at ?? '' });
  const isOld = (item: TimelineItem): boolean => item.at <= shown.newest;
  const waiting = data.items.length - data.items.filter(isOld).length;
  const days = Map.groupBy(timelineGroups(data.items.filter(isOld)), ({ item }) => dayText(item.at));
  return (
    <>
      <output className="timeline-new">
        {waiting > 0 && (
          <button
            type="button"
            className="button"
            onClick={() => setShown({ question, newest: data.items[0]?.at ?? '' })}
          >
            {waiting} new, show
          </button>
        )}
      </output>
      {[...days].map(([day, groups]) => (
        <section key={day} className="timeline-day" aria-label={day}>
          <h2>{day}</h2>
          <ol className="plain timeline-list">
            {groups.map((group) => (
              <Entry key={group.item.id} group={group} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function Entry({ group }: { readonly group: TimelineGroup }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { item, items, clusters } = group;
  const mark = markOf(item);
  const details = detailsOf(item);
  return (
    <li className="timeline-entry">
      <Link
        to="/fleet/timeline"
        search={(now: TimelineSearch) => ({ ...now, at: item.at, from: undefined, to: undefined, before: undefined })}
        from="/fleet/timeline"
        className="timeline-time"
        title="What changed around this moment"
      >
        <time dateTime={item.at}>{clockText(item.at)}</time>
      </Link>
      <span className={mark === undefined ? 'timeline-kind' : `timeline-kind mark-${mark}`}>
        {mark !== undefined && <span className="mark-shape" aria-hidden="true" />}
        {kindWord(item.kind)}
      </span>
      <div className="timeline-what">
        <p className="timeline-title wrap">{item.title}</p>
        {(details.length > 0 || typeof item.data['message'] === 'string') && (
          <p className="timeline-details">
            {[...details, ...(typeof item.data['message'] === 'string' ? [item.data['message']] : [])].join(' · ')}
          </p>
        )}
        {isOpen && <Places items={items} />}
      </div>
      <div className="timeline-where">
        {item.entity !== undefined && <EntityLink entityRef={item.entity} />}
        {clusters.length === 1 && <ClusterName name={clusters[0] ?? ''} namespace={item.namespace} />}
        {clusters.length > 1 && (
          <button type="button" className="timeline-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {clusters.length} clusters
          </button>
        )}
      </div>
    </li>
  );
}

/** The clusters that a change reached, each with its moment. */
function Places({ items }: { readonly items: readonly TimelineItem[] }): ReactNode {
  return (
    <ul className="plain timeline-places">
      {items.map(({ id, at, cluster = '', namespace }) => (
        <li key={id}>
          <time dateTime={at}>{clockText(at)}</time> <ClusterName name={cluster} namespace={namespace} />
        </li>
      ))}
    </ul>
  );
}

function ClusterName({
  name,
  namespace,
}: {
  readonly name: string;
  readonly namespace: string | undefined;
}): ReactNode {
  return (
    <span className="timeline-place">
      <Link to="/clusters/$name" params={{ name }}>
        {name}
      </Link>
      {namespace !== undefined && <span className="faint">/{namespace}</span>}
    </span>
  );
}

function dayText(at: string): string {
  return new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at));
}

/** The time of day in the reader's own zone, to the second. */
export function clockText(at: string): string {
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
}
