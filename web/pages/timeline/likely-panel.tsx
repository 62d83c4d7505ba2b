import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LikelyCause } from '../../../src/api/timeline.ts';
import { resources } from '../../data/session.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { clockText } from './timeline-list.tsx';
import { kindWord, type TimelineSearch } from './timeline-search.ts';
import { useChanged } from './use-timeline.ts';

const MOST_NAMED = 6;

/** What may have caused that something went wrong at a moment, the likeliest first, with why. */
export function LikelyPanel({ at, search }: { readonly at: string; readonly search: TimelineSearch }): ReactNode {
  const changed = useChanged(at, search);
  const { data, failure } = changed;
  const moment = new Date(at);
  return (
    <Panel title={`What changed at ${clockText(at)}`} aside={moment.toLocaleDateString()}>
      {failure && <FailureNotice failure={failure} onRetry={() => resources.repeat(changed.key)} />}
      {!data && changed.isLoading && <Skeleton rows={3} label="Looking for what changed" />}
      {data?.likely.length === 0 && <NoCause coverage={data.coverage.from} from={data.from} />}
      {data && data.likely.length > 0 && (
        <ol className={changed.isPrevious || failure ? 'plain likely is-old' : 'plain likely'}>
          {data.likely.map((cause, index) => (
            <Cause key={cause.entry.id} cause={cause} isFirst={index === 0} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Cause({ cause, isFirst }: { readonly cause: LikelyCause; readonly isFirst: boolean }): ReactNode {
  const { entry, why, clusters } = cause;
  return (
    <li className={isFirst ? 'likely-cause is-first' : 'likely-cause'}>
      <p className="likely-head">
        <time dateTime={entry.at}>{clockText(entry.at)}</time>
        <span className="timeline-kind">{kindWord(entry.kind)}</span>
        <strong className="wrap">{entry.title}</strong>
        {isFirst && <span className="likely-badge">likeliest</span>}
      </p>
      <ul className="likely-why">
        {why.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <p className="likely-places">
        {entry.entity !== undefined && <EntityLink entityRef={entry.entity} />}
        {clusters.slice(0, MOST_NAMED).map((name) => (
          <Link key={name} to="/clusters/$name" params={{ name }} className="accent">
            {name}
          </Link>
        ))}
        {clusters.length > MOST_NAMED && (
          <span className="faint">and {clusters.length - MOST_NAMED} more clusters</span>
        )}
      </p>
    </li>
  );
}

function NoCause({ coverage, from }: { readonly coverage: string; readonly from: string }): ReactNode {
  const isUnknown = Date.parse(coverage) > Date.parse(from);
  return (
    <p className="panel-empty">
      {isUnknown
        ? `Nothing that changed is known. The timeline reaches back to ${new Date(coverage).toLocaleString()} only.`
        : 'Nothing changed in the hour before: no configuration, image, rollout, scaling or cluster.'}
    </p>
  );
}
