import { useRouter } from '@tanstack/react-router';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { parseEntityRef } from '../../src/model/ref.ts';
import { Icon } from '../app/icons.tsx';
import { describeFailure } from '../data/failure.ts';
import { isAble } from '../data/use-ui.ts';
import { useFocusedActions } from './actions.ts';
import { knownEntities } from './known-entities.ts';
import type { KnownEntity, PaletteItem, PaletteRow } from './palette-item.ts';
import { PaletteEmpty, PaletteFailure, PaletteFoot } from './palette-notes.tsx';
import { PaletteList } from './palette-list.tsx';
import { usePaletteKeys } from './palette-keys.ts';
import { closePalette, type PaletteStart } from './palette-state.ts';
import type { AnswerMemory } from './use-found.ts';
import { type PaletteLayer, type PaletteRows, usePaletteRows } from './use-rows.ts';

/** How long what came of an action is shown before the palette goes, ms. */
const OUTCOME_MS = 1100;

interface PaletteProps {
  readonly ui: Ui | undefined;
  readonly opening: number;
  readonly start: PaletteStart;
}

/** The palette while it is open: one field, and under it whatever the text may mean. */
export function Palette({ ui, opening, start }: PaletteProps): ReactNode {
  const id = useId();
  const dialog = useModal();
  const [layers, setLayers] = useState<readonly PaletteLayer[]>(() => [firstLayer(start)]);
  const [typed, setTyped] = useState(start.kind === 'find' ? start.text : '');
  const [chosen, setChosen] = useState<number | undefined>();
  const [attempt, setAttempt] = useState(0);
  const [memory] = useState<AnswerMemory>(() => new Map());
  const layer = layers.at(-1) ?? { kind: 'find' };
  const found = usePaletteRows({ ui, opening, typed, layer, attempt }, chosen, memory);
  const type = (text: string): void => {
    setTyped(text);
    setChosen(undefined);
  };
  const { open, outcome } = useOpening(dialog, type);
  const back = (): void => {
    if (layers.length === 1) closePalette();
    else setLayers(layers.slice(0, -1));
    type('');
  };
  const drill = ({ entity, typed: text }: PaletteItem): void => {
    if (entity) setLayers([...layers, { kind: 'subject', entity, hasPageActions: false }]);
    type(entity ? '' : (text ?? ''));
  };
  const onKeyDown = usePaletteKeys(found, {
    typed,
    isFirst: layers.length === 1,
    choose: setChosen,
    open,
    drill,
    back,
  });
  const subject = useSubject(layer);
  return (
    // A click beside the palette closes it; Escape does it for the keyboard.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className="palette"
      aria-label={subject === undefined ? 'Find anything' : `Actions for ${subject}`}
      onClick={(event) => event.target === event.currentTarget && closePalette()}
      onCancel={(event) => {
        event.preventDefault();
        back();
      }}
    >
      <div className="palette-box">
        <PaletteHead
          listId={`${id}-list`}
          found={found}
          subject={subject}
          typed={typed}
          type={type}
          onKeyDown={onKeyDown}
          back={back}
        />
        <div className={found.isWaiting ? 'palette-line is-waiting' : 'palette-line'} />
        <PaletteEmpty found={found} typed={typed} mayFind={ui === undefined || isAble(ui, 'catalog.entity.read')} />
        <PaletteList
          id={`${id}-list`}
          rows={found.rows}
          active={found.active}
          words={found.words}
          isAlone={layer.kind === 'subject'}
          choose={setChosen}
          open={open}
        />
        <PaletteFailure failure={found.failure} retry={() => setAttempt(attempt + 1)} />
        <PaletteFoot found={found} noun={layer.kind === 'subject' ? 'action' : 'result'} outcome={outcome} />
      </div>
    </dialog>
  );
}

/** The field, what it is about, and the way back. */
function PaletteHead({
  listId,
  found,
  subject,
  typed,
  type,
  onKeyDown,
  back,
}: {
  readonly listId: string;
  readonly found: PaletteRows;
  readonly subject: string | undefined;
  readonly typed: string;
  readonly type: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly back: () => void;
}): ReactNode {
  return (
    <div className="palette-head">
      {subject !== undefined && <span className="palette-subject">{subject}</span>}
      <input
        type="text"
        role="combobox"
        className="palette-field"
        aria-label={subject === undefined ? 'Find anything' : `What to do with ${subject}`}
        aria-expanded={found.rows.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={found.active === -1 ? undefined : `${listId}-${found.active}`}
        placeholder={subject === undefined ? 'Find anything, or > @ # : ?' : 'What to do'}
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={200}
        // A dialog is opened to be typed into.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        className="palette-close"
        aria-label={subject === undefined ? 'Close, Esc' : 'Back, Esc'}
        onClick={back}
      >
        <kbd>Esc</kbd>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Opens the dialog as it comes, and closes it before it goes, so that the focus returns to where it was. */
function useModal(): React.RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return dialog;
}

function firstLayer(start: PaletteStart): PaletteLayer {
  if (start.kind === 'find') return { kind: 'find' };
  const { entityRef, hasPageActions } = start;
  const parts = entityRef === undefined ? undefined : parseEntityRef(entityRef);
  const entity =
    parts && entityRef !== undefined ? { ref: entityRef, ...parts, ...knownEntities.get(entityRef) } : undefined;
  return { kind: 'subject', entity, hasPageActions };
}

/** What the actions act on, as people call it. */
function useSubject(layer: PaletteLayer): string | undefined {
  const { subject } = useFocusedActions();
  if (layer.kind === 'find') return undefined;
  return nameOf(layer.entity) ?? subject ?? 'this page';
}

function nameOf(entity: KnownEntity | undefined): string | undefined {
  return entity && (entity.title ?? entity.name);
}

interface Opening {
  readonly open: (row: PaletteRow, inNewTab: boolean) => void;
  /** What came of the last action, in a few words. */
  readonly outcome: string | undefined;
}

function useOpening(dialog: React.RefObject<HTMLDialogElement | null>, type: (text: string) => void): Opening {
  const router = useRouter();
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isLast: boolean } | undefined>();
  useEffect(() => {
    if (!outcome?.isLast) return undefined;
    const timer = setTimeout(closePalette, OUTCOME_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const follow = (to: string, inNewTab: boolean): void => {
    if (inNewTab) {
      window.open(to, '_blank', 'noopener');
      return;
    }
    dialog.current?.close();
    // The focus belongs to the place one goes to, not to what opened the palette.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    closePalette();
    router.history.push(to);
  };
  const run = async (act: () => unknown): Promise<void> => {
    try {
      const told = await act();
      if (typeof told === 'string') setOutcome({ text: told, isLast: true });
      else closePalette();
    } catch (thrown) {
      setOutcome({ text: describeFailure(thrown, 'You may not do this.').title, isLast: false });
    }
  };
  const open = ({ item }: PaletteRow, inNewTab: boolean): void => {
    if (item.disabledReason !== undefined) setOutcome({ text: item.disabledReason, isLast: false });
    else if (item.to !== undefined) follow(item.to, inNewTab);
    else if (item.typed !== undefined) type(item.typed);
    else if (item.run) void run(item.run);
  };
  return { open, outcome: outcome?.text };
}
