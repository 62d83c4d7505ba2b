import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

/** Lines drawn at most; the copy has them all. */
const MAX_LINES = 5000;

/** A text with line numbers that scrolls by itself. Places are counted from 0. */
export function CodeFrame({
  label,
  count,
  draw,
  isWrong = () => false,
  below,
  inView,
}: {
  readonly label: string;
  /** Number of lines. */
  readonly count: number;
  readonly draw: (at: number) => ReactNode;
  readonly isWrong?: (at: number) => boolean;
  /** What stands below a line, such as what is wrong with it. */
  readonly below?: (at: number) => ReactNode;
  /** The line to be scrolled to. */
  readonly inView?: number | undefined;
}): ReactNode {
  const shown = useRef<HTMLSpanElement>(null);
  useEffect(() => shown.current?.scrollIntoView({ block: 'nearest' }), [inView]);
  return (
    <figure className="code-frame">
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label={label}>
        {Array.from({ length: Math.min(count, MAX_LINES) }, (_, at) => (
          <span
            // Lines have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            className={isWrong(at) ? 'code-line is-wrong' : 'code-line'}
            ref={at === inView ? shown : undefined}
          >
            {draw(at)}
            {'\n'}
            {below?.(at)}
          </span>
        ))}
      </pre>
      {count > MAX_LINES && (
        <figcaption>
          The first {MAX_LINES.toLocaleString()} of {count.toLocaleString()} lines; Copy takes all.
        </figcaption>
      )}
    </figure>
  );
}
