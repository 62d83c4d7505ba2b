import { useSyncExternalStore } from 'react';

/** The prefixes that narrow what is typed. */
export type PalettePrefix = '' | '>' | '@' | '#' | ':' | '?';

/** What the palette begins with. */
export type PaletteStart =
  /** Everything, with this text in the field. */
  | { readonly kind: 'find'; readonly text: string }
  /** What can be done with one thing: an entity, what the page offers, or both. */
  | { readonly kind: 'subject'; readonly entityRef?: string | undefined; readonly hasPageActions: boolean };

/** Whether the palette is open, and what it began with. */
export interface PaletteOpening {
  /** Counts openings: each starts anew. */
  readonly count: number;
  readonly start: PaletteStart | undefined;
}

class PaletteState {
  #opening: PaletteOpening = { count: 0, start: undefined };
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): PaletteOpening => this.#opening;

  open(start: PaletteStart): void {
    this.#set({ count: this.#opening.count + 1, start });
  }

  retype(text: string): void {
    this.#set({ count: this.#opening.count, start: { kind: 'find', text } });
  }

  close(): void {
    this.#set({ count: this.#opening.count, start: undefined });
  }

  #set(opening: PaletteOpening): void {
    this.#opening = opening;
    for (const listener of this.#listeners) listener();
  }
}

const state = new PaletteState();

/** Opens the palette; `prefix` narrows it from the start: `>` to actions, `@` to people and teams. */
export function openPalette(prefix: PalettePrefix = ''): void {
  state.open({ kind: 'find', text: prefix });
}

/** Opens the palette with what can be done with one thing. */
export function openActions(subject: Omit<Extract<PaletteStart, { kind: 'subject' }>, 'kind'>): void {
  state.open({ kind: 'subject', ...subject });
}

/** Keeps what is typed while the palette is on its way. */
export function retypeOpening(text: string): void {
  state.retype(text);
}

/** Closes the palette; what was typed is forgotten. */
export function closePalette(): void {
  state.close();
}

/** Whether the palette is open. */
export function usePaletteOpening(): PaletteOpening {
  return useSyncExternalStore(state.subscribe, state.read);
}
