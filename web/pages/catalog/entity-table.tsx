import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ListedEntity } from '../../../src/api/entity.ts';
import { entityRefOf } from '../../../src/model/ref.ts';
import { useRowKeys } from '../../ui/row-keys.ts';
import { columnOf, columnsOf, type Column } from './catalog-columns.ts';
import { nextSort, sortOf, valuesOf, type CatalogSearch } from './catalog-search.ts';
import { factOf, HEALTH } from './cell-value.tsx';
import { cellClass, EntityRow } from './entity-row.tsx';
import type { Selection } from './use-selection.ts';

/** Room that the name has at least, and the ticks, px. */
const NAME_WIDTH = 220;
const CHOOSE_WIDTH = 32;

/** One page of entities as a table; on a narrow screen each row is a small card. */
export function EntityTable({
  entities,
  search,
  selection,
  peek,
}: {
  readonly entities: readonly ListedEntity[];
  readonly search: CatalogSearch;
  readonly selection: Selection;
  readonly peek: (ref: string) => void;
}): ReactNode {
  const frame = useRowKeys(true);
  const refs = entities.map(entityRefOf);
  const columns = shownColumns(search, entities);
  const least = columns.reduce((sum, { width }) => sum + width, NAME_WIDTH + CHOOSE_WIDTH);
  const chosen = refs.filter((ref) => selection.has(ref)).length;
  // The usual columns give way on a narrow screen; those that somebody chose are scrolled to.
  const isUsual = search.cols === undefined;
  return (
    <div ref={frame} className="table-frame">
      <table
        className={`table entity-table${isUsual ? ' is-usual' : ''}${search.rows === 'comfortable' ? ' is-comfortable' : ''}`}
        style={isUsual ? undefined : { minWidth: least }}
      >
        <caption className="visually-hidden">Entities</caption>
        <thead>
          <tr>
            <th scope="col" className="col-choose">
              <label className="choose">
                <input
                  type="checkbox"
                  aria-label="Choose all rows of this page"
                  checked={chosen === refs.length}
                  ref={(input) => {
                    if (input) input.indeterminate = chosen > 0 && chosen < refs.length;
                  }}
                  onChange={() => selection.toggleAll(refs)}
                />
              </label>
            </th>
            <SortHeader column={columnOf('name')} search={search} />
            {columns.map((column) => (
              <SortHeader key={column.key} column={column} search={search} />
            ))}
          </tr>
        </thead>
        <tbody>
          {entities.map((entity, at) => {
            const ref = refs[at] ?? '';
            return (
              <EntityRow
                key={ref}
                entity={entity}
                columns={columns}
                isChosen={selection.has(ref)}
                isPeeked={search.peek === ref}
                toggle={(isRange) => (isRange ? selection.toggleRange(ref, refs) : selection.toggle(ref))}
                peek={() => peek(ref)}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The columns; where one kind is chosen, its own would say the same word in every row. */
function shownColumns(search: CatalogSearch, entities: readonly ListedEntity[]): readonly Column[] {
  const runs = entities.some((entity) => factOf(entity, HEALTH) !== undefined);
  const columns = columnsOf(search.cols, runs);
  const isOneKind = search.cols === undefined && valuesOf(search, 'kind').length === 1;
  return isOneKind ? columns.filter(({ key }) => key !== 'kind') : columns;
}

function SortHeader({
  column,
  search,
}: {
  readonly column: Column | undefined;
  readonly search: CatalogSearch;
}): ReactNode {
  if (!column) return null;
  const { key, title, path, width } = column;
  const sort = sortOf(search);
  const state = sort.key === key ? (sort.direction === 'asc' ? 'ascending' : 'descending') : undefined;
  return (
    <th
      scope="col"
      className={key === 'name' ? 'col-name' : cellClass(column)}
      aria-sort={state}
      style={key === 'name' ? undefined : { width }}
    >
      <Link
        to="/catalog"
        search={(now: CatalogSearch) => ({ ...now, cursor: undefined, sort: nextSort(now, key) })}
        className="sort"
        title={path}
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
