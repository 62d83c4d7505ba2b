import type { ReactNode } from 'react';
import type { Suggestions } from './use-suggestions.ts';

/** The list of suggestions below a field. */
export function SuggestionList({
  suggestions,
  label,
}: {
  readonly suggestions: Suggestions;
  readonly label: string;
}): ReactNode {
  const { listId, choices, active, isShown, take } = suggestions;
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a datalist cannot show notes, nor follow the theme
    <div id={listId} role="listbox" aria-label={label} className="suggestions" hidden={!isShown}>
      {(isShown ? choices : []).map((choice, at) => (
        // The keys are the field's: the focus never leaves it.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={choice.text}
          id={`${listId}-${at}`}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- as above
          role="option"
          aria-selected={at === active}
          className="suggestion"
          ref={(element) => {
            if (at === active) element?.scrollIntoView({ block: 'nearest' });
          }}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(choice)}
        >
          <span className="suggestion-text">{choice.label}</span>
          {choice.note !== undefined && <span className="suggestion-note">{choice.note}</span>}
        </div>
      ))}
    </div>
  );
}
