import { useSyncExternalStore } from 'react';
import { recall, remember } from '../ui/browser-memory.ts';

const STORAGE_KEY = 'callboard.theme';
const EVENT = 'callboard:theme';

/** The themes that can be chosen; `system`: as the system has it. */
export const THEMES = ['system', 'light', 'dark', 'contrast'] as const;
/** One of them. */
export type Theme = (typeof THEMES)[number];
/** What they are called. */
export const themeTitles: Readonly<Record<Theme, string>> = {
  system: 'Auto',
  light: 'Light',
  dark: 'Dark',
  contrast: 'High contrast',
};

function storedTheme(): Theme {
  const stored = recall('localStorage', STORAGE_KEY);
  return THEMES.find((theme) => theme === stored) ?? 'system';
}

/** Chooses a theme for this browser. */
export function chooseTheme(theme: Theme): void {
  remember('localStorage', STORAGE_KEY, theme === 'system' ? undefined : theme);
  // `public/theme.js` has painted the first page and paints every choice.
  dispatchEvent(new CustomEvent(EVENT, { detail: theme }));
}

function subscribe(listener: () => void): () => void {
  addEventListener(EVENT, listener);
  return () => removeEventListener(EVENT, listener);
}

/** The theme that is chosen in this browser. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, storedTheme);
}
