import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TimelinePage as PageData } from '../../../src/api/timeline.ts';
import { useBreadcrumbs } from '../../app/breadcrumbs.tsx';
import { resources } from '../../data/session.ts';
import type { Answer } from '../../data/use-resource.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { momentText } from '../../ui/moment-text.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FleetTabs } from '../clusters/fleet-tabs.tsx';
import { LikelyPanel } from './likely-panel.tsx';
import { TimelineFilters } from './timeline-filters.tsx';
import { TimelineHistogram } from './timeline-histogram.tsx';
import { TimelineList } from './timeline-list.tsx';
import { chosenKinds, type TimelineSearch } from './timeline-search.ts';
import { useTimeline, useWindow } from './use-timeline.ts';

/** What happened in the fleet, and what was the likely cause of what went wrong at a moment. */
export function TimelinePage(): ReactNode {
  const search: TimelineSearch = useSearch({ from: '/fleet/timeline' });
  const window = useWindow(search);
  const page = useTimeline(search, window);
  useDocumentTitle('Timeline');
  useBreadcrumbs([{ label: 'Clusters', to: '/clusters' }, { label: 'Timeline' }]);
  const { data, failure } = page;
  const isDenied = failure?.status === 403;
  return (
    <>
      <FleetTabs />
      <PageHead title="Timeline" sub={<Coverage page={page} from={window.from} />} />
      {!isDenied && <TimelineFilters search={search} />}
      {search.at !== undefined && !isDenied && <LikelyPanel at={search.at} search={search} />}
      {failure && <FailureNotice failure={failure} onRetry={() => resources.repeat(page.key)} />}
      {!data && page.isLoading && <Skeleton rows={10} label="Loading the timeline" />}
      {data && (
        <div className={failure ? 'is-old' : undefined} aria-busy={page.isLoading}>
          <TimelineHistogram pieces={data.pieces ?? []} window={window} search={search} />
          {data.items.length === 0 ? <Nothing search={search} /> : <TimelineList data={data} search={search} />}
          <Pages data={data} search={search} />
        </div>
      )}
    </>
  );
}

function Coverage({ page: { data }, from }: { readonly page: Answer<PageData>; readonly from: number }): ReactNode {
  if (data === undefined) return <span>&nbsp;</span>;
  const since = Date.parse(data.coverage.from);
  return (
    <span>
      Rollouts, configuration, scaling, restarts and health in every cluster
      {since > from && <>. Nothing is known of before {momentText(since)}</>}.
    </span>
  );
}

function Pages({ data, search }: { readonly data: PageData; readonly search: TimelineSearch }): ReactNode {
  const navigate = useNavigate({ from: '/fleet/timeline' });
  if (search.before === undefined && data.nextCursor === undefined) return null;
  const go = (before: string | undefined): void => {
    void navigate({ search: (now: TimelineSearch) => ({ ...now, before }) });
  };
  return (
    <nav className="pager" aria-label="Pages of the timeline">
      <button type="button" className="button" disabled={search.before === undefined} onClick={() => go(undefined)}>
        Newest
      </button>
      <button
        type="button"
        className="button"
        disabled={data.nextCursor === undefined}
        onClick={() => go(data.nextCursor)}
      >
        Older
      </button>
    </nav>
  );
}

function Nothing({ search }: { readonly search: TimelineSearch }): ReactNode {
  const isNarrowed = chosenKinds(search).length > 0 || search.entity !== undefined || search.cluster !== undefined;
  if (!isNarrowed) {
    return (
      <Empty title="Nothing happened in this time">
        What changes in the clusters shows here within seconds: rollouts, scaling, configuration, restarts, health.
      </Empty>
    );
  }
  return (
    <Empty
      title="Nothing of this choice happened in this time"
      actions={
        <Link to="/fleet/timeline" search={{ span: search.span }} className="button">
          See everything
        </Link>
      }
    >
      Take a filter off, or look at a longer time.
    </Empty>
  );
}
