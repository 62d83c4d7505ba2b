import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { recall, remember } from './browser-memory.ts';
import { chordOf } from './chord.ts';
import { formatKeySettings, keysOf, parseKeySettings, type KeySettings, type Shortcut } from './key-settings.ts';
import { closeTopLayer } from './layers.ts';
import { ShortcutBoard, type ShortcutHandler } from './shortcut-board.ts';

/** Everything that keys do. The pages that can do it say how (`useShortcut`). */
export const SHORTCUTS = [
  { id: 'palette.open', group: 'Anywhere', title: 'Find anything', keys: 'mod+k' },
  { id: 'search.focus', group: 'Anywhere', title: 'Search in this page', keys: '/' },
  { id: 'help.open', group: 'Anywhere', title: 'These keys', keys: '?' },
  { id: 'layer.close', group: 'Anywhere', title: 'Close what is on top, or go back', keys: 'Escape', isFixed: true },
  { id: 'go.home', group: 'Go to', title: 'Home', keys: 'g h' },
  { id: 'go.catalog', group: 'Go to', title: 'Catalog', keys: 'g c' },
  { id: 'go.clusters', group: 'Go to', title: 'Clusters', keys: 'g k' },
  { id: 'go.graph', group: 'Go to', title: 'Graph', keys: 'g r' },
  { id: 'go.problems', group: 'Go to', title: 'Problems', keys: 'g p' },
  { id: 'go.sources', group: 'Go to', title: 'Sources', keys: 'g s' },
  { id: 'go.access', group: 'Go to', title: 'Roles', keys: 'g a' },
  { id: 'go.audit', group: 'Go to', title: 'Audit log', keys: 'g u' },
  { id: 'row.next', group: 'In a list', title: 'Next row', keys: 'j' },
  { id: 'row.previous', group: 'In a list', title: 'Previous row', keys: 'k' },
  { id: 'row.open', group: 'In a list', title: 'Open the row', keys: 'Enter' },
  { id: 'row.peek', group: 'In a list', title: 'Look at the row beside the list', keys: 'o' },
  { id: 'row.select', group: 'In a list', title: 'Choose the row', keys: 'x' },
  { id: 'row.selectRange', group: 'In a list', title: 'Choose up to this row', keys: 'shift+x' },
  { id: 'item.previous', group: 'On what is shown', title: 'Previous one of the list', keys: '[' },
  { id: 'item.next', group: 'On what is shown', title: 'Next one of the list', keys: ']' },
  { id: 'actions.open', group: 'On what is shown', title: 'What can be done with it', keys: '.' },
  { id: 'star.toggle', group: 'On what is shown', title: 'Star it, or take the star off', keys: 's' },
  { id: 'link.copy', group: 'On what is shown', title: 'Copy its link', keys: 'y' },
  { id: 'view.edit', group: 'On what is shown', title: 'Edit', keys: 'e' },
  { id: 'twin.toggle', group: 'On what is shown', title: 'Drawing or table', keys: 'v' },
] as const satisfies readonly Shortcut[];

/** Name of a shortcut. */
export type ShortcutId = (typeof SHORTCUTS)[number]['id'];

const STORAGE_KEY = 'callboard.keys';
const byId = new Map<string, Shortcut>(SHORTCUTS.map((shortcut) => [shortcut.id, shortcut]));

/** The chosen keys of this browser, the same in all its tabs. */
class KeySettingsMemory {
  #settings: KeySettings | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) addEventListener('storage', this.#onStorage);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) removeEventListener('storage', this.#onStorage);
    };
  };

  readonly read = (): KeySettings => (this.#settings ??= parseKeySettings(recall('localStorage', STORAGE_KEY)));

  set(settings: KeySettings): void {
    remember('localStorage', STORAGE_KEY, formatKeySettings(settings));
    this.#tell(settings);
  }

  readonly #onStorage = ({ key }: StorageEvent): void => {
    if (key === STORAGE_KEY || key === null) this.#tell(undefined);
  };

  #tell(settings: KeySettings | undefined): void {
    this.#settings = settings;
    for (const listener of this.#listeners) listener();
  }
}

const memory = new KeySettingsMemory();

/** Whether the keyboard is one of Apple's: other signs, and Command in place of Control. */
export function isAppleKeyboard(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

/** How keys are set in this browser, and how to set them otherwise. */
export function useKeySettings(): readonly [KeySettings, (settings: KeySettings) => void] {
  return [useSyncExternalStore(memory.subscribe, memory.read), (settings) => memory.set(settings)];
}

/** The keys of a shortcut as they are set, such as `g c`; empty: none. */
export function useKeysOf(id: ShortcutId): string {
  const settings = useSyncExternalStore(memory.subscribe, memory.read);
  const shortcut = byId.get(id);
  return shortcut ? keysOf(shortcut, settings) : '';
}

const board = new ShortcutBoard(() => {
  const settings = memory.read();
  return {
    areCharactersOn: settings.areCharactersOn,
    keysOf: (id) => {
      const shortcut = byId.get(id);
      return shortcut ? keysOf(shortcut, settings) : '';
    },
  };
});

/**
 * Says what a shortcut does while this part of the page is there. Where several parts say it of the same one, the part that
 * came last wins, until its handler returns false. Keys that write a character never act in fields, logs and dialogs.
 *
 * @param handler returns false when it did nothing: the key is then for others
 * @param isOn false: as if it were not said
 */
export function useShortcut(id: ShortcutId, handler: ShortcutHandler, isOn = true): void {
  const act = useEffectEvent(handler);
  useEffect(() => (isOn ? board.add(id, () => act()) : undefined), [id, isOn]);
}

/** Does what a shortcut means at the moment, e.g. for a button or the palette. @returns false where it means nothing */
export function runShortcut(id: ShortcutId): boolean {
  return board.run(id);
}

/** What takes plain keys for itself. Buttons and links take only Enter and Space. */
const FIELDS =
  'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])';
const TAKERS = `${FIELDS}, :popover-open, [role=log], [role=menu], [role=listbox], [role=application]`;
const PRESSED = 'a[href], button, summary, input, [role=button], [role=link], [role=tab], [role=option]';

function isTaken(target: EventTarget | null, chord: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(TAKERS) ?? document.querySelector('dialog:modal')) return true;
  return /^(?:shift\+)?(?:Enter|Space)$/.test(chord) && target.closest(PRESSED) !== null;
}

/** Escape closes one thing: what lies on top, else it leaves a field, else it is the page's. */
function escape(event: KeyboardEvent): void {
  const field = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(FIELDS) : null;
  if (field?.closest(':modal, :popover-open') === null) {
    // A search field would lose its text.
    event.preventDefault();
    field.blur();
    return;
  }
  const outcome = closeTopLayer();
  if (outcome === 'browser') return;
  if (outcome === 'closed' || board.run('layer.close')) event.preventDefault();
}

/** Begins to listen to the keyboard. @returns ends it */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event, isAppleKeyboard());
    if (chord === undefined) return;
    if (chord === 'Escape') escape(event);
    else if (board.press({ chord, at: event.timeStamp, isTaken: isTaken(event.target, chord) })) event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
