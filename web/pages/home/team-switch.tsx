import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { EVERYTHING } from '../../../src/model/preference.ts';
import { formatEntityRef, parseEntityRef } from '../../../src/model/ref.ts';
import { Combobox, matching, type Choice } from '../../form/combobox.tsx';
import { useEntityChoices } from '../../form/entity-choices.ts';
import type { ScopeData } from './use-home.ts';

const ALL = 'everything';

/** Chooses another team by typing: one's own groups come first. */
export function TeamSwitch({
  groups,
  choose,
  placeholder = 'Another team',
}: {
  readonly groups: ScopeData['groups'];
  /** @param team ref of a group, or `*` */
  readonly choose: (team: string) => void;
  readonly placeholder?: string;
}): ReactNode {
  const id = useId();
  const [text, setText] = useState('');
  const [isUsed, setIsUsed] = useState(false);
  const own: readonly Choice[] = groups.map(({ ref, title }) => ({ value: shortRef(ref), note: `${title} · yours` }));
  const found = useEntityChoices(text, 'kind == "Group"', isUsed).map(({ value, note }) => ({
    value: shortRef(value),
    note,
  }));
  const first = matching([...own, { value: ALL, note: 'whoever owns it' }], text);
  const choices = [...first, ...found.filter(({ value }) => !first.some((choice) => choice.value === value))];
  const take = (value: string): void => {
    const team = teamOf(value);
    if (team === undefined) return;
    setText('');
    choose(team);
  };
  return (
    <div className="home-switch" onFocus={() => setIsUsed(true)}>
      <label htmlFor={id} className="visually-hidden">
        Team
      </label>
      <Combobox
        input={{ id, 'aria-describedby': undefined, 'aria-invalid': undefined }}
        text={text}
        type={setText}
        choices={choices}
        choose={take}
        placeholder={placeholder}
        onEnter={() => take(text)}
      />
    </div>
  );
}

/** A group as people write it: `box-office`, with its namespace where that is another one. */
export function shortRef(ref: string): string {
  return ref.replace(/^group:(default\/)?/, '');
}

function teamOf(written: string): string | undefined {
  if (written.trim() === ALL) return EVERYTHING;
  const parts = parseEntityRef(written.trim(), { defaultKind: 'Group' });
  const ref = parts && formatEntityRef(parts);
  return ref?.startsWith('group:') === true ? ref : undefined;
}
