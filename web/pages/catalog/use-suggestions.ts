import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { FilterChoice } from './filter-completion.ts';

/** The suggestions below a field (ARIA combobox with a list). */
export interface Suggestions {
  readonly listId: string;
  readonly choices: readonly FilterChoice[];
  readonly active: number;
  readonly activeId: string | undefined;
  readonly isShown: boolean;
  open(): void;
  close(): void;
  take(choice: FilterChoice): void;
  /** @returns true where the key was for the suggestions */
  onKeyDown(event: KeyboardEvent): boolean;
}

/** Shows choices below a field: arrows walk them, Enter or Tab takes one, Escape puts them away. */
export function useSuggestions(choices: readonly FilterChoice[], take: (choice: FilterChoice) => void): Suggestions {
  const listId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const isShown = isOpen && choices.length > 0;
  const at = active < choices.length ? active : -1;
  const close = (): void => {
    setIsOpen(false);
    setActive(-1);
  };
  const accept = (choice: FilterChoice): void => {
    take(choice);
    setActive(-1);
    setIsOpen(!choice.isWhole);
  };
  const handle = (key: string): boolean => {
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      setIsOpen(true);
      setActive(stepped(at, key === 'ArrowDown' ? 1 : -1, choices.length));
      return true;
    }
    const chosen = isShown ? choices[at] : undefined;
    if ((key === 'Enter' || key === 'Tab') && chosen) {
      accept(chosen);
      return true;
    }
    if (key === 'Escape' && isShown) {
      close();
      return true;
    }
    return false;
  };
  return {
    listId,
    choices,
    active: at,
    activeId: isShown && at >= 0 ? `${listId}-${at}` : undefined,
    isShown,
    open: () => {
      setIsOpen(true);
      setActive(-1);
    },
    close,
    take: accept,
    onKeyDown: (event) => {
      const isTaken = !event.nativeEvent.isComposing && handle(event.key);
      if (!isTaken) return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}

/** The next place in a ring of `length` places and one more, -1: none. */
function stepped(at: number, step: 1 | -1, length: number): number {
  const next = at + step;
  if (next >= length) return -1;
  return next < -1 ? length - 1 : next;
}
