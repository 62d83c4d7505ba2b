import { useSyncExternalStore } from 'react';

/** The prefixes that narrow what is typed. */
export type PalettePrefix = '' | '>' | '@' | '#' | ':' | '?';

/** Whether the palette is open, and with which text it began. */
export interface PaletteOpening {
  /** Counts openings, so that opening again starts anew. */
  readonly count: number;
  readonly isOpen: boolean;
  readonly text: string;
}

class PaletteState {
  #opening: PaletteOpening = { count: 0, isOpen: false, text: '' };
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): PaletteOpening => this.#opening;

  set(isOpen: boolean, text: string): void {
    const count = isOpen ? this.#opening.count + 1 : this.#opening.count;
    this.#opening = { count, isOpen, text };
    for (const listener of this.#listeners) listener();
  }
}

const state = new PaletteState();

/** Opens the palette; `prefix` narrows it from the start: `>` to actions, `@` to people and teams. */
export function openPalette(prefix: PalettePrefix = ''): void {
  state.set(true, prefix);
}

/** Closes the palette; what was typed is forgotten. */
export function closePalette(): void {
  state.set(false, '');
}

/** Whether the palette is open. */
export function usePaletteOpening(): PaletteOpening {
  return useSyncExternalStore(state.subscribe, state.read);
}
