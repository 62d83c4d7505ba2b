/** What of a `KeyboardEvent` tells which key was pressed. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  getModifierState(key: string): boolean;
}

/** Keys that only change others, and what a composing input reports. */
const NO_CHORD = new Set([
  'Alt',
  'AltGraph',
  'CapsLock',
  'Control',
  'Dead',
  'Fn',
  'Meta',
  'NumLock',
  'Process',
  'Shift',
  'Unidentified',
]);

const MODIFIER = /^(?:mod|ctrl|meta|alt|shift)\+/;

/**
 * One key with its modifiers as text: `j`, `?`, `Escape`, `shift+x`, `mod+k`. `mod` is the key for commands: Command on
 * Apple's keyboards, Control elsewhere. A symbol is named by itself, however the keyboard makes it: `?`, not `shift+/`.
 *
 * @param isApple whether the keyboard is one of Apple's
 * @returns nothing where the press is only a modifier, or part of a character that is being composed
 */
export function chordOf(press: KeyPress, isApple: boolean): string | undefined {
  if (NO_CHORD.has(press.key)) return undefined;
  const key = nameOf(press);
  const isSymbol = isOneCharacter(key) && !/[a-z0-9]/.test(key);
  // The key for the third level of a keyboard is reported as Control with Alt by some systems.
  const isThird = isSymbol && press.getModifierState('AltGraph');
  const isControl = press.ctrlKey && !isThird;
  const modifiers = [
    ['mod+', isApple ? press.metaKey : isControl],
    [isApple ? 'ctrl+' : 'meta+', isApple ? isControl : press.metaKey],
    ['alt+', press.altKey && !isSymbol],
    ['shift+', press.shiftKey && !isSymbol],
  ] as const;
  return (
    modifiers
      .filter(([, isHeld]) => isHeld)
      .map(([name]) => name)
      .join('') + key
  );
}

/** On a keyboard of another script the place of the key tells the letter. */
function nameOf({ key, code }: KeyPress): string {
  if (key === ' ') return 'Space';
  if (!isOneCharacter(key)) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return (/\p{L}/u.test(key) && !/[a-z]/i.test(key) && letter !== undefined ? letter : key).toLowerCase();
}

function isOneCharacter(key: string): boolean {
  return /^.$/u.test(key);
}

/** True for a key that writes a character: it must not act where somebody types, and can be switched off (WCAG 2.1.4). */
export function isCharacter(chord: string): boolean {
  const key = chord.replace(/^shift\+/, '');
  return key === 'Space' || isOneCharacter(key);
}

/** True where a chord without modifiers, or with Shift alone, belongs to whatever has the focus. */
export function isPlain(chord: string): boolean {
  return !/^(?:mod|ctrl|meta|alt)\+/.test(chord);
}

/** True where two keys, or sequences of keys, cannot both be there: they are equal, or one is the beginning of the other. */
export function collide(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}

const NAMES: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};
const APPLE_SIGNS: Readonly<Record<string, string>> = { mod: '⌘', ctrl: '⌃', alt: '⌥', shift: '⇧' };
const SIGNS: Readonly<Record<string, string>> = { mod: 'Ctrl', meta: 'Meta', alt: 'Alt', shift: 'Shift' };

/**
 * The keys of a sequence as a keyboard has them written, one text for each chord.
 * @example keyLabels('g c', false) // ['g', 'c']
 * @example keyLabels('mod+k', false) // ['Ctrl K']
 */
export function keyLabels(keys: string, isApple: boolean): readonly string[] {
  return keys.split(' ').map((chord) => {
    const parts: string[] = [];
    let rest = chord;
    for (let found = MODIFIER.exec(rest); found; found = MODIFIER.exec(rest)) {
      const name = found[0].slice(0, -1);
      parts.push((isApple ? APPLE_SIGNS : SIGNS)[name] ?? name);
      rest = rest.slice(found[0].length);
    }
    const key = NAMES[rest] ?? (parts.length > 0 && rest.length === 1 ? rest.toUpperCase() : rest);
    return [...parts, key].join(isApple ? '' : ' ');
  });
}
