import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { FocusEvent, ReactNode } from 'react';
import type { ListedEntity } from '../../../src/api/entity.ts';
import { entityRefOf } from '../../../src/model/ref.ts';
import { rememberList } from '../../data/list-walk.ts';
import type { Answer } from '../../data/use-resource.ts';
import { Pager } from '../../ui/pager.tsx';
import { useShortcut } from '../../ui/shortcuts.ts';
import { useSteadyItems } from '../../ui/steady-items.ts';
import { searchText, type CatalogSearch } from './catalog-search.ts';
import { EmptyList } from './empty-list.tsx';
import { EntityTable } from './entity-table.tsx';
import { SelectionBar } from './selection-bar.tsx';
import type { EntityPageData } from './use-catalog.ts';
import type { Peek } from './use-peek.ts';
import { useSelection } from './use-selection.ts';

const NOTHING: readonly ListedEntity[] = [];

/** The ref of the row that has the focus. */
function focusedRef(frame: HTMLElement | null): string | undefined {
  const row = document.activeElement?.closest('tr');
  return row && frame?.contains(row) === true
    ? row.querySelector<HTMLElement>('[data-row-link]')?.dataset['rowLink']
    : undefined;
}

/** The page of the list: its rows, what is chosen of them, and the way to the other pages. */
export function EntityList({
  page,
  search,
  peek,
}: {
  readonly page: Answer<EntityPageData>;
  readonly search: CatalogSearch;
  readonly peek: Peek;
}): ReactNode {
  const navigate = useNavigate({ from: '/catalog' });
  const [isPointed, setIsPointed] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const { items, waiting, show } = useSteadyItems<ListedEntity>(
    `${page.isPrevious} ${page.key}`,
    page.data?.items ?? NOTHING,
    entityRefOf,
    isPointed || isFocused,
  );
  const refs = items.map(entityRefOf);
  const selection = useSelection(`${searchText(search) ?? ''} ${search.where ?? ''}`);
  useListShortcuts({ frame, refs, peek, selection });
  const shown = refs.join(' ');
  useEffect(() => rememberList(shown.split(' ')), [shown]);
  if (!page.data) return null;
  if (items.length === 0) return <EmptyList search={search} unknown={page.data.unknown} />;
  const showWaiting = (): void => {
    // The button goes away; the focus stays at the list, which is not a row.
    frame.current?.focus({ preventScroll: true });
    show();
  };
  const onFocus = (event: FocusEvent): void => {
    setIsFocused(event.target !== event.currentTarget);
    const ref = event.target instanceof HTMLElement ? event.target.dataset['rowLink'] : undefined;
    // What is looked at follows the walk through the rows.
    if (ref !== undefined && peek.ref !== undefined && peek.ref !== ref) peek.open(ref);
  };
  const isOld = page.isPrevious || page.failure !== undefined;
  return (
    <div
      ref={frame}
      tabIndex={-1}
      className={isOld ? 'is-old' : undefined}
      onPointerEnter={() => setIsPointed(true)}
      onPointerLeave={() => setIsPointed(false)}
      onFocus={onFocus}
      onBlur={(event) => setIsFocused(event.currentTarget.contains(event.relatedTarget))}
    >
      <output className="waiting">
        {waiting > 0 && (
          <button type="button" className="button button-small" onClick={showWaiting}>
            {waiting === 1 ? 'The list changed' : `${waiting} rows changed`} · show
          </button>
        )}
      </output>
      <EntityTable entities={items} search={search} selection={selection} peek={peek.open} />
      <SelectionBar selection={selection} search={search} />
      <Pager
        label="Pages of the catalog"
        shown={items.length}
        total={page.data.total}
        previous={page.data.previous}
        next={page.data.next}
        go={(cursor) => void navigate({ search: (now: CatalogSearch) => ({ ...now, cursor, peek: undefined }) })}
      />
    </div>
  );
}

/** Keys of the rows: look at one, choose it, choose up to it. */
function useListShortcuts({
  frame,
  refs,
  peek,
  selection,
}: {
  readonly frame: { readonly current: HTMLElement | null };
  readonly refs: readonly string[];
  readonly peek: Peek;
  readonly selection: ReturnType<typeof useSelection>;
}): void {
  const onRow = (act: (ref: string) => void) => (): boolean => {
    const ref = focusedRef(frame.current);
    if (ref === undefined) return false;
    act(ref);
    return true;
  };
  useShortcut(
    'row.peek',
    onRow((ref) => (ref === peek.ref ? peek.close() : peek.open(ref))),
  );
  useShortcut('row.select', onRow(selection.toggle));
  useShortcut(
    'row.selectRange',
    onRow((ref) => selection.toggleRange(ref, refs)),
  );
}
