import type { ReactNode } from 'react';

/** The foot of a paged list. Places in the list are cursors, so it counts what is shown, not page numbers. */
export function Pager({
  label,
  shown,
  total,
  previous,
  next,
  go,
}: {
  readonly label: string;
  readonly shown: number;
  readonly total: number;
  readonly previous: string | undefined;
  readonly next: string | undefined;
  readonly go: (cursor: string) => void;
}): ReactNode {
  if (previous === undefined && next === undefined) return null;
  return (
    <nav className="pager" aria-label={label}>
      <span className="pager-count">
        {shown.toLocaleString()} of {total.toLocaleString()}
      </span>
      <PagerButton label="Previous" cursor={previous} go={go} />
      <PagerButton label="Next" cursor={next} go={go} />
    </nav>
  );
}

function PagerButton({
  label,
  cursor,
  go,
}: {
  readonly label: string;
  readonly cursor: string | undefined;
  readonly go: (cursor: string) => void;
}): ReactNode {
  return (
    <button
      type="button"
      className="button"
      disabled={cursor === undefined}
      onClick={() => cursor !== undefined && go(cursor)}
    >
      {label}
    </button>
  );
}
