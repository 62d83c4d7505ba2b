import { useState } from 'react';
import type { ReactNode } from 'react';
import { Combobox, type Choice } from './combobox.tsx';
import { Field } from './field.tsx';

/** A list of texts as chips with a field that adds more; what is typed and left there is added too. */
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
  const [text, setText] = useState('');
  const choices = useChoices(text);
  const add = (added: string): void => {
    setText('');
    const more = added.split(/[\s,]+/).filter((item) => item !== '' && !items.includes(item));
    if (more.length > 0) change([...items, ...new Set(more)]);
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(input) => (
        <div className="list-field">
          {items.length > 0 && (
            <ul className="plain list-items" aria-label={`${label}: chosen`}>
              {items.map((item) => (
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
            text={text}
            type={(typed) => (/[\s,]/.test(typed) ? add(typed) : setText(typed))}
            choices={choices.filter(({ value }) => !items.includes(value))}
            choose={add}
            placeholder={placeholder}
            onEnter={() => add(text)}
            onBlur={() => add(text)}
          />
        </div>
      )}
    </Field>
  );
}
