import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Cluster } from '../../../src/api/fleet.ts';
import { useBreadcrumbs } from '../../app/breadcrumbs.tsx';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { Age } from '../../ui/age.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ClusterEvents } from './cluster-events.tsx';
import type { ShownCluster } from './cluster-condition.ts';
import { ClusterFacts } from './cluster-facts.tsx';
import { ClusterFindings } from './cluster-findings.tsx';
import { ClusterKinds } from './cluster-kinds.tsx';
import { kindsBehind, otherWarnings } from './cluster-groups.ts';
import { ClusterMark, reasonText, ShownAsOf } from './cluster-state.tsx';
import { LatestEvents } from './timeline-strip.tsx';
import { useCluster } from './use-clusters.ts';
import { useClusterFindings } from './use-cluster-findings.ts';

/** One cluster: what is wrong in it, what happened last, its Warning events, and how it is read, kind by kind. */
export function ClusterPage(): ReactNode {
  const { name } = useParams({ from: '/clusters/$name' });
  const answer = useCluster(name);
  const { data: ui } = useUi();
  const mayRead = isAble(ui, 'fleet.object.read');
  useDocumentTitle(name);
  useBreadcrumbs([{ label: 'Clusters', to: '/clusters' }, { label: name }]);
  const cluster = answer.isPrevious ? undefined : answer.data?.cluster;
  return (
    <div className="stack">
      <PageHead
        title={<span className="cluster-title">{name}</span>}
        sub={cluster && (mayRead ? <FoundSentence cluster={cluster} /> : <StateSentence cluster={cluster} />)}
        actions={
          <div className="cluster-actions">
            {mayRead && <FleetLinks name={name} />}
            {cluster?.dashboardUrl !== undefined && <DashboardLink url={cluster.dashboardUrl} />}
          </div>
        }
      />
      {answer.failure && <FailureNotice failure={answer.failure} onRetry={() => resources.repeat(answer.key)} />}
      {!cluster && answer.isLoading && <Skeleton rows={6} label="Loading the cluster" />}
      {cluster && (
        <div className={answer.failure ? 'stack is-old' : 'stack'}>
          <Warnings warnings={otherWarnings(cluster)} />
          <div className="cluster-columns cluster-parts">
            {mayRead && <ClusterFindings name={name} />}
            <div className="stack cluster-side">
              {mayRead && <LatestEvents cluster={name} />}
              <ClusterFacts cluster={cluster} />
            </div>
            <div className="stack">
              {mayRead && <ClusterEvents name={name} />}
              <ClusterKinds kinds={cluster.kinds} />
            </div>
          </div>
        </div>
      )}
    </div>
  );
}

/** The same as its tile says: what was found counts. */
function FoundSentence({ cluster }: { readonly cluster: Cluster }): ReactNode {
  const { data, isPrevious } = useClusterFindings(cluster.name);
  const critical = isPrevious ? undefined : data?.counts['critical'];
  return <StateSentence cluster={{ ...cluster, critical }} />;
}

/** State, reason, since when and as of when: what one would read aloud. */
function StateSentence({ cluster }: { readonly cluster: ShownCluster }): ReactNode {
  const { state, since } = cluster;
  const reason = reasonText(cluster);
  const isPartial = state === 'ok' && kindsBehind(cluster).length > 0;
  return (
    <span className="cluster-sentence">
      <ClusterMark cluster={cluster} />
      <span>
        {state === 'ok' ? 'read and watched' : (reason ?? '')} for <Age at={Date.parse(since)} />
        {isPartial && `, but ${reason}`}
      </span>
      {state !== 'ok' && (
        <span>
          <ShownAsOf of={cluster} />
        </span>
      )}
      {cluster.protected && <span className="cluster-protected">protected</span>}
    </span>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }): ReactNode {
  if (warnings.length === 0) return null;
  return (
    <Panel title="Warnings">
      <ul className="plain cluster-warnings">
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </Panel>
  );
}

/** What else the fleet knows of the cluster. */
function FleetLinks({ name }: { readonly name: string }): ReactNode {
  return (
    <>
      <Link to="/fleet/timeline" search={{ cluster: name }} className="button">
        What changed
      </Link>
      <Link to="/fleet/evacuation" search={{ cluster: name }} className="button">
        If it vanished
      </Link>
    </>
  );
}

function DashboardLink({ url }: { readonly url: string }): ReactNode {
  // A declared link is followed only when it is http or https.
  if (!/^https?:\/\//i.test(url)) return null;
  return (
    <a href={url} className="button" rel="noreferrer">
      Dashboard
    </a>
  );
}
