import type { ReactNode } from 'react';

const LINK =
  'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2a2.6 2.6 0 0 0-3.7-3.7L8 4.3 M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l1-1';
const PAGE = 'M4 2h5l3 3v9H4z M9 2v3h3 M6 8.5h4 M6 11h4';
const CHART = 'M2.5 2.5v11h11 M5.5 11V8 M8.5 11V4.5 M11.5 11V6.5';
const PEOPLE = 'M2.5 3.5h11v7h-6L4.5 13v-2.5h-2z';

/** Drawings by the words that descriptors use for them (Backstage's icon keys, and common ones). */
const SHAPES: Readonly<Record<string, string>> = {
  docs: PAGE,
  book: PAGE,
  file: PAGE,
  techdocs: PAGE,
  dashboard: CHART,
  grafana: CHART,
  chart: CHART,
  monitoring: CHART,
  chat: PEOPLE,
  slack: PEOPLE,
  help: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2z M6.4 6.4a1.7 1.7 0 1 1 2.4 1.5c-.6.3-.8.6-.8 1.2 M8 11.2v.1',
  email: 'M2.2 3.8h11.6v8.4H2.2z M2.2 4.2 8 9l5.8-4.8',
  code: 'M5.5 4.5 2.2 8l3.3 3.5 M10.5 4.5 13.8 8l-3.3 3.5 M9 3.8 7 12.2',
  github: 'M5.5 4.5 2.2 8l3.3 3.5 M10.5 4.5 13.8 8l-3.3 3.5 M9 3.8 7 12.2',
  edit: 'M3 13h2.2l7.3-7.3-2.2-2.2L3 10.8z M9 4.8 11.2 7',
  alert: 'M8 2.5 14 13H2z M8 6.5v3 M8 11.2v.1',
  catalog: 'M2.5 3h11v3h-11z M2.5 8h11 M2.5 10.5h11 M2.5 13h7',
};

/** A small drawing for a link; the word beside it says what it is. */
export function LinkIcon({ icon }: { readonly icon: string | undefined }): ReactNode {
  return (
    <svg className="link-icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[icon?.toLowerCase() ?? ''] ?? LINK} />
    </svg>
  );
}
