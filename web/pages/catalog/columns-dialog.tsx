import { useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { columnOf, columnsOf, formatColumns, KNOWN_COLUMNS, MOST_COLUMNS } from './catalog-columns.ts';
import type { CatalogSearch } from './catalog-search.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { usePathChoices } from './use-path-choices.ts';
import { useSuggestions } from './use-suggestions.ts';

/** The button and the dialog that choose the columns of the list, and their order. */
export function ColumnsDialog({
  search,
  set,
}: {
  readonly search: CatalogSearch;
  readonly set: (cols: string | undefined) => void;
}): ReactNode {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const chosen = columnsOf(search.cols).map(({ key }) => key);
  const others = KNOWN_COLUMNS.filter(({ key }) => !chosen.includes(key));
  const put = (keys: readonly string[]): void => set(formatColumns(keys));
  return (
    <>
      <button type="button" className="button button-small" onClick={() => dialog.current?.showModal()}>
        Columns
      </button>
      <dialog ref={dialog} className="dialog columns-dialog" aria-labelledby={id}>
        <div className="panel-head">
          <h2 id={id}>Columns</h2>
          <button type="button" className="button button-small" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <ol className="plain columns-list" aria-label="Shown columns">
          <li className="columns-row">
            <span>Name</span>
            <span className="faint">always first</span>
          </li>
          {chosen.map((key, at) => (
            <ChosenColumn key={key} keys={chosen} at={at} put={put} />
          ))}
        </ol>
        <PathField
          isFull={chosen.length >= MOST_COLUMNS}
          add={(path) => !chosen.includes(path) && put([...chosen, path])}
        />
        {others.length > 0 && (
          <ul className="plain columns-more" aria-label="More columns">
            {others.map(({ key, title }) => (
              <li key={key}>
                <button type="button" className="chip" onClick={() => put([...chosen, key])}>
                  <span aria-hidden="true">+</span> {title}
                </button>
              </li>
            ))}
          </ul>
        )}
        <p className="columns-foot">
          <button type="button" className="button" disabled={search.cols === undefined} onClick={() => set(undefined)}>
            Usual columns
          </button>
        </p>
      </dialog>
    </>
  );
}

function ChosenColumn({
  keys,
  at,
  put,
}: {
  readonly keys: readonly string[];
  readonly at: number;
  readonly put: (keys: readonly string[]) => void;
}): ReactNode {
  const key = keys[at] ?? '';
  const column = columnOf(key);
  const title = column?.title ?? key;
  const move = (step: 1 | -1): void => {
    const others = keys.filter((other) => other !== key);
    put([...others.slice(0, at + step), key, ...others.slice(at + step)]);
  };
  return (
    <li className="columns-row">
      <span className="columns-title" title={column?.path}>
        {title}
        {column?.key === column?.path && key !== 'kind' && <code className="faint"> {key}</code>}
      </span>
      <IconButton label={`Move ${title} up`} path="m4 10 4-4 4 4" isOff={at === 0} act={() => move(-1)} />
      <IconButton label={`Move ${title} down`} path="m4 6 4 4 4-4" isOff={at === keys.length - 1} act={() => move(1)} />
      <IconButton
        label={`Take ${title} off`}
        path="m4.5 4.5 7 7m0-7-7 7"
        isOff={false}
        act={() => put(keys.filter((other) => other !== key))}
      />
    </li>
  );
}

function IconButton({
  label,
  path,
  isOff,
  act,
}: {
  readonly label: string;
  readonly path: string;
  readonly isOff: boolean;
  readonly act: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-disabled={isOff}
      onClick={() => !isOff && act()}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

/** Any path as a column: facts, annotations, fields of the spec, relations. */
function PathField({ isFull, add }: { readonly isFull: boolean; readonly add: (path: string) => void }): ReactNode {
  const id = useId();
  const [text, setText] = useState('');
  const choices = usePathChoices(text === '' ? undefined : text).map((choice) => ({
    ...choice,
    text: choice.text.replace(/:$/, ''),
  }));
  const suggestions = useSuggestions(choices, (choice) => setText(choice.text));
  const isColumn = columnOf(text) !== undefined && !text.endsWith('.');
  return (
    <form
      className="columns-path"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isColumn || isFull) return;
        add(text);
        setText('');
        suggestions.close();
      }}
    >
      <label className="visually-hidden" htmlFor={`${id}-path`}>
        Path of a column
      </label>
      <input
        id={`${id}-path`}
        type="text"
        role="combobox"
        className="field mono"
        aria-expanded={suggestions.isShown}
        aria-controls={suggestions.listId}
        aria-autocomplete="list"
        aria-activedescendant={suggestions.activeId}
        placeholder="facts.… metadata.annotations.… spec.…"
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value.trim());
          suggestions.open();
        }}
        onBlur={suggestions.close}
        onKeyDown={(event) => void suggestions.onKeyDown(event)}
      />
      <button type="submit" className="button" disabled={!isColumn || isFull}>
        Add
      </button>
      <SuggestionList suggestions={suggestions} label="Paths" />
      {isFull && <p className="faint">No more than {MOST_COLUMNS} columns.</p>}
    </form>
  );
}
