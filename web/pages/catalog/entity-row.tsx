import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import type { ListedEntity } from '../../../src/api/entity.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { KindGlyph } from '../../ui/kind-glyph.tsx';
import type { Column } from './catalog-columns.ts';
import { CellValue } from './cell-value.tsx';
import { ProblemMark } from './problem-mark.tsx';
import { readRow } from './row-fields.ts';

const FLASH_MS = 1200;

/** One entity of the list. A click beside its links looks at it. */
export function EntityRow({
  entity,
  columns,
  isChosen,
  isPeeked,
  toggle,
  peek,
}: {
  readonly entity: ListedEntity;
  readonly columns: readonly Column[];
  readonly isChosen: boolean;
  readonly isPeeked: boolean;
  readonly toggle: (isRange: boolean) => void;
  readonly peek: () => void;
}): ReactNode {
  const row = readRow(entity);
  const element = useRef<HTMLTableRowElement>(null);
  const etag = useRef(row.etag);
  useEffect(() => {
    if (etag.current !== row.etag) flash(element.current);
    etag.current = row.etag;
  }, [row.etag]);
  const parts = parseEntityRef(row.ref);
  const onClick = (event: MouseEvent): void => {
    const isOnControl = event.target instanceof Element && event.target.closest('a, button, input, label') !== null;
    // Who selects text to copy it looks at nothing.
    if (isOnControl || event.defaultPrevented || getSelection()?.isCollapsed === false) return;
    peek();
  };
  const states = [isChosen && 'is-chosen', isPeeked && 'is-peeked'].filter((state) => state !== false);
  return (
    // Keys have their own way to look at a row: the shortcut of the list.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <tr ref={element} className={states.join(' ')} onClick={onClick}>
      <td className="col-choose">
        <label className="choose">
          <input
            type="checkbox"
            aria-label={`Choose ${row.title}`}
            checked={isChosen}
            onChange={(event) => toggle((event.nativeEvent as unknown as PointerEvent).shiftKey)}
          />
        </label>
      </td>
      <th scope="row" className="col-name">
        <span className="name-cell">
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
          <ProblemMark entity={entity} entityRef={row.ref} />
        </span>
      </th>
      {columns.map((column) => (
        <td key={column.key} className={cellClass(column)} data-label={column.title}>
          <CellValue column={column} entity={entity} row={row} />
        </td>
      ))}
    </tr>
  );
}

/** Class of the cells and the head of a column. */
export function cellClass({ key, path }: Column): string {
  const isNumber = /^facts\.(problems\.\w+|completeness\.score|kubernetes\.clusterCount)$/.test(path);
  const name = /^[a-z]+$/.test(key) ? `col-${key}` : 'col-path';
  return isNumber ? `${name} col-number` : name;
}

/** Keeps the eye on what changed; nothing moves for people who asked for that. */
function flash(row: HTMLElement | null): void {
  if (!row || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  row.animate([{ backgroundColor: 'var(--accent-soft)' }, { backgroundColor: 'transparent' }], FLASH_MS);
}
