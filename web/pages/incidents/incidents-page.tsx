import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { IncidentList } from '../../../src/api/incidents.ts';
import { useBreadcrumbs } from '../../app/breadcrumbs.tsx';
import { resources } from '../../data/session.ts';
import { Age } from '../../ui/age.tsx';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Mark } from '../../ui/mark.tsx';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FleetTabs } from '../clusters/fleet-tabs.tsx';
import { EndedIncident, IncidentCard } from './incident-card.tsx';
import type { IncidentsSearch } from './incidents-search.ts';
import { useIncidents } from './use-incidents.ts';

/** What fails together in the fleet: one card each, open ones above those that ended. */
export function IncidentsPage(): ReactNode {
  const search: IncidentsSearch = useSearch({ from: '/fleet/incidents' });
  const incidents = useIncidents(search);
  useDocumentTitle('Incidents');
  useBreadcrumbs([{ label: 'Clusters', to: '/clusters' }, { label: 'Incidents' }]);
  const { data, failure, isLoading, key } = incidents;
  return (
    <>
      <FleetTabs />
      <PageHead title="Incidents" sub={<Checked list={data} />} />
      {failure && <FailureNotice failure={failure} onRetry={() => resources.repeat(key)} />}
      <Choices search={search} />
      {!data && isLoading && <Skeleton rows={6} label="Loading the incidents" />}
      {data && (
        <div className={failure ? 'is-old' : undefined} aria-busy={isLoading}>
          <Unread list={data} />
          <Incidents list={data} search={search} />
        </div>
      )}
    </>
  );
}

function Checked({ list }: { readonly list: IncidentList | undefined }): ReactNode {
  if (!list) return <span>&nbsp;</span>;
  const open = list.items.filter(({ state }) => state === 'open').length;
  return (
    <>
      <span>{open === 0 ? 'None open' : `${open} open`}</span>
      <span>{counted(list.looked, 'cluster')} looked at</span>
      <span>{list.checkedAt === undefined ? 'not checked yet' : <CheckedAgo at={list.checkedAt} />}</span>
    </>
  );
}

function CheckedAgo({ at }: { readonly at: string }): ReactNode {
  return (
    <>
      checked <Age at={Date.parse(at)} suffix=" ago" />
    </>
  );
}

const states = [
  { state: undefined, word: 'All' },
  { state: 'open', word: 'Open' },
  { state: 'ended', word: 'Ended' },
] as const;

function Choices({ search }: { readonly search: IncidentsSearch }): ReactNode {
  const chosen = [
    search.entity === undefined ? undefined : (['entity', search.entity] as const),
    search.cluster === undefined ? undefined : (['cluster', search.cluster] as const),
  ].filter((each) => each !== undefined);
  return (
    <div className="incident-bar">
      <nav className="incident-states" aria-label="State">
        {states.map(({ state, word }) => (
          <ChoiceLink
            key={word}
            from="/fleet/incidents"
            to="/fleet/incidents"
            search={{ ...search, id: undefined, state }}
            isOn={search.state === state}
            className="incident-state"
          >
            {word}
          </ChoiceLink>
        ))}
      </nav>
      {chosen.map(([name, value]) => (
        <Link
          key={name}
          from="/fleet/incidents"
          to="/fleet/incidents"
          search={{ ...search, [name]: undefined }}
          className="chip incident-chip"
        >
          {name}: {value} <span aria-hidden="true">×</span>
          <span className="visually-hidden">, take off</span>
        </Link>
      ))}
    </div>
  );
}

/** Where not all could be looked at, no incident means less. */
function Unread({ list: { incomplete } }: { readonly list: IncidentList }): ReactNode {
  if (incomplete.length === 0) return null;
  const names = [...new Set(incomplete.map(({ cluster }) => cluster))];
  return (
    <p className="incident-unread">
      <Mark state="stale">Not all of {counted(names.length, 'cluster')} could be looked at as of now</Mark>{' '}
      {names.slice(0, 8).map((name, at) => (
        <span key={name}>
          {at > 0 && ', '}
          <Link to="/clusters/$name" params={{ name }} className="accent">
            {name}
          </Link>
        </span>
      ))}
      {names.length > 8 && ` and ${names.length - 8} more`}
    </p>
  );
}

function Incidents({ list, search }: { readonly list: IncidentList; readonly search: IncidentsSearch }): ReactNode {
  const open = list.items.filter(({ state }) => state === 'open');
  const ended = list.items.filter(({ state }) => state === 'ended');
  const isUnknown = search.id !== undefined && !list.items.some(({ id }) => id === search.id);
  return (
    <>
      {isUnknown && (
        <output className="incident-unread">
          The incident that this link names is over and forgotten, or you may not see it.
        </output>
      )}
      {open.length === 0 && search.state !== 'ended' && <NoneOpen list={list} search={search} />}
      <div className="incident-list">
        {open.map((incident) => (
          <IncidentCard key={incident.id} incident={incident} isMeant={incident.id === search.id} />
        ))}
      </div>
      {ended.length > 0 && (
        <section className="incident-ended" aria-labelledby="incidents-ended">
          <h2 id="incidents-ended">Ended</h2>
          {ended.map((incident) => (
            <EndedIncident key={incident.id} incident={incident} isMeant={incident.id === search.id} />
          ))}
        </section>
      )}
      {ended.length === 0 && search.state === 'ended' && <p className="faint">None ended in the last 30 days.</p>}
    </>
  );
}

function NoneOpen({ list, search }: { readonly list: IncidentList; readonly search: IncidentsSearch }): ReactNode {
  if (list.looked === 0) {
    return (
      <Empty title="No cluster is connected" command="npm start -- --kubeconfig ~/.kube/config">
        Incidents are found in the clusters that are read. See <code>docs/how-to/clusters.md</code>.
      </Empty>
    );
  }
  const isNarrowed = search.entity !== undefined || search.cluster !== undefined;
  const what = isNarrowed ? 'Nothing of this choice fails together' : 'Nothing fails together';
  return (
    <p className="incident-none">
      <Mark state={list.checkedAt === undefined || list.incomplete.length > 0 ? 'unknown' : 'healthy'}>{what}</Mark>
      {'; '}
      {list.checkedAt === undefined ? 'the clusters are not looked at yet.' : <CheckedAgo at={list.checkedAt} />}
    </p>
  );
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString()} ${count === 1 ? word : `${word}s`}`;
}
