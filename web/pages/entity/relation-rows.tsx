import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { useSummaries } from '../../data/entity-summaries.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { readRow, type RowFields } from '../catalog/row-fields.ts';

/** One row: an entity by ref, and whether the catalog holds it. */
export interface RelatedEntity {
  readonly ref: string;
  readonly exists: boolean;
}

/** Entities with what tells them apart: name, type, lifecycle, owner; those that are missing are marked. */
export function RelationRows({
  entities,
  near,
  label,
}: {
  readonly entities: readonly RelatedEntity[];
  readonly near: string;
  readonly label: string;
}): ReactNode {
  const summaries = useSummaries(entities.filter(({ exists }) => exists).map(({ ref }) => ref));
  return (
    <table className="table table-stack relation-table">
      <caption className="visually-hidden">{label}</caption>
      <colgroup>
        <col className="col-related" />
        <col className="col-related-type" />
        <col className="col-related-lifecycle" />
        <col />
      </colgroup>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">Lifecycle</th>
          <th scope="col">Owner</th>
        </tr>
      </thead>
      <tbody>
        {entities.map(({ ref, exists }) => {
          const entity = summaries.data?.get(ref);
          return <Row key={ref} entityRef={ref} exists={exists} near={near} row={entity && readRow(entity)} />;
        })}
      </tbody>
    </table>
  );
}

function Row({
  entityRef,
  exists,
  near,
  row,
}: {
  readonly entityRef: string;
  readonly exists: boolean;
  readonly near: string;
  readonly row: RowFields | undefined;
}): ReactNode {
  return (
    <tr>
      <th scope="row">
        <EntityLink entityRef={entityRef} title={row?.title} near={near} exists={exists} />
      </th>
      {exists ? (
        <>
          <td>{row?.type ?? <span className="faint">{parseEntityRef(entityRef)?.kind}</span>}</td>
          <td>{row?.lifecycle !== undefined && <Lifecycle word={row.lifecycle} />}</td>
          <td>{row?.owner !== undefined && <EntityLink entityRef={row.owner} near={near} isPlain />}</td>
        </>
      ) : (
        <td colSpan={3}>
          <MissingNote entityRef={entityRef} />
        </td>
      )}
    </tr>
  );
}

/** A lifecycle; what is on its way out is struck, since to build on it is a mistake. */
export function Lifecycle({ word }: { readonly word: string }): ReactNode {
  return <span className={word === 'deprecated' ? 'lifecycle is-deprecated' : 'lifecycle'}>{word}</span>;
}

/** Says that a ref leads nowhere, and where to look for what was meant. */
export function MissingNote({ entityRef }: { readonly entityRef: string }): ReactNode {
  return (
    <span className="missing-note">
      not in the catalog ·{' '}
      <Link to="/catalog" search={{ q: parseEntityRef(entityRef)?.name }} className="accent">
        look for it
      </Link>
    </span>
  );
}
