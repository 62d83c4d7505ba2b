import { useState } from 'react';
import type { ReactNode } from 'react';
import { recall, remember } from '../ui/browser-memory.ts';
import { Icon } from './icons.tsx';

const STORAGE_KEY = 'callboard.theme';
const THEMES = ['system', 'light', 'dark', 'contrast'] as const;
const labels = { system: 'Auto', light: 'Light', dark: 'Dark', contrast: 'High contrast' } as const;
type Theme = (typeof THEMES)[number];

function storedTheme(): Theme {
  const stored = recall('localStorage', STORAGE_KEY);
  return THEMES.find((theme) => theme === stored) ?? 'system';
}

function chooseTheme(theme: Theme): void {
  remember('localStorage', STORAGE_KEY, theme === 'system' ? undefined : theme);
  // `public/theme.js` has painted the first page and paints every choice.
  dispatchEvent(new CustomEvent('callboard:theme', { detail: theme }));
}

/**
 * Light, dark, high contrast, or as the system has it. Kept in this browser.
 * @param isNamed with its name beside it, where there is room
 */
export function ThemeChoice({ isNamed = false }: { readonly isNamed?: boolean }): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <label className={isNamed ? 'theme-choice is-named' : 'theme-choice'} title={`Theme: ${labels[theme]}`}>
      <Icon name={theme} />
      <span className={isNamed ? undefined : 'visually-hidden'}>Theme</span>
      <select
        className={isNamed ? 'select theme-select' : 'theme-select'}
        value={theme}
        onChange={(event) => {
          const chosen = THEMES.find((option) => option === event.target.value) ?? 'system';
          chooseTheme(chosen);
          setTheme(chosen);
        }}
      >
        {THEMES.map((option) => (
          <option key={option} value={option}>
            {labels[option]}
          </option>
        ))}
      </select>
    </label>
  );
}
