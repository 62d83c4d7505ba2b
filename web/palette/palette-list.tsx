import type { MouseEvent, ReactNode } from 'react';
import { GROUPS, type PaletteRow } from './palette-item.ts';
import { groupRows } from './palette-rows.ts';
import { RowContent } from './palette-row.tsx';

/** The rows under the titles of their groups. The focus stays in the field; keys are the field's. */
export function PaletteList({
  id,
  rows,
  active,
  words,
  isAlone,
  choose,
  open,
}: {
  readonly id: string;
  readonly rows: readonly PaletteRow[];
  readonly active: number;
  readonly words: readonly string[];
  /** True where there is one group, and the field says what it is. */
  readonly isAlone: boolean;
  readonly choose: (index: number) => void;
  readonly open: (row: PaletteRow, inNewTab: boolean) => void;
}): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no element of HTML is a list with groups, pictures and marks
    <div id={id} role="listbox" aria-label="Results" className={isAlone ? 'palette-list is-alone' : 'palette-list'}>
      {groupRows(rows).map(({ group, first, rows: own }) => (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- as above
        <div key={`${group} ${first}`} role="group" aria-labelledby={`${id}-group-${first}`}>
          <div id={`${id}-group-${first}`} className="palette-group">
            {GROUPS[group]}
          </div>
          {own.map((row, at) => (
            <Option
              key={row.item.id}
              id={`${id}-${first + at}`}
              row={row}
              isActive={first + at === active}
              words={words}
              choose={() => choose(first + at)}
              open={open}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function Option({
  id,
  row,
  isActive,
  words,
  choose,
  open,
}: {
  readonly id: string;
  readonly row: PaletteRow;
  readonly isActive: boolean;
  readonly words: readonly string[];
  readonly choose: () => void;
  readonly open: (row: PaletteRow, inNewTab: boolean) => void;
}): ReactNode {
  const isDisabled = row.item.disabledReason !== undefined;
  const onClick = (event: MouseEvent): void => {
    if (event.button === 0 || event.button === 1) open(row, event.button === 1 || event.ctrlKey || event.metaKey);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- as above
    <div
      id={id}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- as above
      role="option"
      aria-selected={isActive}
      aria-disabled={isDisabled || undefined}
      className="palette-row"
      ref={(element) => {
        if (isActive) element?.scrollIntoView({ block: 'nearest' });
      }}
      // The pointer that rests where rows come up has chosen nothing; only one that moves has.
      onPointerMove={isActive ? undefined : choose}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onClick}
      onAuxClick={onClick}
    >
      <RowContent row={row} words={words} />
    </div>
  );
}
