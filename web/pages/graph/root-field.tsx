import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatEntityRef, parseEntityRef } from '../../../src/model/ref.ts';
import { Combobox } from '../../form/combobox.tsx';
import { useEntityChoices } from '../../form/entity-choices.ts';
import { Field } from '../../form/field.tsx';

/** Chooses one entity by part of its name or by its ref. */
export function EntityField({
  label,
  choose,
  submit,
}: {
  readonly label: string;
  readonly choose: (ref: string) => void;
  /** Word of the button. */
  readonly submit: string;
}): ReactNode {
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const choices = useEntityChoices(text);
  const take = (written: string): void => {
    const parts = parseEntityRef(written.trim());
    setIsWrong(parts === undefined);
    if (!parts) return;
    setText('');
    choose(formatEntityRef(parts));
  };
  // A name alone means the one entity that it finds.
  const enter = (): void => {
    const [only, ...others] = choices;
    take(only && others.length === 0 ? only.value : text);
  };
  return (
    <form
      className="graph-field"
      onSubmit={(event) => {
        event.preventDefault();
        enter();
      }}
    >
      <Field
        label={label}
        error={isWrong ? 'Choose an entity from the list, or write a ref such as component:default/desk.' : undefined}
      >
        {(input) => (
          <Combobox
            input={input}
            text={text}
            type={(next) => {
              setText(next);
              setIsWrong(false);
            }}
            choices={choices}
            choose={take}
            placeholder="Name or ref"
            onEnter={enter}
          />
        )}
      </Field>
      <button type="submit" className="button">
        {submit}
      </button>
    </form>
  );
}
