import type { ReactNode } from 'react';

/** What a kind is drawn as, on a board of 16 x 16: lines of 1.3, nothing filled. By kind in lower case. */
const SHAPES: Readonly<Record<string, string>> = {
  component: 'M8 2.2 13 5v6l-5 2.8L3 11V5z M3 5l5 2.8L13 5 M8 7.8v6',
  api: 'M5.5 4 2 8l3.5 4 M10.5 4 14 8l-3.5 4 M8.8 3.6 7.2 12.4',
  resource: 'M3 4.2a5 1.9 0 0 1 10 0v7.6a5 1.9 0 0 1-10 0z M3 4.2a5 1.9 0 0 0 10 0 M3 8a5 1.9 0 0 0 10 0',
  system: 'M2.5 2.5h4.6v4.6H2.5z M8.9 8.9h4.6v4.6H8.9z M8.9 2.5h4.6v4.6H8.9z M2.5 8.9h4.6v4.6H2.5z',
  domain: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z M2.2 8h11.6 M8 2c-3.4 3.6-3.4 8.4 0 12 M8 2c3.4 3.6 3.4 8.4 0 12',
  group:
    'M5.7 3.4a2 2 0 1 0 0 4 2 2 0 0 0 0-4z M1.8 13v-1.2a3.9 3.2 0 0 1 7.8 0V13 M10.2 3.6a2 2 0 0 1 0 3.7 M11.6 9.2a3.6 3 0 0 1 2.6 2.8v1',
  user: 'M8 2.6a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2z M3 13.4v-.9a5 3.6 0 0 1 10 0v.9',
  location:
    'M8 14C4.8 10.6 3.4 8.3 3.4 6.4a4.6 4.6 0 0 1 9.2 0C12.6 8.3 11.2 10.6 8 14z M8 4.9a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2z',
  template: 'M3.5 2h6l3 3v9h-9z M9.5 2v3h3 M5.8 8h4.4 M5.8 10.8h4.4',
  airesource: 'M8 1.8 9.5 6.5 14.2 8l-4.7 1.5L8 14.2 6.5 9.5 1.8 8l4.7-1.5z',
};

/** The drawing of a kind as the `d` of an SVG path on 16 x 16, for drawings of one's own; none for kinds of plugins. */
export function kindShape(kind: string): string | undefined {
  return SHAPES[kind.toLowerCase()];
}

/** A kind as a small drawing, or its first letter in a box: tells rows apart at a glance. The word stands nearby. */
export function KindGlyph({ kind }: { readonly kind: string }): ReactNode {
  const shape = kindShape(kind);
  if (shape === undefined) {
    return (
      <span className="kind-glyph kind-glyph-letter" aria-hidden="true">
        {kind.charAt(0).toUpperCase()}
      </span>
    );
  }
  return (
    <svg className="kind-glyph" viewBox="0 0 16 16" aria-hidden="true">
      <path d={shape} />
    </svg>
  );
}
