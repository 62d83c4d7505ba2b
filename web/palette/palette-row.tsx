import type { ReactNode } from 'react';
import { type FindField, fieldText, type TextRange, wordRanges } from '../../src/model/find-match.ts';
import { KindGlyph } from '../ui/kind-glyph.tsx';
import { Keys } from '../ui/shortcut-keys.tsx';
import type { PaletteGroup, PaletteRow } from './palette-item.ts';

/** What stands in front of what is no entity. */
const signs: Partial<Readonly<Record<PaletteGroup, string>>> = {
  pages: '→',
  views: '≡',
  actions: '›',
  focused: '›',
  tags: '#',
  more: '→',
};

/** What a text is called where it explains why something was found. */
const whys: Partial<Readonly<Record<FindField, string>>> = {
  displayName: 'called',
  description: 'says',
  tag: 'tag',
  email: 'e-mail',
};

/** One row: what it is, what it is called with the words marked, and why it is there. */
export function RowContent({ row, words }: { readonly row: PaletteRow; readonly words: readonly string[] }): ReactNode {
  const { item, match } = row;
  const isMarked = match !== undefined;
  return (
    <>
      <span className="palette-sign" aria-hidden="true">
        {item.entity ? (
          <KindGlyph kind={item.entity.kind} />
        ) : item.group === 'kinds' ? (
          <KindGlyph kind={item.label} />
        ) : (
          (item.sign ?? signs[item.group])
        )}
      </span>
      <span className="palette-label">
        {isMarked ? <Marked text={item.label} words={words} /> : item.label}
        {item.entity && <span className="visually-hidden">, {item.entity.kind}</span>}
      </span>
      {item.note !== undefined && (
        <span className={item.entity ? 'palette-note mono' : 'palette-note'}>
          {isMarked ? <Marked text={item.note} words={words} /> : item.note}
        </span>
      )}
      <Why row={row} words={words} />
      {item.keys !== undefined && (
        <span className="palette-keys" aria-hidden="true">
          <Keys keys={item.keys} />
        </span>
      )}
    </>
  );
}

function Why({
  row: { item, match },
  words,
}: {
  readonly row: PaletteRow;
  readonly words: readonly string[];
}): ReactNode {
  const why = match && whys[match.field];
  const text = item.disabledReason ?? (match?.kind === 'typo' ? 'spelled differently' : item.meta);
  if (item.disabledReason === undefined && match && why !== undefined && item.entity) {
    return (
      <span className="palette-meta">
        {why} <Marked text={match.text} words={words} />
      </span>
    );
  }
  return text === undefined ? null : <span className="palette-meta">{text}</span>;
}

/** A text with the words that were looked for marked. */
function Marked({ text, words }: { readonly text: string; readonly words: readonly string[] }): ReactNode {
  const ranges = wordRanges(fieldText('title', text), words);
  return pieces(text, ranges).map(([piece, isHit], at) =>
    isHit ? (
      <mark key={at} className="palette-hit">
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}

function pieces(text: string, ranges: readonly TextRange[]): readonly (readonly [piece: string, isHit: boolean])[] {
  const cut: (readonly [string, boolean])[] = [];
  let last = 0;
  for (const [from, to] of ranges) {
    cut.push([text.slice(last, from), false], [text.slice(from, to), true]);
    last = to;
  }
  return [...cut, [text.slice(last), false]];
}
