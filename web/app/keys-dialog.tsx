import { lazy, Suspense, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useShortcut } from '../ui/shortcuts.ts';

const ShortcutList = lazy(async () => ({ default: (await import('./shortcut-list.tsx')).ShortcutList }));

/** The button and the dialog that list the keys, and let them be chosen and switched off. */
export function KeysDialog(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const open = (): void => {
    setIsOpen(true);
    dialog.current?.showModal();
  };
  useShortcut('help.open', open);
  return (
    <>
      <button
        type="button"
        className="shell-button keys-button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts"
        onClick={open}
      >
        <span aria-hidden="true">?</span>
      </button>
      <dialog ref={dialog} className="dialog keys-dialog" aria-labelledby="keys-title" onClose={() => setIsOpen(false)}>
        <div className="keys-head">
          <h2 id="keys-title">Keyboard shortcuts</h2>
          <button type="button" className="button button-small" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {isOpen && (
          <Suspense>
            <ShortcutList />
          </Suspense>
        )}
      </dialog>
    </>
  );
}
