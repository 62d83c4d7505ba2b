import { useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { parseSearchTerms, type SearchProblem } from '../../../src/model/search-terms.ts';
import { termsOf, withTerms, type CatalogSearch } from './catalog-search.ts';
import { typedPart, type FilterChoice } from './filter-completion.ts';
import { FilterTokens } from './filter-tokens.tsx';
import { SuggestionList } from './suggestion-list.tsx';
import { useFilterChoices } from './use-filter-choices.ts';
import { useSearchDraft, type ChangeSearch } from './use-search-draft.ts';
import { useSuggestions } from './use-suggestions.ts';

/** The search as tokens and words, with completion. The list follows words as they are typed, filters once they are whole. */
export function TokenField({
  search,
  change,
}: {
  readonly search: CatalogSearch;
  readonly change: ChangeSearch;
}): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const tokens = useRef<HTMLUListElement>(null);
  const draft = useSearchDraft(search, change);
  const { text } = draft;
  const filters = termsOf(search).filter((term) => term.op === 'filter');
  const part = typedPart(text);
  const take = (choice: FilterChoice): void => {
    if (part) draft.edit(text.slice(0, part.start) + choice.text + (choice.isWhole ? ' ' : ''));
  };
  const suggestions = useSuggestions(useFilterChoices(search, part), take);
  const [problem] = draft.isEnded ? parseSearchTerms(text).problems : [];
  const removeFilter = (at: number): void => change((now) => withoutFilter(now, at));
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (!suggestions.onKeyDown(event) && isLeavingLeft(event)) focusLast(tokens.current);
  };
  return (
    <search className="filter-form">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          suggestions.close();
          draft.end();
        }}
      >
        <div className={problem ? 'token-field is-wrong' : 'token-field'}>
          <FilterTokens list={tokens} filters={filters} remove={removeFilter} leave={() => input.current?.focus()} />
          <input
            ref={input}
            type="text"
            role="combobox"
            data-search=""
            className="token-input"
            aria-label="Filter the catalog"
            aria-expanded={suggestions.isShown}
            aria-controls={suggestions.listId}
            aria-autocomplete="list"
            aria-activedescendant={suggestions.activeId}
            aria-invalid={problem !== undefined}
            aria-describedby={problem ? `${id}-wrong` : undefined}
            placeholder={filters.length === 0 ? 'Words, or owner:team-a -lifecycle:deprecated has:problems' : ''}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            value={text}
            onChange={(event) => {
              suggestions.open();
              draft.edit(event.target.value);
            }}
            onClick={suggestions.open}
            onBlur={() => {
              suggestions.close();
              draft.end();
            }}
            onKeyDown={onKeyDown}
          />
          <kbd className="filter-key" aria-hidden="true">
            /
          </kbd>
        </div>
        <SuggestionList suggestions={suggestions} label="Suggestions" />
        {problem && <WrongPlace id={`${id}-wrong`} text={text} problem={problem} />}
      </form>
    </search>
  );
}

/** The state without the filter at a place among the filters. */
function withoutFilter(now: CatalogSearch, at: number): CatalogSearch {
  const terms = termsOf(now);
  const removed = terms.filter((term) => term.op === 'filter')[at];
  return withTerms(
    now,
    terms.filter((term) => term !== removed),
  );
}

/** True for a key that would go on to the left of the text: to the tokens before it. */
function isLeavingLeft({ key, currentTarget }: KeyboardEvent<HTMLInputElement>): boolean {
  const { selectionStart, selectionEnd } = currentTarget;
  return selectionStart === 0 && selectionEnd === 0 && (key === 'Backspace' || key === 'ArrowLeft');
}

function focusLast(list: HTMLElement | null): void {
  const buttons = list?.querySelectorAll('button');
  if (buttons !== undefined && buttons.length > 0) buttons.item(buttons.length - 1).focus();
}

/** What makes no sense, pointed at in the text; the rest of it is asked. */
function WrongPlace({
  id,
  text,
  problem,
}: {
  readonly id: string;
  readonly text: string;
  readonly problem: SearchProblem;
}): ReactNode {
  const { message, start, end } = problem;
  return (
    <div id={id} className="field-failure" role="alert">
      <pre className="filter-place" aria-hidden="true">
        {text}
        {'\n'}
        {' '.repeat(start)}
        {'^'.repeat(Math.max(1, end - start))}
      </pre>
      <p>{message}</p>
    </div>
  );
}
