import { useState } from 'react';

/** The chosen rows of a list. */
export interface Selection {
  /** Refs, in the order in which they were chosen. */
  readonly refs: readonly string[];
  has(ref: string): boolean;
  toggle(ref: string): void;
  /** Chooses everything from the row that was chosen last up to this one. @param rows the rows in their order */
  toggleRange(ref: string, rows: readonly string[]): void;
  /** Chooses all of these, or none where all are chosen. */
  toggleAll(refs: readonly string[]): void;
  clear(): void;
}

interface Chosen {
  readonly question: string;
  readonly refs: readonly string[];
  readonly last: string | undefined;
}

/** Which rows are chosen, over the pages of one question; another question begins with none. */
export function useSelection(question: string): Selection {
  const [state, setState] = useState<Chosen>({ question, refs: [], last: undefined });
  const chosen: Chosen = state.question === question ? state : { question, refs: [], last: undefined };
  const set = (refs: readonly string[], last: string | undefined): void => setState({ question, refs, last });
  const toggle = (ref: string): void => {
    const isChosen = chosen.refs.includes(ref);
    set(isChosen ? chosen.refs.filter((other) => other !== ref) : [...chosen.refs, ref], ref);
  };
  return {
    refs: chosen.refs,
    has: (ref) => chosen.refs.includes(ref),
    toggle,
    toggleRange: (ref, rows) => {
      const from = chosen.last === undefined ? -1 : rows.indexOf(chosen.last);
      const to = rows.indexOf(ref);
      if (from === -1 || to === -1) {
        toggle(ref);
        return;
      }
      const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      set([...new Set([...chosen.refs, ...range])], ref);
    },
    toggleAll: (refs) => {
      const areAll = refs.every((ref) => chosen.refs.includes(ref));
      const others = chosen.refs.filter((ref) => !refs.includes(ref));
      set(areAll ? others : [...others, ...refs], undefined);
    },
    clear: () => set([], undefined),
  };
}
