import { useId } from 'react';
import type { ReactNode } from 'react';
import type { Failure } from '../../ui/notice.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import type { CatalogSearch } from './catalog-search.ts';

const CONDITION_CODES = new Set(['EXPRESSION_INVALID', 'QUERY_TOO_EXPENSIVE']);

/** True where it is the CEL condition that the server cannot answer: told at the field, not as a failure of the page. */
export function isConditionWrong(failure: Failure | undefined): boolean {
  return failure !== undefined && CONDITION_CODES.has(failure.code);
}

/** Free text, or a condition in CEL; the URL follows the typing after a quarter of a second. */
export function FilterBar({
  search,
  change,
  failure,
}: {
  readonly search: CatalogSearch;
  readonly change: (part: CatalogSearch, replace?: boolean) => void;
  readonly failure: Failure | undefined;
}): ReactNode {
  const isCel = search.where !== undefined;
  const written = (isCel ? search.where : search.q) ?? '';
  const commit = (text: string): void => change(isCel ? { where: text } : { q: text }, true);
  return (
    <div className="filter-bar">
      <FilterField
        key={isCel ? 'cel' : 'text'}
        isCel={isCel}
        written={written}
        commit={commit}
        wrong={isCel && isConditionWrong(failure) ? failure?.detail : undefined}
      />
      <fieldset className="segments">
        <legend className="visually-hidden">What the field holds</legend>
        <ModeButton isOn={!isCel} label="Text" choose={() => change({ where: undefined })} />
        <ModeButton isOn={isCel} label="CEL" choose={() => change({ where: '', q: undefined })} />
      </fieldset>
    </div>
  );
}

function FilterField({
  isCel,
  written,
  commit,
  wrong,
}: {
  readonly isCel: boolean;
  readonly written: string;
  readonly commit: (text: string) => void;
  /** What is wrong with the condition. */
  readonly wrong: string | undefined;
}): ReactNode {
  const [text, setText] = useTyped(written, commit);
  const id = useId();
  return (
    <search className="filter-form">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          commit(text);
        }}
      >
        <label className="visually-hidden" htmlFor={`${id}-text`}>
          {isCel ? 'CEL condition' : 'Search the catalog'}
        </label>
        <input
          id={`${id}-text`}
          data-search=""
          className={isCel ? 'field field-search mono' : 'field field-search'}
          type="search"
          value={text}
          placeholder={
            isCel ? 'kind == "Component" && spec.lifecycle == "production"' : 'Name, title, description, tag'
          }
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            event.currentTarget.blur();
          }}
        />
        <kbd className="filter-key" aria-hidden="true">
          /
        </kbd>
        {wrong !== undefined && (
          <p id={`${id}-wrong`} className="field-failure" role="alert">
            {wrong}
          </p>
        )}
      </form>
    </search>
  );
}

function ModeButton({
  isOn,
  label,
  choose,
}: {
  readonly isOn: boolean;
  readonly label: string;
  readonly choose: () => void;
}): ReactNode {
  return (
    <button type="button" className="segment" aria-pressed={isOn} onClick={() => !isOn && choose()}>
      {label}
    </button>
  );
}
