import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { valuesOf, withValues, type CatalogSearch } from './catalog-search.ts';
import { choiceOf, choose, type Choice } from './facet-choice.ts';
import { facetLabel } from './facet-label.ts';
import { useFacet, type FacetKey } from './use-catalog.ts';

/** Values that are drawn of an opened facet; the rest is found by its search. */
const DRAWN = 100;

/** Changes the state of the page from what it is then. */
export function useChooser(): (next: (now: CatalogSearch) => CatalogSearch) => void {
  const navigate = useNavigate({ from: '/catalog' });
  return (next) => void navigate({ search: next, resetScroll: false });
}

/** One facet: its most frequent values with their counts, those without a value, and all of them on demand. */
export function FacetList({
  facet,
  title,
  has,
  search,
}: {
  readonly facet: FacetKey;
  readonly title: string;
  /** The `has:` that asks for any value. */
  readonly has: string | undefined;
  readonly search: CatalogSearch;
}): ReactNode {
  const chooser = useChooser();
  const [wanted, setWanted] = useState('');
  const { data, isPrevious, failure } = useFacet(search, facet);
  const values = shownValues(search, facet, data?.values ?? []);
  const isAbsentWanted = has !== undefined && choiceOf(search, 'has', has) === 'excluded';
  if (data ? values.length === 0 && !isAbsentWanted : failure !== undefined) return null;
  const isOpen = search.more === facet;
  const found = isOpen ? values.filter(({ value }) => isFound(facet, value, wanted)) : values;
  const toggleMore = (): void => chooser((now) => ({ ...now, more: isOpen ? undefined : facet }));
  return (
    <details className={data || failure ? 'facet' : 'facet is-waiting'} open>
      <summary className="facet-title">{title}</summary>
      {isOpen && (
        <input
          type="search"
          className="field facet-search"
          aria-label={`Search in ${title}`}
          placeholder={`${values.length.toLocaleString()}${data?.more === true ? ' most frequent' : ''}`}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      <ul className={isPrevious ? 'plain is-old' : 'plain'} aria-label={title}>
        {found.slice(0, DRAWN).map(({ value, count }) => (
          <FacetRow
            key={value}
            label={facetLabel(facet, value)}
            title={value}
            count={count}
            choice={choiceOf(search, facet, value)}
            choose={(choice) => chooser((now) => choose(now, facet, value, choice))}
          />
        ))}
        {has !== undefined && !isOpen && (isAbsentWanted || (data?.absent ?? 0) > 0) && (
          <FacetRow
            label={`No ${title.toLowerCase()}`}
            isQuiet
            count={data?.absent}
            choice={isAbsentWanted ? 'wanted' : 'none'}
            choose={() => chooser((now) => choose(now, 'has', has, 'excluded'))}
          />
        )}
      </ul>
      {isOpen && found.length > DRAWN && (
        <p className="facet-note">{(found.length - DRAWN).toLocaleString()} more; search in them.</p>
      )}
      {isOpen && found.length === 0 && <p className="facet-note">No value with that in it.</p>}
      {(data?.more === true || isOpen) && (
        <button type="button" className="facet-more" aria-expanded={isOpen} onClick={toggleMore}>
          {isOpen ? 'Fewer' : 'More'}
          <span className="visually-hidden"> values of {title}</span>
        </button>
      )}
    </details>
  );
}

interface ShownValue {
  readonly value: string;
  readonly count: number | undefined;
}

/** The counted values, and chosen ones that nothing has any more. */
function shownValues(search: CatalogSearch, facet: FacetKey, counted: readonly ShownValue[]): readonly ShownValue[] {
  const chosen = [...valuesOf(search, facet), ...valuesOf(search, facet, true)];
  const missing = chosen.filter((written) =>
    counted.every(({ value }) => choiceOf(withValues({}, facet, [written], []), facet, value) === 'none'),
  );
  return [...counted, ...missing.map((value) => ({ value, count: undefined }))];
}

function isFound(facet: FacetKey, value: string, wanted: string): boolean {
  return facetLabel(facet, value).toLowerCase().includes(wanted.trim().toLowerCase());
}

/** One value: a tick to have it, a button (or Alt and a click) to leave it out. */
export function FacetRow({
  label,
  title,
  count,
  choice,
  choose: act,
  isQuiet = false,
}: {
  readonly label: string;
  readonly title?: string | undefined;
  readonly count: number | undefined;
  readonly choice: Choice;
  readonly choose: (choice: Choice) => void;
  /** Without the button that excludes. */
  readonly isQuiet?: boolean | undefined;
}): ReactNode {
  const isExcluded = choice === 'excluded';
  const onClick = (event: MouseEvent): void => {
    if (!event.altKey || isQuiet) return;
    // Neither the tick nor its change is to hear of it.
    event.preventDefault();
    event.stopPropagation();
    act('excluded');
  };
  return (
    <li className={isExcluded ? 'facet-row is-excluded' : 'facet-row'}>
      {/* The tick inside takes the keys; the click is Alt's alone. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <label className="facet-value" onClickCapture={onClick}>
        <input type="checkbox" checked={choice === 'wanted'} onChange={() => act(isExcluded ? 'excluded' : 'wanted')} />
        <span className={isQuiet ? 'facet-name is-quiet' : 'facet-name'} title={title ?? label}>
          {label}
        </span>
        <span className="facet-count">{count === undefined ? '–' : count.toLocaleString()}</span>
      </label>
      {!isQuiet && (
        <button
          type="button"
          className="facet-exclude"
          aria-pressed={isExcluded}
          aria-label={`Exclude ${label}`}
          title={isExcluded ? 'Excluded: take it off' : 'Exclude (Alt and a click)'}
          onClick={() => act('excluded')}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 8h8" />
          </svg>
        </button>
      )}
    </li>
  );
}
