import type { ReactNode } from 'react';

/** States that have a shape: dot, triangle, diamond, hatched box, open ring, barred ring, half dot. */
export type MarkState = 'healthy' | 'degraded' | 'warning' | 'stale' | 'unknown' | 'denied' | 'progressing';

/** A state as shape and word in one colour; the word carries the meaning, so it also holds in greyscale. */
export function Mark({ state, children }: { readonly state: MarkState; readonly children: ReactNode }): ReactNode {
  return (
    <span className={`mark mark-${state}`}>
      <span className="mark-shape" aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
