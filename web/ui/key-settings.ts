import { collide } from './chord.ts';

/** A thing that keys do. */
export interface Shortcut {
  readonly id: string;
  /** Heading that it stands below in the list of keys. */
  readonly group: string;
  readonly title: string;
  /** Keys unless chosen otherwise: a chord or several one after the other, such as `g c` (`chord.ts` says how). */
  readonly keys: string;
  /** True where the keys cannot be chosen. */
  readonly isFixed?: boolean;
}

/** What a person chose about keys in this browser. */
export interface KeySettings {
  /** False: keys that write a character do nothing. */
  readonly areCharactersOn: boolean;
  /** Chosen keys by shortcut; the empty text: none. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Nothing was chosen. */
export const NO_KEY_SETTINGS: KeySettings = { areCharactersOn: true, keys: {} };

/** A sequence longer than this nobody types. */
const MAX_KEYS_LENGTH = 60;

/** Reads what `formatKeySettings` wrote, or the word `off` of earlier versions; of anything else nothing is taken. */
export function parseKeySettings(text: string | undefined): KeySettings {
  if (text === undefined) return NO_KEY_SETTINGS;
  if (text === 'off') return { ...NO_KEY_SETTINGS, areCharactersOn: false };
  const read = readJson(text);
  if (typeof read !== 'object' || read === null) return NO_KEY_SETTINGS;
  const chosen = 'keys' in read && typeof read.keys === 'object' && read.keys !== null ? read.keys : {};
  const keys = Object.entries(chosen).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= MAX_KEYS_LENGTH,
  );
  return { areCharactersOn: !('off' in read && read.off === true), keys: Object.fromEntries(keys) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Whatever else wrote there: the keys are as nobody chose them.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The settings as a text for the browser to keep; nothing where nothing was chosen. */
export function formatKeySettings({ areCharactersOn, keys }: KeySettings): string | undefined {
  if (areCharactersOn && Object.keys(keys).length === 0) return undefined;
  return JSON.stringify({ ...(areCharactersOn ? {} : { off: true }), keys });
}

/** The keys of a shortcut as they are set. */
export function keysOf(shortcut: Shortcut, settings: KeySettings): string {
  return shortcut.isFixed === true ? shortcut.keys : (settings.keys[shortcut.id] ?? shortcut.keys);
}

/** The settings with other keys for one shortcut; `undefined`: those it has by itself. */
export function chooseKeys(settings: KeySettings, shortcut: Shortcut, keys: string | undefined): KeySettings {
  const { [shortcut.id]: _, ...others } = settings.keys;
  const isChoice = keys !== undefined && keys !== shortcut.keys;
  return { ...settings, keys: isChoice ? { ...others, [shortcut.id]: keys } : others };
}

/** The other shortcuts that `keys` would take the place of, or never let be reached. */
export function conflictsOf(
  keys: string,
  shortcut: Shortcut,
  all: readonly Shortcut[],
  settings: KeySettings,
): readonly Shortcut[] {
  if (keys === '') return [];
  return all.filter((other) => {
    const taken = keysOf(other, settings);
    return other.id !== shortcut.id && taken !== '' && collide(keys, taken);
  });
}
