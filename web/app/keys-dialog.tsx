import { useRef } from 'react';
import type { ReactNode } from 'react';
import { ShortcutKeys } from '../ui/shortcut-keys.tsx';
import { SHORTCUTS, useKeySettings, useShortcut } from '../ui/shortcuts.ts';

/** The button and the dialog that list the keys, with the switch that turns single keys off. */
export function KeysDialog(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [settings, setSettings] = useKeySettings();
  useShortcut('help.open', () => dialog.current?.showModal());
  return (
    <>
      <button
        type="button"
        className="button button-quiet keys-button"
        aria-label="Keyboard shortcuts"
        onClick={() => dialog.current?.showModal()}
      >
        <kbd>?</kbd>
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="keys-title">
        <div className="panel-head">
          <h2 id="keys-title">Keys</h2>
          <button type="button" className="button button-small" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <dl className="keys-list">
          {SHORTCUTS.map(({ id, title }) => (
            <div key={id}>
              <dt>
                <ShortcutKeys id={id} />
              </dt>
              <dd>{title}</dd>
            </div>
          ))}
        </dl>
        <label className="check">
          <input
            type="checkbox"
            checked={settings.areCharactersOn}
            onChange={(event) => setSettings({ ...settings, areCharactersOn: event.target.checked })}
          />
          <span>Single keys are on in this browser</span>
        </label>
      </dialog>
    </>
  );
}
