import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MissingEntity } from '../../../src/api/unclaimed.ts';
import { resources } from '../../data/session.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { changeFilter, isNarrowed, MISSING_STATES, type MissingState, type UnownedSearch } from './unowned-search.ts';
import { useMissing } from './use-unowned.ts';
import { useClusters } from '../clusters/use-clusters.ts';
import { NoCluster } from './no-cluster.tsx';

const words: Readonly<Record<MissingState, { readonly word: string; readonly mark: MarkState }>> = {
  missing: { word: 'Missing', mark: 'warning' },
  undeployed: { word: 'May be not deployed', mark: 'progressing' },
  unknown: { word: 'Unknown', mark: 'unknown' },
};

/** Entities that should run somewhere and do not. */
export function MissingList({ search }: { readonly search: UnownedSearch }): ReactNode {
  const navigate = useNavigate({ from: '/fleet/unowned' });
  const page = useMissing(search);
  return (
    <>
      <States search={search} />
      {page.failure && <FailureNotice failure={page.failure} onRetry={() => resources.repeat(page.key)} />}
      {!page.data && page.isLoading && <Skeleton rows={8} label="Looking through the clusters" />}
      {page.data?.items.length === 0 && <NothingMissing isPart={isNarrowed(search)} />}
      {page.data && page.data.items.length > 0 && (
        <div className={page.isPrevious || page.failure ? 'is-old' : undefined} aria-busy={page.isLoading}>
          <MissingTable items={page.data.items} />
          <Pager
            label="Pages of entities"
            shown={page.data.items.length}
            total={page.data.total}
            previous={search.cursor === undefined ? undefined : ''}
            next={page.data.nextCursor}
            go={(cursor) =>
              void navigate({ search: (now: UnownedSearch) => changeFilter(now, { cursor: cursor || undefined }) })
            }
          />
        </div>
      )}
    </>
  );
}

function States({ search }: { readonly search: UnownedSearch }): ReactNode {
  return (
    <nav className="unowned-states" aria-label="States">
      {[undefined, ...MISSING_STATES].map((state) => (
        <ChoiceLink
          key={state ?? 'all'}
          from="/fleet/unowned"
          to="/fleet/unowned"
          search={(now: UnownedSearch) => changeFilter(now, { state })}
          className="chip"
          isOn={search.state === state}
          resetScroll={false}
        >
          {state === undefined ? 'All' : words[state].word}
        </ChoiceLink>
      ))}
    </nav>
  );
}

function MissingTable({ items }: { readonly items: readonly MissingEntity[] }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack unowned-table">
        <caption className="visually-hidden">Entities that run nowhere</caption>
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col">State</th>
            <th scope="col">Owner</th>
            <th scope="col">Looked for</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <MissingRow key={item.ref} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MissingRow({ item }: { readonly item: MissingEntity }): ReactNode {
  const { ref, title, type, owner, state, why, looked, unread } = item;
  const { word, mark } = words[state];
  const { clusters, namespace, cluster, ...sought } = looked;
  const place = [namespace, cluster].filter((part) => part !== undefined).join(', ');
  return (
    <tr>
      <th scope="row">
        <EntityLink entityRef={ref} title={title} />
        {type !== undefined && <span className="unowned-place">{type}</span>}
      </th>
      <td data-label="State">
        <Mark state={mark}>{word}</Mark>
      </td>
      <td data-label="Owner">
        {owner === undefined ? <span className="faint">–</span> : <EntityLink entityRef={owner} />}
      </td>
      <td data-label="Looked for">
        {Object.values(sought).map((text) => (
          <code key={text} className="unowned-entity">
            {text}
          </code>
        ))}
        <span className="unowned-place">
          {place === '' ? '' : `in ${place}, `}
          {clusters === 1 ? '1 cluster' : `${clusters} clusters`}
        </span>
      </td>
      <td className="unowned-why" data-label="Why">
        {why}
        {unread.length > 1 && <span className="unowned-place">{unread.slice(0, 6).join(', ')}</span>}
      </td>
    </tr>
  );
}

function NothingMissing({ isPart }: { readonly isPart: boolean }): ReactNode {
  const clusters = useClusters();
  if (clusters.data?.items.length === 0) return <NoCluster />;
  if (!isPart) {
    return (
      <Empty title="Everything that should run does">
        Each entity whose annotations say where it runs, and each service, was found in a cluster that you may see.
      </Empty>
    );
  }
  return (
    <Empty
      title="Nothing missing of this choice"
      actions={
        <Link from="/fleet/unowned" to="/fleet/unowned" search={{ view: 'missing' }} className="button">
          See all that is missing
        </Link>
      }
    >
      Others may be.
    </Empty>
  );
}
