import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf, formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { SUMMARY_FIELDS } from '../../data/entity-summaries.ts';
import { api } from '../../data/session.ts';
import { useResource } from '../../data/use-resource.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { Empty } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { readRow } from '../catalog/row-fields.ts';
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
  const near = useNear(parts);
  if (near.length === 0) return null;
  return (
    <p className="near-names">
      Did you mean{' '}
      {near.map((entity) => {
        const ref = entityRefOf(entity);
        return <EntityLink key={ref} entityRef={ref} title={readRow(entity).title} />;
      })}
    </p>
  );
}

/** The nearest names: of the same name in another kind or namespace, or with a word of it. */
function useNear(parts: EntityRefParts): readonly RenderedEntity[] {
  const words = parts.name
    .toLowerCase()
    .split(/[^\p{Letter}\p{Number}]+/u)
    .filter((word) => word.length > 2);
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? parts.name;
  const { data } = useResource({
    key: `near ${longest}`,
    load: (signal, minRevision) =>
      api.call('GET /api/v1/entities', {
        query: { q: longest, limit: 50, order: 'metadata.name:asc', fields: SUMMARY_FIELDS, minRevision },
        signal,
      }),
    isAffected: (batch) => batch.changes.length > 0,
  });
  const score = ({ kind, metadata }: RenderedEntity): number =>
    Number(metadata.name.toLowerCase() === parts.name.toLowerCase()) * 4 +
    Number(kind.toLowerCase() === parts.kind.toLowerCase()) * 2 +
    Number(metadata.name.includes(longest));
  return (data?.items ?? []).toSorted((a, b) => score(b) - score(a)).slice(0, SHOWN);
}
