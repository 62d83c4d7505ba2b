import { useState } from 'react';
import { recall, remember } from '../ui/browser-memory.ts';

/** What is being written, kept in this tab until it is saved or thrown away: leaving the page loses nothing. */
export interface Draft<T> {
  readonly value: T;
  /** True where it differs from what it began with. */
  readonly isChanged: boolean;
  /** True where it was found from an earlier visit of the page. */
  readonly isRecalled: boolean;
  readonly set: (value: T) => void;
  /** Goes back to what it began with. */
  readonly discard: () => void;
  /** It is saved: it stays as it is, and nothing of it is kept for later. */
  readonly settle: () => void;
}

/**
 * @param key names the draft in this tab
 * @param initial what it begins with; compared as JSON
 * @param parse the draft of a text that was kept; undefined where it is none
 */
export function useDraft<T>(key: string, initial: T, parse: (kept: unknown) => T | undefined): Draft<T> {
  const storageKey = `callboard.draft:${key}`;
  const [found] = useState(() => readKept(recall('sessionStorage', storageKey), parse));
  const [value, setValue] = useState<T | undefined>(found);
  const isChanged = value !== undefined && JSON.stringify(value) !== JSON.stringify(initial);
  return {
    value: value ?? initial,
    isChanged,
    isRecalled: isChanged && value === found,
    set: (next) => {
      remember('sessionStorage', storageKey, JSON.stringify(next));
      setValue(next);
    },
    discard: () => {
      remember('sessionStorage', storageKey, undefined);
      setValue(undefined);
    },
    settle: () => remember('sessionStorage', storageKey, undefined),
  };
}

function readKept<T>(text: string | undefined, parse: (kept: unknown) => T | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
