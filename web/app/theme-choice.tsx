import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import { chooseTheme, THEMES, themeTitles, useTheme } from './theme.ts';

/**
 * Light, dark, high contrast, or as the system has it. Kept in this browser.
 * @param isNamed with its name beside it, where there is room
 */
export function ThemeChoice({ isNamed = false }: { readonly isNamed?: boolean }): ReactNode {
  const theme = useTheme();
  return (
    <label className={isNamed ? 'theme-choice is-named' : 'theme-choice'} title={`Theme: ${themeTitles[theme]}`}>
      <Icon name={theme} />
      <span className={isNamed ? undefined : 'visually-hidden'}>Theme</span>
      <select
        className={isNamed ? 'select theme-select' : 'theme-select'}
        value={theme}
        onChange={(event) => chooseTheme(THEMES.find((option) => option === event.target.value) ?? 'system')}
      >
        {THEMES.map((option) => (
          <option key={option} value={option}>
            {themeTitles[option]}
          </option>
        ))}
      </select>
    </label>
  );
}
