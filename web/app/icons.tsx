import type { ReactNode } from 'react';

/** Drawings of 16 px on one grid, lines of 1.5 px; each a place or a tool of the frame. */
const paths = {
  home: 'M2.5 7.5 8 2.75l5.5 4.75M4 6.5v6.75h8V6.5M6.75 13.25v-3.5h2.5v3.5',
  catalog: 'M2.75 3.25h10.5v9.5H2.75zM2.75 6.5h10.5M6 6.5v6.25',
  clusters: 'M2.75 2.75h4v4h-4zM9.25 2.75h4v4h-4zM2.75 9.25h4v4h-4zM9.25 9.25h4v4h-4z',
  graph:
    'M3.5 10.25a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM12.5 5.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM12.5 14a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM5.1 7.75l5.8-3.1M5.1 9.25l5.8 2.1',
  problems: 'M8 2.5 14 13H2zM8 6.5v3M8 11.4v.1',
  sources: 'M8 9.25V2.5M5.25 5.25 8 2.5l2.75 2.75M2.75 9.5v3.75h10.5V9.5',
  roles: 'M8 2 3 4v3.75c0 3 2.1 5.2 5 6.25 2.9-1.05 5-3.25 5-6.25V4zM5.75 7.9l1.6 1.6 2.9-3.1',
  sessions: 'M2.25 3.25h11.5v7.5H2.25zM5.5 13.25h5M8 10.75v2.5',
  tokens: 'M5.25 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7.4 7.9l5.35-5.15M10.25 5.15l1.9 1.9',
  secrets: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2M8 9.5v1.5',
  audit: 'M3.5 2.25h9v11.5h-9zM6 5.5h4M6 8h4M6 10.5h2.25',
  plugin: 'M6 2.5v3M10 2.5v3M4 5.5h8v2.25a4 4 0 0 1-8 0zM8 11.75v2',
  star: 'm8 2.25 1.75 3.7 4 .5-2.95 2.8.75 4L8 11.3l-3.55 1.95.75-4-2.95-2.8 4-.5z',
  menu: 'M2.5 4.25h11M2.5 8h11M2.5 11.75h11',
  close: 'm3.75 3.75 8.5 8.5M12.25 3.75l-8.5 8.5',
  find: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.25 10.25l3.5 3.5',
  fold: 'M2.25 3h11.5v10H2.25zM6 3v10M11 6.25 9.25 8 11 9.75',
  unfold: 'M2.25 3h11.5v10H2.25zM6 3v10M9.25 6.25 11 8 9.25 9.75',
  system: 'M8 13.75a5.75 5.75 0 1 0 0-11.5 5.75 5.75 0 0 0 0 11.5zM8 2.25v11.5M9.5 3v10M11 4v8M12.5 6v4',
  light:
    'M8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  dark: 'M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75z',
  contrast: 'M8 13.75a5.75 5.75 0 1 0 0-11.5 5.75 5.75 0 0 0 0 11.5zM5.5 10.75 8 5l2.5 5.75M6.4 9h3.2',
} as const;

/** Name of a drawing. */
export type IconName = keyof typeof paths;

/** A drawing beside a word, or in a button that has a name: it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
