import type { ReactNode } from 'react';
import { keyLabels } from './chord.ts';
import { isAppleKeyboard, useKeysOf, type ShortcutId } from './shortcuts.ts';

/** Keys as they are written on the keyboard, e.g. of `g c`; nothing where there are none. */
export function Keys({ keys }: { readonly keys: string }): ReactNode {
  if (keys === '') return null;
  return keyLabels(keys, isAppleKeyboard()).map((label, at) => <kbd key={`${at} ${label}`}>{label}</kbd>);
}

/** The keys that a shortcut has at the moment, for buttons and menus. */
export function ShortcutKeys({ id }: { readonly id: ShortcutId }): ReactNode {
  return <Keys keys={useKeysOf(id)} />;
}
