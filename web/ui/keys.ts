import { useEffect } from 'react';
import { recall, remember } from './browser-memory.ts';

const STORAGE_KEY = 'callboard.keys';

/** True where a bare key belongs to what has the focus: a field, a list box, a dialog. */
function isTyping(target: EventTarget | null): boolean {
  const fields = 'input:not([type=checkbox], [type=radio]), textarea, select, dialog, [contenteditable]';
  return target instanceof HTMLElement && target.closest(fields) !== null;
}

/** Whether single-key shortcuts are on (they can be switched off: WCAG 2.1.4). */
export function areKeysOn(): boolean {
  return recall('localStorage', STORAGE_KEY) !== 'off';
}

/** Switches single-key shortcuts on or off for this browser. */
export function setKeysOn(isOn: boolean): void {
  remember('localStorage', STORAGE_KEY, isOn ? undefined : 'off');
}

/**
 * Calls the handler of a single key pressed anywhere but in a field; `handlers` by `KeyboardEvent.key`.
 * A handler that returns false did nothing and leaves the key to the browser.
 */
export function useKeys(handlers: Readonly<Record<string, (event: KeyboardEvent) => boolean | void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || !areKeysOn()) return;
      const handler = handlers[event.key];
      if (handler && handler(event) !== false) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [handlers]);
}
