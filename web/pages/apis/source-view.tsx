import { useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { sourcePieces, type SourceLanguage } from './source-language.ts';

/** Lines drawn at most; the copy has them all. */
const MAX_LINES = 5000;

/** The text of a definition with the numbers of its lines; the line that is wrong is marked and in view. */
export function SourceView({
  text,
  language,
  wrongLine,
}: {
  readonly text: string;
  readonly language: SourceLanguage;
  /** 1-based. */
  readonly wrongLine: number | undefined;
}): ReactNode {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  const wrong = useRef<HTMLSpanElement>(null);
  useEffect(() => wrong.current?.scrollIntoView({ block: 'nearest' }), [wrongLine]);
  return (
    <figure className="api-source">
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label="Source of the definition">
        {lines.slice(0, MAX_LINES).map((line, at) => (
          <span
            // Lines have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            className={at + 1 === wrongLine ? 'api-line is-wrong' : 'api-line'}
            ref={at + 1 === wrongLine ? wrong : undefined}
          >
            <span className="api-line-number" aria-hidden="true">
              {at + 1}
            </span>
            <Line text={line} language={language} />
          </span>
        ))}
      </pre>
      {lines.length > MAX_LINES && (
        <figcaption className="faint">
          The first {MAX_LINES.toLocaleString()} of {lines.length.toLocaleString()} lines; Copy takes all.
        </figcaption>
      )}
    </figure>
  );
}

function Line({ text, language }: { readonly text: string; readonly language: SourceLanguage }): ReactNode {
  return (
    <span className="api-line-text">
      {sourcePieces(text, language).map(({ kind, text: piece }, at) =>
        kind === 'plain' ? (
          piece
        ) : (
          // Pieces have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={at} className={`api-${kind}`}>
            {piece}
          </span>
        ),
      )}
      {'\n'}
    </span>
  );
}
