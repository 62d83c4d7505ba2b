import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { CodeFrame } from '../../ui/code-frame.tsx';
import { sourcePieces, type SourceLanguage } from './source-language.ts';

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
  const wrong = wrongLine === undefined ? undefined : wrongLine - 1;
  return (
    <CodeFrame
      label="Source of the definition"
      count={lines.length}
      draw={(at) => <Line text={lines[at] ?? ''} language={language} />}
      isWrong={(at) => at === wrong}
      inView={wrong}
    />
  );
}

function Line({ text, language }: { readonly text: string; readonly language: SourceLanguage }): ReactNode {
  return sourcePieces(text, language).map(({ kind, text: piece }, at) =>
    kind === 'plain' ? (
      piece
    ) : (
      // Pieces have no identity but their place.
      // oxlint-disable-next-line react/no-array-index-key
      <span key={at} className={`code-${kind}`}>
        {piece}
      </span>
    ),
  );
}
