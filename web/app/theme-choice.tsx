import { useState } from 'react';
import type { ReactNode } from 'react';
import { recall, remember } from '../ui/browser-memory.ts';

const STORAGE_KEY = 'callboard.theme';
const THEMES = ['system', 'light', 'dark'] as const;
const labels = { system: 'Auto', light: 'Light', dark: 'Dark' } as const;
type Theme = (typeof THEMES)[number];

function storedTheme(): Theme {
  const stored = recall('localStorage', STORAGE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function applyTheme(theme: Theme): void {
  remember('localStorage', STORAGE_KEY, theme === 'system' ? undefined : theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Light, dark, or as the system has it. Kept in this browser; `public/theme.js` sets it before the first paint. */
export function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <label className="theme-choice">
      <span className="visually-hidden">Theme</span>
      <select
        className="select select-quiet"
        value={theme}
        onChange={(event) => {
          const chosen = THEMES.find((option) => option === event.target.value) ?? 'system';
          applyTheme(chosen);
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
