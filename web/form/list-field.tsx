import { useState } from 'react';
import type { ReactNode } from 'react';
import { Combobox, type Choice } from './combobox.tsx';
import { Field } from './field.tsx';

/**
 * A list of texts as chips with a field that adds more. What stands in the field belongs to the list already, as its last
 * item: nothing that was typed is lost by pressing a button, and nothing moves under the pointer that presses it.
 */
export function ListField({
  label,
  hint,
  error,
  items,
  change,
  useChoices,
  placeholder,
}: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly items: readonly string[];
  readonly change: (items: readonly string[]) => void;
  /** What to suggest for a typed text; may be a hook, and then is always the same one. */
  readonly useChoices: (text: string) => readonly Choice[];
  readonly placeholder?: string | undefined;
}): ReactNode {
  // `isNew`: the last item is there because of the text; else the text repeats an item.
  const [{ text, isNew }, setField] = useState({ text: '', isNew: false });
  // A list that was set anew from outside has nothing of the field's text.
  const typed = items.includes(text) ? text : '';
  const chips = isNew && items.at(-1) === typed ? items.slice(0, -1) : items;
  const choices = useChoices(typed);
  const put = (added: readonly string[], left: string): void => {
    setField({ text: left, isNew: left !== '' && !chips.includes(left) });
    change([...new Set([...chips, ...added])]);
  };
  const type = (next: string): void => {
    const parts = next.split(/[\s,]+/).filter((part) => part !== '');
    const last = parts.at(-1) ?? '';
    put(parts, parts.length > 1 || next !== last ? '' : last);
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(input) => (
        <div className="list-field">
          {chips.length > 0 && (
            <ul className="plain list-items" aria-label={`${label}: chosen`}>
              {chips.map((item) => (
                <li key={item}>
                  <button
                    type="button"
                    className="chip"
                    onClick={() => change(items.filter((other) => other !== item))}
                  >
                    <span className="mono">{item}</span>
                    <span aria-hidden="true" className="chip-cross">
                      ×
                    </span>
                    <span className="visually-hidden">, take off</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          <Combobox
            input={input}
            text={typed}
            type={type}
            choices={choices.filter(({ value }) => !chips.includes(value))}
            choose={(value) => put([value], '')}
            placeholder={placeholder}
            onEnter={() => setField({ text: '', isNew: false })}
          />
        </div>
      )}
    </Field>
  );
}
