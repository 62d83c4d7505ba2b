import { useId, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { FieldInput } from './field.tsx';

/** One thing that may be chosen; `note` stands faint beside it. */
export interface Choice {
  readonly value: string;
  readonly note?: string | undefined;
}

/**
 * A text field with completion (ARIA combobox with a list). Any text may be typed; arrows walk the choices, Enter takes
 * one, Escape closes the list.
 */
export function Combobox({
  input,
  text,
  type,
  choices,
  choose,
  placeholder,
  onEnter,
}: {
  readonly input: FieldInput;
  readonly text: string;
  readonly type: (text: string) => void;
  readonly choices: readonly Choice[];
  readonly choose: (value: string) => void;
  readonly placeholder?: string | undefined;
  /** Enter without a choice; absent: the form takes it. */
  readonly onEnter?: (() => void) | undefined;
}): ReactNode {
  const listId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = isOpen && choices.length > 0;
  const close = (): void => {
    setIsOpen(false);
    setActive(-1);
  };
  const take = (value: string): void => {
    choose(value);
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = shown ? choices[active] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIsOpen(true);
      setActive(stepped(active, event.key === 'ArrowDown' ? 1 : -1, choices.length));
    } else if (event.key === 'Enter' && (chosen || onEnter)) {
      event.preventDefault();
      if (chosen) take(chosen.value);
      else {
        close();
        onEnter?.();
      }
    } else if (event.key === 'Escape' && shown) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className="combobox">
      <input
        {...input}
        type="text"
        role="combobox"
        className="field mono"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          type(event.target.value);
          setIsOpen(true);
          setActive(-1);
        }}
        onClick={() => setIsOpen(true)}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      <ChoiceList id={listId} choices={shown ? choices : []} active={active} take={take} />
    </div>
  );
}

function ChoiceList({
  id,
  choices,
  active,
  take,
}: {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly active: number;
  readonly take: (value: string) => void;
}): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a datalist cannot show notes, nor follow the theme
    <div id={id} role="listbox" aria-label="Suggestions" className="combobox-list" hidden={choices.length === 0}>
      {choices.map(({ value, note }, at) => (
        // The keys are the field's: the focus never leaves it.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={value}
          id={`${id}-${at}`}
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- as above
          role="option"
          aria-selected={at === active}
          className="combobox-choice"
          ref={(element) => {
            if (at === active) element?.scrollIntoView({ block: 'nearest' });
          }}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(value)}
        >
          <span className="mono">{value}</span>
          {note !== undefined && <span className="faint">{note}</span>}
        </div>
      ))}
    </div>
  );
}

/** The next place in a ring of `length` places and one more, -1: none. */
function stepped(at: number, step: 1 | -1, length: number): number {
  const next = at + step;
  if (next >= length) return -1;
  return next < -1 ? length - 1 : next;
}

/** Choices that contain the text, those that begin with it first; at most fifty. */
export function matching(choices: readonly Choice[], text: string): readonly Choice[] {
  const wanted = text.trim().toLowerCase();
  const isIn = ({ value, note }: Choice): boolean =>
    value.toLowerCase().includes(wanted) || (note?.toLowerCase().includes(wanted) ?? false);
  const found = choices.filter(isIn);
  const begins = found.filter(({ value }) => value.toLowerCase().startsWith(wanted));
  return [...begins, ...found.filter((choice) => !begins.includes(choice))].slice(0, 50);
}
