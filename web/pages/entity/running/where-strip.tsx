import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Running } from '../../../../src/api/running.ts';
import type { EntityRefParts } from '../../../../src/model/ref.ts';
import { Mark } from '../../../ui/mark.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { countText } from '../count-text.ts';
import { healthMarks } from './running-words.ts';
import { whereGroups, type WherePlace } from './where-groups.ts';

/** Where an entity runs, at a glance: environments with their clusters, the odd ones out named and those that are well folded. */
export function WhereStrip({
  running,
  parts,
}: {
  readonly running: Running;
  readonly parts: EntityRefParts;
}): ReactNode {
  const own = new Set(running.clusters.map(({ cluster }) => cluster));
  const unread = new Set(running.incomplete.map(({ cluster }) => cluster).filter((cluster) => !own.has(cluster))).size;
  return (
    <Panel
      title="Where it runs"
      aside={
        <Link
          to="/catalog/$kind/$namespace/$name"
          params={parts}
          search={{ view: 'running' }}
          className="accent"
          resetScroll={false}
        >
          Workloads and pods
        </Link>
      }
    >
      <dl className="where">
        {whereGroups(running).map(({ environment, count, places }) => (
          <div key={environment ?? ''}>
            <dt>
              {environment ?? 'clusters'} <span className="faint">{count}</span>
            </dt>
            <dd>
              <ul className="plain where-places">
                {places.map((place) => (
                  <li key={place.clusters.join()}>
                    <Place place={place} parts={parts} />
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
      {unread > 0 && (
        <p className="panel-foot">
          <Mark state="unknown">{countText(unread, 'other cluster')}</Mark> could not be read as of now: it may run
          there too.{' '}
          <Link to="/clusters" className="accent">
            See which
          </Link>
        </p>
      )}
    </Panel>
  );
}

function Place({ place, parts }: { readonly place: WherePlace; readonly parts: EntityRefParts }): ReactNode {
  const { clusters, status, reason, regions, tags } = place;
  const [first] = clusters;
  const isOne = clusters.length === 1;
  return (
    <Link
      to="/catalog/$kind/$namespace/$name"
      params={parts}
      search={isOne ? { view: 'running', cluster: first } : { view: 'running', scope: 'all' }}
      className={`where-place running-${status.toLowerCase()}`}
      title={isOne ? [first, ...regions, reason].filter(Boolean).join(' · ') : clusters.join('\n')}
      resetScroll={false}
    >
      <Mark state={healthMarks[status]}>
        {isOne && <span className="visually-hidden">{status}: </span>}
        {isOne ? first : `${clusters.length} ${status.toLowerCase()}`}
      </Mark>
      {place.desired > 0 && (
        <span className="where-ready">
          {place.ready}/{place.desired}
          <span className="visually-hidden"> ready</span>
        </span>
      )}
      {tags.length > 0 && <code>{tags.length === 1 ? tags[0] : `${tags.length} versions`}</code>}
    </Link>
  );
}
