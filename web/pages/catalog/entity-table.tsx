import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { COLUMNS, nextSort, sortOf, type CatalogSearch } from './catalog-search.ts';
import { readRow, type RowFields } from './row-fields.ts';

const FLASH_MS = 1200;

/** One page of entities as a table; on a narrow screen name and owner stay, with kind and type below the name. */
export function EntityTable({
  entities,
  search,
}: {
  readonly entities: readonly RenderedEntity[];
  readonly search: CatalogSearch;
}): ReactNode {
  const list = useRowKeys(true);
  return (
    <div ref={list} className="table-frame">
      <table className={search.kind === undefined ? 'table entity-table' : 'table entity-table is-one-kind'}>
        <caption className="visually-hidden">Entities</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ key, title }) => (
              <SortHeader key={key} column={key} title={title} search={search} />
            ))}
          </tr>
        </thead>
        <tbody>
          {entities.map((entity) => {
            const row = readRow(entity);
            return <Row key={row.ref} row={row} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

function SortHeader({
  column,
  title,
  search,
}: {
  readonly column: string;
  readonly title: string;
  readonly search: CatalogSearch;
}): ReactNode {
  const sort = sortOf(search);
  const isSorted = sort.key === column;
  const state = isSorted ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined;
  return (
    <th scope="col" className={`col-${column}`} aria-sort={state}>
      <Link
        to="/catalog"
        search={(now: CatalogSearch) => ({ ...now, cursor: undefined, sort: nextSort(now, column) })}
        className="sort"
        resetScroll={false}
      >
        {title}
        <span className="sort-arrow" aria-hidden="true">
          {state === 'ascending' ? '↑' : state === 'descending' ? '↓' : ''}
        </span>
      </Link>
    </th>
  );
}

function Row({ row }: { readonly row: RowFields }): ReactNode {
  const element = useRef<HTMLTableRowElement>(null);
  const etag = useRef(row.etag);
  useEffect(() => {
    if (etag.current !== row.etag) flash(element.current);
    etag.current = row.etag;
  }, [row.etag]);
  const parts = parseEntityRef(row.ref);
  return (
    <tr ref={element}>
      <th scope="row" className="col-name">
        {parts && (
          <Link
            to="/catalog/$kind/$namespace/$name"
            params={parts}
            className="row-link"
            data-row-link={row.ref}
            title={row.ref}
          >
            <KindGlyph kind={row.kind} />
            <span className="row-title">{row.title}</span>
            {row.isRenamed && <code className="row-name">{parts.name}</code>}
            {parts.namespace !== 'default' && <span className="row-namespace">{parts.namespace}</span>}
            <span className="row-description">{row.description}</span>
          </Link>
        )}
        <span className="row-sub">
          {row.kind}
          {row.type !== undefined && ` · ${row.type}`}
        </span>
      </th>
      <td className="col-kind">{row.kind}</td>
      <td className="col-type">{row.type ?? <Absent />}</td>
      <td className="col-owner">
        {row.owner === undefined ? <Absent /> : <EntityLink entityRef={row.owner} near={parts?.namespace} isPlain />}
      </td>
      <td className="col-lifecycle">{row.lifecycle ?? <Absent />}</td>
      <td className="col-system">
        {row.partOf === undefined ? <Absent /> : <EntityLink entityRef={row.partOf} near={parts?.namespace} isPlain />}
      </td>
    </tr>
  );
}

function Absent(): ReactNode {
  return (
    <span className="absent">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">none</span>
    </span>
  );
}

/** Keeps the eye on what changed; nothing moves for people who asked for that. */
function flash(row: HTMLElement | null): void {
  if (!row || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  row.animate([{ backgroundColor: 'var(--accent-soft)' }, { backgroundColor: 'transparent' }], FLASH_MS);
}
