import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FindItem } from '../../../src/api/find.ts';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { api } from '../../data/session.ts';
import { useResource } from '../../data/use-resource.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { Empty } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { useLatestSteps } from './use-entity.ts';

const SHOWN = 5;

/** In place of an entity that the catalog does not have: what has a name like it, where it was, what to do. */
export function MissingEntity({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const { data: ui } = useUi();
  const ref = formatEntityRef(parts);
  return (
    <>
      <PageHead title={parts.name} sub={<span>{parts.kind}</span>} />
      <Empty
        title="The catalog has no such entity"
        actions={
          <>
            <Near parts={parts} />
            <p className="button-row">
              <Link to="/catalog" search={{ q: parts.name }} className="button">
                Look for “{parts.name}”
              </Link>
              {['group', 'user'].includes(parts.kind.toLowerCase()) && (
                <Link to="/catalog" search={{ owner: ref }} className="button">
                  See what names it as owner
                </Link>
              )}
              <Link to="/problems" className="button">
                See the problems
              </Link>
              {isAble(ui, 'catalog.location.create') && (
                <Link to="/sources" className="button">
                  Register a location
                </Link>
              )}
            </p>
          </>
        }
      >
        <code>{ref}</code> does not exist, or you may not see it. Its descriptor may have a problem; when that is
        solved, it appears here by itself.
        <LastPlace parts={parts} />
      </Empty>
    </>
  );
}

/** Where it was declared when it left, for who may know. */
function LastPlace({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const [last] = useLatestSteps(parts).data?.items ?? [];
  if (!last) return null;
  return (
    <p>
      {last.op === 'deleted' ? 'It left the catalog ' : 'It was last changed '}
      <Age at={Date.parse(last.at)} suffix=" ago" />, declared in{' '}
      <LocationText location={last.location} source={last.source} />.
    </p>
  );
}

/** Entities with a name like it. */
function Near({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const near = useNear(parts.name);
  if (near.length === 0) return null;
  return (
    <p className="near-names">
      Did you mean{' '}
      {near.map(({ ref, title }) => (
        <EntityLink key={ref} entityRef={ref} title={title} />
      ))}
    </p>
  );
}

/** The nearest names; where the whole name is like none, those that are like its longest word. */
function useNear(name: string): readonly FindItem[] {
  const { data } = useResource<readonly FindItem[]>({
    key: `near ${name}`,
    load: async (signal, minRevision) => {
      const find = async (q: string): Promise<readonly FindItem[]> =>
        (await api.call('GET /api/v1/find', { query: { q, limit: SHOWN, minRevision }, signal })).items;
      const found = await find(name);
      return found.length > 0 ? found : find(longestWord(name));
    },
    isAffected: (batch) => batch.changes.length > 0,
  });
  return data ?? [];
}

function longestWord(name: string): string {
  const words = name.split(/[^\p{Letter}\p{Number}]+/u).toSorted((a, b) => b.length - a.length);
  return words[0] ?? name;
}
