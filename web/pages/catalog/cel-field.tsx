import { useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { CompletionItem } from '../../../src/api/completions.ts';
import type { Failure } from '../../ui/notice.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { celPath, typedPath, wrongSpan } from './cel-completion.ts';
import type { FilterChoice } from './filter-completion.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { useCompletions } from './use-completions.ts';
import { useSuggestions } from './use-suggestions.ts';

const EXAMPLE = 'kind == "Component" && spec.lifecycle == "production"';

/** A condition in CEL, over as many lines as it has; what is wrong with it is underlined where it stands. */
export function CelField({
  written,
  commit,
  failure,
}: {
  readonly written: string;
  readonly commit: (text: string) => void;
  /** What the server says against the condition. */
  readonly failure: Failure | undefined;
}): ReactNode {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useTyped(written, commit);
  const [caret, setCaret] = useState(text.length);
  const part = typedPath(text, caret);
  const take = (choice: FilterChoice): void => {
    if (!part) return;
    const next = text.slice(0, part.start) + choice.text + text.slice(caret);
    const at = part.start + choice.text.length;
    setText(next);
    setCaret(at);
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at));
  };
  const suggestions = useSuggestions(celChoices(part?.prefix, useCompletions(part?.prefix)), take);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (suggestions.onKeyDown(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      suggestions.close();
      commit(text);
    }
  };
  const isWrong = failure !== undefined;
  return (
    <search className="filter-form">
      <div className="cel">
        <Underlined text={text} failure={failure} />
        <textarea
          ref={field}
          data-search=""
          className="field cel-text"
          aria-label="CEL condition"
          aria-haspopup="listbox"
          aria-controls={suggestions.listId}
          aria-autocomplete="list"
          aria-activedescendant={suggestions.activeId}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          rows={Math.min(12, Math.max(1, text.split('\n').length))}
          maxLength={4096}
          placeholder={EXAMPLE}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setCaret(event.target.selectionStart);
            suggestions.open();
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onBlur={suggestions.close}
          onKeyDown={onKeyDown}
        />
      </div>
      <SuggestionList suggestions={suggestions} label="Suggestions" />
      {failure && (
        <p id={`${id}-wrong`} className="field-failure" role="alert">
          {failure.detail}
        </p>
      )}
    </search>
  );
}

/** The same text behind the field, of which only the line below what is wrong is seen. */
function Underlined({ text, failure }: { readonly text: string; readonly failure: Failure | undefined }): ReactNode {
  const { line, column, length } = failure?.problem?.details ?? {};
  if (typeof line !== 'number' || typeof column !== 'number' || typeof length !== 'number') return null;
  const { start, end } = wrongSpan(text, { line, column, length });
  return (
    <div className="cel-under" aria-hidden="true">
      {text.slice(0, start)}
      <span className="cel-wrong">{text.slice(start, end).padEnd(1, '\u00a0')}</span>
      {text.slice(end)}
    </div>
  );
}

/** What may be written next. */
function celChoices(prefix: string | undefined, items: readonly CompletionItem[]): readonly FilterChoice[] {
  if (prefix === undefined) return [];
  return items
    .filter(({ text }) => text.toLowerCase().startsWith(prefix.toLowerCase()) && text !== prefix)
    .map(({ text, type, examples, signature, doc }) => ({
      text: type === 'map' ? `${celPath(text)}.` : celPath(text),
      label: text,
      note: signature === undefined ? exampleText(type, examples) : `${signature}: ${doc ?? ''}`,
      isWhole: type !== 'map',
    }));
}

function exampleText(type: CompletionItem['type'], examples: readonly string[]): string {
  return examples.length === 0 ? type : `${type}, e.g. ${examples.join(', ')}`;
}
