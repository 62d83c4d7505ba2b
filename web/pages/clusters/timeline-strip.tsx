import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type TimelineGroup, timelineGroups } from '../../../src/api/timeline-groups.ts';
import { resources } from '../../data/session.ts';
import { Age } from '../../ui/age.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { kindWord } from '../timeline/timeline-search.ts';
import { useLatest } from '../timeline/use-timeline.ts';
import { markOf } from '../timeline/timeline-words.ts';

const SHOWN = 5;
/** Entries that are read for them: those of several clusters are one. */
const READ = 60;

/** What happened last to an entity in the clusters, or in a cluster: five lines that lead to the timeline. */
export function LatestEvents({
  entity,
  cluster,
}: {
  /** Canonical ref. */
  readonly entity?: string | undefined;
  readonly cluster?: string | undefined;
}): ReactNode {
  const of = { ...(entity !== undefined && { entity }), ...(cluster !== undefined && { cluster }) };
  const latest = useLatest(of, READ);
  const { data, failure } = latest;
  const groups = data === undefined ? [] : timelineGroups(data.items).slice(0, SHOWN);
  return (
    <Panel
      title="What happened"
      aside={
        <Link to="/fleet/timeline" search={of} className="accent">
          Timeline
        </Link>
      }
    >
      {failure && !data && <FailureNotice failure={failure} onRetry={() => resources.repeat(latest.key)} />}
      {!data && !failure && <Skeleton rows={3} label="Loading what happened" />}
      {data && groups.length === 0 && <Nothing from={data.coverage.from} />}
      {groups.length > 0 && (
        <ol className={latest.isPrevious || failure ? 'plain timeline-strip is-old' : 'plain timeline-strip'}>
          {groups.map((group) => (
            <Line key={group.item.id} group={group} isOfCluster={cluster !== undefined} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Line({ group, isOfCluster }: { readonly group: TimelineGroup; readonly isOfCluster: boolean }): ReactNode {
  const { item, clusters } = group;
  const mark = markOf(item);
  return (
    <li>
      <Age at={Date.parse(item.at)} />
      <span className={mark === undefined ? 'timeline-kind' : `timeline-kind mark-${mark}`}>
        {mark !== undefined && <span className="mark-shape" aria-hidden="true" />}
        {kindWord(item.kind)}
      </span>
      <span className="wrap">
        <Link to="/fleet/timeline" search={{ at: item.at, ...(item.entity !== undefined && { entity: item.entity }) }}>
          {item.title}
        </Link>
        {!isOfCluster && clusters.length > 0 && (
          <span className="faint"> {clusters.length === 1 ? clusters[0] : `in ${clusters.length} clusters`}</span>
        )}
      </span>
    </li>
  );
}

function Nothing({ from }: { readonly from: string }): ReactNode {
  return (
    <p className="panel-empty">
      Nothing was seen since <time dateTime={from}>{new Date(from).toLocaleString()}</time>: no rollout, scaling, change
      of configuration, restart or failure. Clusters that cannot be read are not seen.
    </p>
  );
}
