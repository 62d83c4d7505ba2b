import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import type { SearchTerm } from '../../../src/model/search-terms.ts';
import { facetLabel } from './facet-label.ts';

type FilterTerm = Extract<SearchTerm, { op: 'filter' }>;

/** The filters of the search, each with the way to take it off; walked by arrows from the field. */
export function FilterTokens({
  list,
  filters,
  remove,
  leave,
}: {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly filters: readonly FilterTerm[];
  readonly remove: (at: number) => void;
  /** Puts the focus back into the field. */
  readonly leave: () => void;
}): ReactNode {
  if (filters.length === 0) return null;
  const focus = (at: number): void => {
    const button = list.current?.querySelectorAll('button').item(at);
    if (button) button.focus();
    else leave();
  };
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => focus(Math.max(0, at - 1)),
      ArrowRight: () => focus(at + 1),
      Backspace: () => takeOff(at),
      Delete: () => takeOff(at),
      Escape: leave,
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const takeOff = (at: number): void => {
    // The next one, else the one before it, else the field.
    if (filters.length === 1) leave();
    else focus(at === filters.length - 1 ? at - 1 : at);
    remove(at);
  };
  return (
    <ul ref={list} className="plain tokens" aria-label="Chosen filters">
      {filters.map((filter, at) => (
        <li key={`${filter.isNegated ? '-' : ''}${filter.key}${filter.operator}${filter.values.join(',')}`}>
          <button
            type="button"
            className={filter.isNegated ? 'token is-negated' : 'token'}
            onClick={() => takeOff(at)}
            onKeyDown={(event) => onKeyDown(event, at)}
          >
            <TokenText filter={filter} />
            <span aria-hidden="true" className="token-cross">
              ×
            </span>
            <span className="visually-hidden">, take off</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Values that a token names before it counts the rest. */
const NAMED = 3;

function TokenText({ filter }: { readonly filter: FilterTerm }): ReactNode {
  const { key, operator, values, isNegated } = filter;
  const labels = values.map((value) => facetLabel(key, value));
  const more = labels.length - NAMED;
  const named = (more > 0 ? labels.slice(0, NAMED) : labels).join(', ');
  return (
    <span className="token-text" title={values.join(', ')}>
      {isNegated && <span className="token-not">not </span>}
      <span className="token-key">
        {key}
        {operator === ':' ? ':' : ` ${operator} `}
      </span>
      {named}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}
