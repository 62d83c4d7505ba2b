import { Link, useCanGoBack, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { useKeys } from '../../ui/keys.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { DescriptorView } from './descriptor-view.tsx';
import { EntityHead } from './entity-head.tsx';
import type { EntitySearch } from './entity-search.ts';
import { FactsView } from './facts-view.tsx';
import { HistoryView } from './history-view.tsx';
import { Overview } from './overview.tsx';
import { EntityProblemsView } from './problems-view.tsx';
import { RelationsView } from './relations-view.tsx';
import { Sections } from './sections.tsx';
import { useEntity } from './use-entity.ts';
import { Verdict } from './verdict.tsx';

/** One entity: what it is, whose, what is known and what is wrong, with everything else one click away. */
export function EntityPage(): ReactNode {
  const parts: EntityRefParts = useParams({ from: '/catalog/$kind/$namespace/$name' });
  const entity = useEntity(parts);
  useBackKey();
  const title = entity.data ? readRow(entity.data).title : parts.name;
  useDocumentTitle(title);
  // While the answer for another entity is still there, it is not this page's.
  const shown = entity.isPrevious ? undefined : entity.data;
  if (entity.failure?.status === 404) return <NoSuchEntity parts={parts} />;
  if (!shown) {
    return (
      <>
        <PageHead title={parts.name} sub={<span>{parts.kind}</span>} />
        {entity.failure ? (
          <FailureNotice failure={entity.failure} onRetry={() => resources.repeat(entity.key)} />
        ) : (
          <Skeleton rows={8} label={`Loading ${parts.name}`} />
        )}
      </>
    );
  }
  return (
    <>
      <EntityHead entity={shown} />
      {entity.failure && <FailureNotice failure={entity.failure} onRetry={() => resources.repeat(entity.key)} />}
      <Verdict parts={parts} />
      <div className="entity-columns">
        <Sections parts={parts} />
        <div className="entity-content">
          <View entity={shown} parts={parts} />
        </div>
      </div>
    </>
  );
}

function View({
  entity,
  parts,
}: {
  readonly entity: NonNullable<ReturnType<typeof useEntity>['data']>;
  readonly parts: EntityRefParts;
}): ReactNode {
  const search: EntitySearch = useSearch({ from: '/catalog/$kind/$namespace/$name' });
  switch (search.view) {
    case 'relations':
      return <RelationsView parts={parts} search={search} />;
    case 'facts':
      return <FactsView parts={parts} />;
    case 'problems':
      return <EntityProblemsView parts={parts} />;
    case 'history':
      return <HistoryView parts={parts} search={search} />;
    case 'descriptor':
      return <DescriptorView parts={parts} search={search} />;
    case 'overview':
    case undefined:
      return <Overview entity={entity} parts={parts} />;
  }
}

/** Esc goes back to where one came from, else to the catalog. */
function useBackKey(): void {
  const router = useRouter();
  const canGoBack = useCanGoBack();
  useKeys(
    useMemo(
      () => ({
        Escape: () => {
          if (canGoBack) router.history.back();
          else void router.navigate({ to: '/catalog' });
        },
      }),
      [router, canGoBack],
    ),
  );
}

function NoSuchEntity({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  return (
    <>
      <PageHead title={parts.name} sub={<span>{parts.kind}</span>} />
      <Empty
        title="The catalog has no such entity"
        actions={
          <p className="button-row">
            <Link to="/catalog" search={{ q: parts.name }} className="button">
              Look for “{parts.name}”
            </Link>
            {['group', 'user'].includes(parts.kind.toLowerCase()) && (
              <Link to="/catalog" search={{ owner: formatEntityRef(parts) }} className="button">
                See what names it as owner
              </Link>
            )}
            <Link to="/problems" className="button">
              See the problems
            </Link>
          </p>
        }
      >
        <code>{formatEntityRef(parts)}</code> does not exist, or you may not see it. Its descriptor may have a problem;
        when that is solved, it appears here by itself.
      </Empty>
    </>
  );
}
