import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { chordOf } from '../ui/chord.ts';
import { chooseKeys, conflictsOf, type KeySettings, type Shortcut } from '../ui/key-settings.ts';
import { Keys } from '../ui/shortcut-keys.tsx';
import { isAppleKeyboard, SHORTCUTS } from '../ui/shortcuts.ts';

/** Keys pressed within this time of each other are one sequence. */
const SEQUENCE_MS = 1000;
const MAX_CHORDS = 3;

/** Takes the keys that somebody presses for a shortcut; what they take from others is said before it is done. */
export function ShortcutEditor({
  shortcut,
  settings,
  save,
  close,
}: {
  readonly shortcut: Shortcut;
  readonly settings: KeySettings;
  readonly save: (settings: KeySettings) => void;
  readonly close: () => void;
}): ReactNode {
  const [keys, setKeys] = useState('');
  const saveButton = useRef<HTMLButtonElement>(null);
  const conflicts = conflictsOf(keys, shortcut, SHORTCUTS, settings);
  useEffect(() => {
    if (keys === '') return undefined;
    const timer = setTimeout(() => saveButton.current?.focus(), SEQUENCE_MS);
    return () => clearTimeout(timer);
  }, [keys]);
  const settle = (chosen: string): void => {
    const freed = conflicts.filter(({ isFixed }) => isFixed !== true);
    const cleared = chosen === '' ? settings : freed.reduce((now, other) => chooseKeys(now, other, ''), settings);
    save(chooseKeys(cleared, shortcut, chosen));
    close();
  };
  const isImpossible = conflicts.some(({ isFixed }) => isFixed === true);
  return (
    <div className="keys-editor">
      <Recorder title={shortcut.title} keys={keys} setKeys={setKeys} cancel={close} />
      {conflicts.length > 0 && (
        <p className="keys-conflict" role="alert">
          {isImpossible
            ? `These keys always mean: ${conflicts[0]?.title ?? ''}.`
            : `Taken from: ${conflicts.map(({ title }) => title).join(', ')}.`}
        </p>
      )}
      <p className="button-row">
        <button
          ref={saveButton}
          type="button"
          className="button button-small button-primary"
          disabled={keys === '' || isImpossible}
          onClick={() => settle(keys)}
        >
          {conflicts.length > 0 ? 'Use them here' : 'Save'}
        </button>
        <button type="button" className="button button-small" onClick={() => settle('')}>
          No keys
        </button>
        <button type="button" className="button button-small" onClick={close}>
          Cancel
        </button>
      </p>
    </div>
  );
}

/** The editor takes the place of the button that opened it: the focus goes with it, and back. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}

/** Has the focus and takes every key but Tab, which leaves it, and Escape, which ends the choice. */
function Recorder({
  title,
  keys,
  setKeys,
  cancel,
}: {
  readonly title: string;
  readonly keys: string;
  readonly setKeys: (keys: string) => void;
  readonly cancel: () => void;
}): ReactNode {
  const pressedAt = useRef(-Infinity);
  const onKeyDown = (event: KeyboardEvent): void => {
    const chord = chordOf(event.nativeEvent, isAppleKeyboard());
    if (chord === undefined || chord === 'Tab' || chord === 'shift+Tab') return;
    event.preventDefault();
    if (chord === 'Escape') return cancel();
    const chords = keys === '' ? [] : keys.split(' ');
    const isNext = event.timeStamp - pressedAt.current <= SEQUENCE_MS && chords.length < MAX_CHORDS;
    pressedAt.current = event.timeStamp;
    setKeys(isNext ? [...chords, chord].join(' ') : chord);
  };
  return (
    // A button has no text of its own that keys would change, and says what it is.
    <button
      type="button"
      className="keys-recorder"
      ref={takeFocus}
      aria-label={`Press the keys for ${title}`}
      onKeyDown={onKeyDown}
    >
      {keys === '' ? <span className="faint">Press the keys for “{title}”</span> : <Keys keys={keys} />}
    </button>
  );
}
