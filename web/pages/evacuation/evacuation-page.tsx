import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { evacuationSentence } from '../../../src/api/evacuation-text.ts';
import type { Evacuation } from '../../../src/api/evacuation.ts';
import type { Incomplete } from '../../../src/api/fleet.ts';
import { useBreadcrumbs } from '../../app/breadcrumbs.tsx';
import { resources } from '../../data/session.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Mark } from '../../ui/mark.tsx';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FleetTabs } from '../clusters/fleet-tabs.tsx';
import { ClusterChoice } from './cluster-choice.tsx';
import { evacuationCsv } from './evacuation-csv.ts';
import type { EvacuationSearch } from './evacuation-search.ts';
import {
  claimColumns,
  entryColumns,
  lostColumns,
  reducedColumns,
  singleColumns,
  workloadColumns,
} from './loss-columns.tsx';
import { LossTable } from './loss-table.tsx';
import { useEvacuation, useSingle } from './use-evacuation.ts';

/** What would be lost if a cluster or a region vanished now. */
export function EvacuationPage(): ReactNode {
  const search: EvacuationSearch = useSearch({ from: '/fleet/evacuation' });
  useDocumentTitle('Evacuation');
  useBreadcrumbs([{ label: 'Clusters', to: '/clusters' }, { label: 'Evacuation' }]);
  const isAsked = search.cluster !== undefined || search.label !== undefined;
  return (
    <>
      <FleetTabs />
      <PageHead title="Evacuation" sub="What would be lost if a cluster or a region vanished now." />
      <nav className="tabs" aria-label="Question">
        {([undefined, 'single'] as const).map((view) => (
          <ChoiceLink
            key={view ?? 'losses'}
            from="/fleet/evacuation"
            to="/fleet/evacuation"
            search={(now: EvacuationSearch) => ({ ...now, view })}
            className="tab"
            isOn={search.view === view}
            resetScroll={false}
          >
            {view === undefined ? 'If it vanished' : 'Carried alone'}
          </ChoiceLink>
        ))}
      </nav>
      {search.view === 'single' ? (
        <Single />
      ) : (
        <>
          <ClusterChoice search={search} />
          {isAsked ? <Losses search={search} /> : <NothingAsked />}
        </>
      )}
    </>
  );
}

function NothingAsked(): ReactNode {
  return (
    <Empty title="Choose a cluster or a region" command="callboard fleet evacuate --label region=eu">
      Nothing is changed in any cluster: it is worked out from what is read of them.
    </Empty>
  );
}

function Losses({ search }: { readonly search: EvacuationSearch }): ReactNode {
  const answer = useEvacuation(search);
  const { data } = answer;
  return (
    <>
      {answer.failure && <FailureNotice failure={answer.failure} onRetry={() => resources.repeat(answer.key)} />}
      <div className={answer.failure || answer.isPrevious ? 'stack is-old' : 'stack'} aria-busy={answer.isLoading}>
        {!data && answer.isLoading && <Skeleton rows={6} label="Working out what would be lost" />}
        {data?.clusters.length === 0 && (
          <Empty title="No cluster of this choice">No cluster that you may see has these labels.</Empty>
        )}
        {data && data.clusters.length > 0 && <Answer answer={data} label={search.label} />}
      </div>
    </>
  );
}

function Answer({ answer, label }: { readonly answer: Evacuation; readonly label: string | undefined }): ReactNode {
  const { clusters, counts, lost, displaced, unknown, reduced, unclaimed, data, entryPoints, incomplete } = answer;
  const isHard = counts.lost + counts.displaced + counts.halved > 0;
  return (
    <>
      <section className={isHard ? 'evacuation-verdict is-hard' : 'evacuation-verdict'} aria-label="Verdict">
        <p className="evacuation-sentence">{evacuationSentence(answer, label)}</p>
        <Beside answer={answer} />
        <button
          type="button"
          className="button"
          onClick={() => save(evacuationCsv(answer), clusters[0]?.name ?? 'fleet')}
        >
          Download CSV
        </button>
      </section>
      <Unread incomplete={incomplete} />
      <LossTable title="Lost" items={lost} total={counts.lost} columns={lostColumns} keyOf={({ ref }) => ref} />
      <LossTable
        title="Left in other environments only"
        items={displaced}
        total={counts.displaced}
        columns={lostColumns}
        keyOf={({ ref }) => ref}
      />
      <LossTable
        title="Nobody can tell"
        items={unknown}
        total={counts.unknown}
        columns={reducedColumns}
        keyOf={({ ref }) => ref}
      />
      <LossTable
        title="Goes on with less"
        items={reduced}
        total={counts.reduced}
        columns={reducedColumns}
        keyOf={({ ref }) => ref}
      />
      <LossTable
        title="Data"
        items={data}
        total={counts.claims}
        columns={claimColumns}
        keyOf={({ cluster, namespace, name }) => `${cluster}/${namespace}/${name}`}
      />
      <LossTable
        title="Ways in"
        items={entryPoints}
        total={entryPoints.length}
        columns={entryColumns}
        keyOf={({ cluster, kind, namespace, name }) => `${cluster}/${kind}/${namespace}/${name}`}
      />
      <LossTable
        title="Workloads of no entity"
        items={unclaimed}
        total={unclaimed.length}
        columns={workloadColumns}
        keyOf={({ cluster, kind, namespace, name }) => `${cluster}/${kind}/${namespace}/${name}`}
      />
    </>
  );
}

/** What should be known beside the sentence. */
function Beside({ answer: { clusters, counts } }: { readonly answer: Evacuation }): ReactNode {
  const guarded = clusters.filter((cluster) => cluster.protected).length;
  const parts = [
    guarded > 0 && `${guarded} protected`,
    clusters.some(({ isOwn }) => isOwn) && 'Callboard itself runs there',
    counts.stateful > 0 && `${counts.stateful.toLocaleString()} StatefulSets`,
    counts.singletons > 0 && `${counts.singletons.toLocaleString()} of what is lost with one replica`,
    counts.hosts > 0 && `${counts.hosts.toLocaleString()} hosts that nothing elsewhere answers for`,
    counts.loadBalancers > 0 && `${counts.loadBalancers.toLocaleString()} load balancers`,
  ].filter((part) => part !== false);
  return (
    <p className="evacuation-beside">
      {clusters.slice(0, 8).map(({ name }) => (
        <Link key={name} to="/clusters/$name" params={{ name }} className="cluster-name">
          {name}
        </Link>
      ))}
      {clusters.length > 8 && <span>and {clusters.length - 8} more</span>}
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </p>
  );
}

/** What the answer lacks: clusters as a whole, and single kinds of clusters that are read otherwise. */
function Unread({ incomplete }: { readonly incomplete: readonly Incomplete[] }): ReactNode {
  const names = [...new Set(incomplete.flatMap(({ cluster, kind }) => (kind === undefined ? cluster : [])))];
  const parts = incomplete.flatMap(({ cluster, kind }) => (kind === undefined ? [] : `${kind} of ${cluster}`));
  return (
    <>
      {names.length > 0 && (
        <p className="evacuation-unread">
          <Mark state="unknown">
            {names.length === 1 ? '1 cluster is' : `${names.length} clusters are`} not read as of now; what runs there
            is not counted as what stays: {listed(names)}
          </Mark>
        </p>
      )}
      {parts.length > 0 && (
        <p className="evacuation-unread">
          <Mark state="unknown">Not read as of now, and not counted: {listed(parts)}</Mark>
        </p>
      )}
    </>
  );
}

function listed(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
}

function Single(): ReactNode {
  const answer = useSingle();
  const { data } = answer;
  return (
    <>
      {answer.failure && <FailureNotice failure={answer.failure} onRetry={() => resources.repeat(answer.key)} />}
      <div className={answer.failure ? 'stack is-old' : 'stack'} aria-busy={answer.isLoading}>
        {!data && answer.isLoading && <Skeleton rows={6} label="Looking what is carried alone" />}
        {data && (
          <>
            <p className="evacuation-sentence">
              Of {data.counts.running.toLocaleString()} entities that run, {data.counts.cluster.toLocaleString()} are
              carried by one cluster alone, {data.counts.region.toLocaleString()} by one region.
            </p>
            <Unread incomplete={data.incomplete} />
            <LossTable
              title="Carried alone"
              items={data.items}
              total={data.counts.cluster + data.counts.region}
              columns={singleColumns}
              keyOf={({ ref }) => ref}
            />
          </>
        )}
      </div>
    </>
  );
}

function save(csv: string, name: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `evacuation-${name}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
