import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { UnclaimedPage } from '../../../src/api/unclaimed.ts';
import { resources } from '../../data/session.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { UnreadNotice } from './unread-notice.tsx';
import { type Edits } from './choices.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { DescriptorPane } from './descriptor-pane.tsx';
import { UnclaimedTable } from './unclaimed-table.tsx';
import { changeFilter, isNarrowed, type UnownedSearch } from './unowned-search.ts';
import { useUnclaimed } from './use-unowned.ts';
import { useClusters } from '../clusters/use-clusters.ts';
import { NoCluster } from './no-cluster.tsx';

/** Workloads that no entity claims, with the descriptors that would. */
export function UnclaimedList({ search }: { readonly search: UnownedSearch }): ReactNode {
  const page = useUnclaimed(search);
  return (
    <>
      <Places search={search} />
      {page.failure && <FailureNotice failure={page.failure} onRetry={() => resources.repeat(page.key)} />}
      {!page.data && page.isLoading && <Skeleton rows={8} label="Looking through the clusters" />}
      {page.data && <UnreadNotice incomplete={page.data.incomplete} what="more may run there unclaimed" />}
      {page.data?.items.length === 0 && <NothingUnclaimed isPart={isNarrowed(search)} />}
      {page.data && page.data.items.length > 0 && (
        <div className={page.isPrevious || page.failure ? 'is-old' : undefined} aria-busy={page.isLoading}>
          <Chosen search={search} page={page.data} />
        </div>
      )}
    </>
  );
}

/** What is chosen and edited belongs to this list: other filters leave it, another page of the site ends it. */
function Chosen({ search, page }: { readonly search: UnownedSearch; readonly page: UnclaimedPage }): ReactNode {
  const navigate = useNavigate({ from: '/fleet/unowned' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [edits, setEdits] = useState<Edits>({});
  return (
    <>
      <ChosenBar search={search} total={page.total} chosen={chosen} edits={edits} choose={setChosen} />
      <div className={search.show === undefined ? 'unowned-columns' : 'unowned-columns has-pane'}>
        <div>
          <UnclaimedTable items={page.items} chosen={chosen} choose={setChosen} edits={edits} show={search.show} />
          <Pager
            label="Pages of workloads"
            shown={page.items.length}
            total={page.total}
            previous={search.cursor === undefined ? undefined : ''}
            next={page.nextCursor}
            go={(cursor) =>
              void navigate({ search: (now: UnownedSearch) => changeFilter(now, { cursor: cursor || undefined }) })
            }
          />
        </div>
        {search.show !== undefined && (
          <DescriptorPane
            key={search.show}
            workload={search.show}
            item={page.items.find((item) => `${item.kind}/${item.namespace ?? ''}/${item.name}` === search.show)}
            edits={edits}
            edit={setEdits}
          />
        )}
      </div>
    </>
  );
}

/** The places that were chosen, each of which can be taken off. */
function Places({ search }: { readonly search: UnownedSearch }): ReactNode {
  const places = (['namespace', 'cluster'] as const).filter((key) => search[key] !== undefined);
  if (places.length === 0) return null;
  return (
    <ul className="plain chips" aria-label="Chosen filters">
      {places.map((key) => (
        <li key={key}>
          <Link
            from="/fleet/unowned"
            to="/fleet/unowned"
            className="chip"
            search={(now: UnownedSearch) => changeFilter(now, { [key]: undefined })}
            resetScroll={false}
          >
            <span className="chip-key">{key}</span> {search[key]}
            <span aria-hidden="true" className="chip-cross">
              ×
            </span>
            <span className="visually-hidden">, take off</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function NothingUnclaimed({ isPart }: { readonly isPart: boolean }): ReactNode {
  const clusters = useClusters();
  if (clusters.data?.items.length === 0) return <NoCluster />;
  if (!isPart) {
    return (
      <Empty title="Everything that runs is in the catalog">
        Each workload in the clusters that you may see belongs to an entity. A new one that nobody registered appears
        here by itself.
      </Empty>
    );
  }
  return (
    <Empty
      title="Nothing unclaimed of this choice"
      actions={
        <Link from="/fleet/unowned" to="/fleet/unowned" className="button">
          See all that is unclaimed
        </Link>
      }
    >
      Elsewhere something may be.
    </Empty>
  );
}
