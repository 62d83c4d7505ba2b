import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { areKeysOn, setKeysOn, useKeys } from '../ui/keys.ts';

const KEYS: readonly (readonly [keys: readonly string[], action: string])[] = [
  [['/'], 'Search'],
  [['j', 'k'], 'Next and previous row'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Leave the field, or go back to the list'],
  [['g', 'c'], 'Go to the catalog'],
  [['g', 'p'], 'Go to the problems'],
  [['g', 's'], 'Go to the sources'],
  [['g', 'a'], 'Go to the roles'],
  [['g', 'u'], 'Go to the audit log'],
  [['?'], 'These keys'],
];

/** The button and the dialog that list the keys, with the switch that turns single keys off. */
export function KeysDialog(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOn, setIsOn] = useState(areKeysOn);
  useKeys(useMemo(() => ({ '?': () => dialog.current?.showModal() }), []));
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
          {KEYS.map(([keys, action]) => (
            <div key={action}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{action}</dd>
            </div>
          ))}
        </dl>
        <label className="check">
          <input
            type="checkbox"
            checked={isOn}
            onChange={(event) => {
              setKeysOn(event.target.checked);
              setIsOn(event.target.checked);
            }}
          />
          <span>Single keys are on in this browser</span>
        </label>
      </dialog>
    </>
  );
}
