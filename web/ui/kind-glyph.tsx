import type { ReactNode } from 'react';

/** The first letter of a kind in a small box: tells rows apart at a glance. The word always stands nearby. */
export function KindGlyph({ kind }: { readonly kind: string }): ReactNode {
  return (
    <span className="kind-glyph" aria-hidden="true">
      {kind.charAt(0).toUpperCase()}
    </span>
  );
}
