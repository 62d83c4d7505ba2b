import type { ReactNode } from 'react';
import { Mark } from '../ui/mark.tsx';
import { keyLabels } from '../ui/chord.ts';
import type { Failure } from '../ui/notice.tsx';
import { isAppleKeyboard } from '../ui/shortcuts.ts';
import type { PaletteItem } from './palette-item.ts';
import type { PaletteRows } from './use-rows.ts';

/** What stands above the rows: that there is nothing by that name, or that one may not see entities. */
export function PaletteEmpty({
  found: { rows, isWaiting, failure, words },
  typed,
  mayFind,
}: {
  readonly found: PaletteRows;
  readonly typed: string;
  readonly mayFind: boolean;
}): ReactNode {
  const isSettled = !isWaiting && !failure;
  const isMissing = isSettled && words.length > 0 && rows.every(({ item }) => item.group === 'more');
  return (
    <>
      {isMissing && <p className="palette-empty">Nothing is called “{typed.trim()}”, nor spelled much like it.</p>}
      {isSettled && words.length === 0 && rows.length === 0 && (
        <p className="palette-empty">There is nothing here yet.</p>
      )}
      {!mayFind && (
        <p className="palette-empty">Entities are not searched: it needs the permission catalog.entity.read.</p>
      )}
    </>
  );
}

/** That the server did not answer: what is shown is what this browser knows. */
export function PaletteFailure({
  failure,
  retry,
}: {
  readonly failure: Failure | undefined;
  readonly retry: () => void;
}): ReactNode {
  if (!failure) return null;
  return (
    <output className="palette-failure">
      <Mark state="stale">{failure.title}</Mark> <span>What is shown is what this browser knows of.</span>
      <button type="button" className="button button-small" onClick={retry}>
        Try again
      </button>
    </output>
  );
}

/** The keys, what came of an action, and the count, which is told to whoever does not see the rows. */
export function PaletteFoot({
  found: { rows, active, isWaiting, hasMore },
  noun,
  outcome,
}: {
  readonly found: PaletteRows;
  readonly noun: string;
  readonly outcome: string | undefined;
}): ReactNode {
  const item = rows[active]?.item;
  const count = rows.filter(({ item: { group } }) => group !== 'more').length;
  const counted = `${count}${hasMore ? '+' : ''} ${count === 1 && !hasMore ? noun : `${noun}s`}`;
  const [newTab = ''] = keyLabels('mod+Enter', isAppleKeyboard());
  const hints = [
    { key: 'Enter', does: enterDoes(item), isShown: item !== undefined },
    { key: newTab, does: 'In a new tab', isShown: item?.to !== undefined },
    {
      key: 'Tab',
      does: item?.entity ? 'Actions' : 'What has it',
      isShown: (item?.entity ?? item?.typed) !== undefined,
    },
  ];
  return (
    <div className="palette-foot">
      <span className="palette-hints" aria-hidden="true">
        {hints
          .filter(({ isShown }) => isShown)
          .map(({ key, does }) => (
            <span key={key}>
              <kbd>{key}</kbd> {does}
            </span>
          ))}
      </span>
      <output className="palette-count" aria-live="polite">
        {outcome ?? (isWaiting ? '' : counted)}
      </output>
    </div>
  );
}

function enterDoes(item: PaletteItem | undefined): string {
  if (item?.to !== undefined) return 'Open';
  return item?.typed === undefined ? 'Do it' : 'Type it';
}
