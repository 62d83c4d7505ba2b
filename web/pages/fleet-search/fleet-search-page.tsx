import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FoundObject, FoundObjects } from '../../../src/api/fleet.ts';
import { useBreadcrumbs } from '../../app/breadcrumbs.tsx';
import { resources } from '../../data/session.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import type { Answer } from '../../data/use-resource.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useSteadyItems } from '../../ui/steady-items.ts';
import { FleetTabs } from '../clusters/fleet-tabs.tsx';
import { countText } from '../entity/count-text.ts';
import { Answered } from './answered.tsx';
import { nextShow, questionOf, type FleetQuestion, type FleetSearch } from './fleet-search.ts';
import { FoundTable, keyOfFound } from './found-table.tsx';
import { KindFacet, SearchBar, SearchChips } from './search-filters.tsx';
import { useFleetSearch, useKindCounts } from './use-fleet-search.ts';

const NOTHING: readonly FoundObject[] = [];

/** Questions that show what can be asked. */
const EXAMPLES: readonly FleetSearch[] = [
  { q: 'CrashLoopBackOff', kind: 'Pod' },
  { q: 'ImagePullBackOff' },
  { q: 'latest', kind: 'Deployment,StatefulSet' },
];

/** Finds any object in all clusters, by what is written in it. */
export function FleetSearchPage(): ReactNode {
  const search: FleetSearch = useSearch({ from: '/fleet/search' });
  const question = questionOf(search);
  const found = useFleetSearch(question);
  const kinds = useKindCounts(question, found.data);
  const { data: ui } = useUi();
  useDocumentTitle(question.q === undefined ? 'Search the clusters' : `${question.q} · Search`);
  useBreadcrumbs([{ label: 'Clusters', to: '/clusters' }, { label: 'Search' }]);
  return (
    <div className="fleet-search">
      <FleetTabs />
      <PageHead title="Search" sub={<Summary found={found} />} />
      <SearchBar search={search} hasClusters={isAble(ui, 'fleet.cluster.read')} />
      <SearchChips search={search} />
      {question.q === undefined && <Examples />}
      {question.q !== undefined && found.failure && (
        <FailureNotice failure={found.failure} onRetry={() => resources.repeat(found.key)} />
      )}
      {question.q !== undefined && !found.data && found.isLoading && <Skeleton rows={12} label="Searching" />}
      {found.data && (
        <>
          <Answered found={found.data} />
          <div className="fleet-search-columns">
            <KindFacet search={search} kinds={kinds} />
            <Found found={found} data={found.data} question={question} />
          </div>
        </>
      )}
    </div>
  );
}

function Summary({ found }: { readonly found: Answer<FoundObjects | undefined> }): ReactNode {
  if (!found.data || found.isPrevious) return <output>&nbsp;</output>;
  const { total, looked } = found.data;
  return (
    <output>
      {countText(total, 'object')} in {countText(looked, 'cluster')}
    </output>
  );
}

function Found({
  found,
  data,
  question,
}: {
  readonly found: Answer<FoundObjects | undefined>;
  readonly data: FoundObjects;
  readonly question: FleetQuestion;
}): ReactNode {
  const [isBusy, setIsBusy] = useState(false);
  const list = useRowKeys(data.items.length > 0);
  const { items, waiting, show } = useSteadyItems<FoundObject>(
    `${found.isPrevious} ${found.key}`,
    data.items.length === 0 ? NOTHING : data.items,
    keyOfFound,
    isBusy,
  );
  if (items.length === 0) return <NothingFound question={question} data={data} />;
  const words = (question.q ?? '').split(/\s+/);
  const isOld = found.isPrevious || found.failure !== undefined;
  const more = nextShow(question, data.total);
  return (
    <div
      ref={list}
      className={isOld ? 'fleet-found is-old' : 'fleet-found'}
      aria-busy={found.isLoading}
      onPointerEnter={() => setIsBusy(true)}
      onPointerLeave={() => setIsBusy(false)}
      onFocus={() => setIsBusy(true)}
      onBlur={(event) => setIsBusy(event.currentTarget.contains(event.relatedTarget))}
    >
      {waiting > 0 && (
        <output className="waiting">
          <button type="button" className="button button-small" onClick={show}>
            {countText(waiting, 'row')} changed · show
          </button>
        </output>
      )}
      <FoundTable items={items} words={words} />
      {data.total > items.length && (
        <p className="panel-foot">
          The {items.length.toLocaleString()} that fit best of {data.total.toLocaleString()}.{' '}
          {more === undefined ? (
            'More words find fewer.'
          ) : (
            <Link
              to="/fleet/search"
              search={(now: FleetSearch) => ({ ...now, show: more })}
              className="accent"
              resetScroll={false}
            >
              Show {Number(more).toLocaleString()}
            </Link>
          )}
        </p>
      )}
    </div>
  );
}

function NothingFound({
  question: { q, kind, cluster },
  data,
}: {
  readonly question: FleetQuestion;
  readonly data: FoundObjects;
}): ReactNode {
  if (data.looked === 0 && cluster.length === 0) {
    return (
      <Empty title="No cluster is connected" command="npm start -- --kubeconfig ~/.kube/config">
        Or none that you may see.
      </Empty>
    );
  }
  const isNarrowed = kind.length + cluster.length > 0;
  return (
    <Empty
      title={`Nothing with “${q}”${isNarrowed ? ' of this choice' : ''}`}
      actions={
        isNarrowed && (
          <Link to="/fleet/search" search={{ q }} className="button">
            Search all kinds and clusters
          </Link>
        )
      }
    >
      {data.incomplete.length > 0
        ? 'It may be where the clusters could not be read.'
        : 'Names, namespaces, images, nodes, labels and reasons of all objects were looked through.'}
    </Empty>
  );
}

function Examples(): ReactNode {
  return (
    <Empty title="What are you looking for?">
      <p>Names, namespaces, images, nodes, labels and reasons of all objects in all clusters are searched at once.</p>
      <ul className="plain chips fleet-examples" aria-label="Examples">
        {EXAMPLES.map((example) => (
          <li key={example.q}>
            <Link to="/fleet/search" search={example} className="chip">
              <code>
                {example.q}
                {example.kind !== undefined && ` kind:${example.kind}`}
              </code>
            </Link>
          </li>
        ))}
      </ul>
    </Empty>
  );
}
