import { useState } from 'react';
import type { ReactNode } from 'react';
import { chooseKeys, keysOf, NO_KEY_SETTINGS, type KeySettings, type Shortcut } from '../ui/key-settings.ts';
import { Keys } from '../ui/shortcut-keys.tsx';
import { SHORTCUTS, useKeySettings } from '../ui/shortcuts.ts';
import { ShortcutEditor, takeFocus } from './shortcut-editor.tsx';

const groups = [...new Set(SHORTCUTS.map(({ group }) => group))].map((title) => ({
  title,
  shortcuts: SHORTCUTS.filter(({ group }) => group === title) as readonly Shortcut[],
}));

/** Everything that keys do, by where it works; each can have other keys, or none. */
export function ShortcutList(): ReactNode {
  const [settings, setSettings] = useKeySettings();
  const [edited, setEdited] = useState<string>();
  const [left, setLeft] = useState<string>();
  const hasChoices = Object.keys(settings.keys).length > 0;
  return (
    <>
      <div className="keys-groups">
        {groups.map(({ title, shortcuts }) => (
          <section key={title} className="keys-group" aria-label={title}>
            <h3>{title}</h3>
            <ul className="plain">
              {shortcuts.map((shortcut) => (
                <li key={shortcut.id} className={edited === shortcut.id ? 'keys-row is-edited' : 'keys-row'}>
                  {edited === shortcut.id ? (
                    <ShortcutEditor
                      shortcut={shortcut}
                      settings={settings}
                      save={setSettings}
                      close={() => {
                        setEdited(undefined);
                        setLeft(shortcut.id);
                      }}
                    />
                  ) : (
                    <Row
                      shortcut={shortcut}
                      settings={settings}
                      save={setSettings}
                      edit={() => setEdited(shortcut.id)}
                      isLeft={left === shortcut.id}
                    />
                  )}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div className="keys-foot">
        <label className="check">
          <input
            type="checkbox"
            checked={settings.areCharactersOn}
            onChange={(event) => setSettings({ ...settings, areCharactersOn: event.target.checked })}
          />
          <span>Single keys are on in this browser</span>
        </label>
        {hasChoices && (
          <button
            type="button"
            className="button button-small"
            onClick={() => setSettings({ ...settings, keys: NO_KEY_SETTINGS.keys })}
          >
            Reset all
          </button>
        )}
      </div>
    </>
  );
}

function Row({
  shortcut,
  settings,
  save,
  edit,
  isLeft,
}: {
  readonly shortcut: Shortcut;
  readonly settings: KeySettings;
  readonly save: (settings: KeySettings) => void;
  readonly edit: () => void;
  /** True where its keys were chosen just now. */
  readonly isLeft: boolean;
}): ReactNode {
  const keys = keysOf(shortcut, settings);
  const shown = keys === '' ? <span className="faint">none</span> : <Keys keys={keys} />;
  return (
    <>
      <span className="keys-title">{shortcut.title}</span>
      {keys !== shortcut.keys && (
        <button
          type="button"
          className="keys-reset"
          aria-label={`Reset the keys of ${shortcut.title}`}
          onClick={() => save(chooseKeys(settings, shortcut, undefined))}
        >
          Reset
        </button>
      )}
      {shortcut.isFixed === true ? (
        <span className="keys-value">{shown}</span>
      ) : (
        <button
          ref={isLeft ? takeFocus : undefined}
          type="button"
          className="keys-value is-button"
          title="Choose other keys"
          onClick={edit}
        >
          <span className="visually-hidden">Change the keys of {shortcut.title}: </span>
          {shown}
        </button>
      )}
    </>
  );
}
