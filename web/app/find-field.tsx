import type { ReactNode } from 'react';
import { openPalette } from '../palette/palette-state.ts';
import { ShortcutKeys } from '../ui/shortcut-keys.tsx';
import { Icon } from './icons.tsx';

/** Looks like a field and opens the palette, which has the real one. */
export function FindField(): ReactNode {
  return (
    <button type="button" className="find-field" aria-haspopup="dialog" onClick={() => openPalette()}>
      <Icon name="find" />
      <span className="find-text">Find anything</span>
      <span className="find-keys" aria-hidden="true">
        <ShortcutKeys id="palette.open" />
      </span>
    </button>
  );
}
