import { lazy, Suspense, useEffect, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { parseEntityRef } from '../../src/model/ref.ts';
import { useShortcut } from '../ui/shortcuts.ts';
import { useFocusedActions } from './actions.ts';
import {
  closePalette,
  openActions,
  openPalette,
  type PaletteStart,
  retypeOpening,
  usePaletteOpening,
} from './palette-state.ts';

/** Fetched while the browser has nothing else to do, so that it is there when it is first wanted. */
const load = async () => ({ default: (await import('./palette.tsx')).Palette });
const Palette = lazy(load);

/** How long after the page came the palette is fetched where the browser does not say when it is idle, ms. */
const IDLE_MS = 1500;

/** The place of the palette in the frame, and its keys. */
export function PaletteHost({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  const { count, start } = usePaletteOpening();
  const { actions } = useFocusedActions();
  useShortcut('palette.open', () => (start ? closePalette() : openPalette()));
  useShortcut('actions.open', () => openFocused(actions.length > 0));
  useEffect(() => {
    const preload = (): void => void load();
    if (!('requestIdleCallback' in globalThis)) {
      const timer = setTimeout(preload, IDLE_MS);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(preload, { timeout: IDLE_MS * 2 });
    return () => cancelIdleCallback(idle);
  }, []);
  if (!start) return null;
  return (
    <Suspense fallback={<ComingPalette start={start} />}>
      <Palette key={count} ui={ui} opening={count} start={start} />
    </Suspense>
  );
}

/** Stands in until the palette has been fetched: what is typed meanwhile is typed into it, and nothing else takes it. */
function ComingPalette({ start }: { readonly start: PaletteStart }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The focus goes back to where it was, for the palette to know.
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Find anything"
      onCancel={(event) => {
        event.preventDefault();
        closePalette();
      }}
    >
      <div className="palette-box">
        <div className="palette-head">
          {start.kind === 'find' && (
            <input
              className="palette-field"
              aria-label="Find anything"
              value={start.text}
              onChange={(event) => retypeOpening(event.target.value)}
            />
          )}
        </div>
        <div className="palette-line is-waiting" />
      </div>
    </dialog>
  );
}

/** The actions of the focused row, else of the page, else of the entity that the page is about. */
function openFocused(hasPageActions: boolean): boolean {
  const row = document.activeElement?.closest<HTMLElement>('[data-row-link]')?.dataset['rowLink'];
  const rowRef = row !== undefined && parseEntityRef(row) ? row : undefined;
  if (rowRef !== undefined) openActions({ entityRef: rowRef, hasPageActions: false });
  else if (hasPageActions) openActions({ hasPageActions });
  else return false;
  return true;
}
