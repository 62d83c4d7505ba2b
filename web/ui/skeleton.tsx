import type { ReactNode } from 'react';

/**
 * Grey rows in the shape of what is coming. They show only after 150 ms (style sheet), so a quick answer never flashes;
 * a reader of the page by ear hears `label`.
 */
export function Skeleton({ rows, label }: { readonly rows: number; readonly label: string }): ReactNode {
  return (
    <output className="skeleton">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="skeleton-row" aria-hidden="true" />
      ))}
    </output>
  );
}
