import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { facetLabel } from '../catalog/facet-label.ts';
import { changeFilter, groupFilter, GROUPINGS, type Grouping, type ProblemsSearch } from './problems-search.ts';
import type { ProblemGroupData } from './use-problems.ts';

const SHOWN = 12;

const titles: Readonly<Record<Grouping, string>> = { location: 'Location', owner: 'Owner', code: 'Code' };

/** By what the problems are put together. */
export function GroupChoice({ search }: { readonly search: ProblemsSearch }): ReactNode {
  return (
    <nav className="segments" aria-label="Group by">
      {GROUPINGS.map((group) => (
        <ChoiceLink
          key={group}
          to="/problems"
          search={(now: ProblemsSearch) => ({
            ...now,
            group: group === 'location' ? undefined : group,
            cursor: undefined,
          })}
          className="segment"
          isOn={(search.group ?? 'location') === group}
          resetScroll={false}
        >
          {titles[group]}
        </ChoiceLink>
      ))}
    </nav>
  );
}

/** All groups with their counts, the worst first; each leads to itself alone, or back to all. */
export function GroupCounts({
  group,
  groups,
  search,
}: {
  readonly group: Grouping;
  readonly groups: readonly ProblemGroupData[];
  readonly search: ProblemsSearch;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const shown = isOpen ? groups : groups.slice(0, SHOWN);
  return (
    <nav className="problem-counts" aria-label={`Problems by ${group}`}>
      <p className="problem-counts-title">
        {groups.length === 1 ? `1 ${group}` : `${groups.length.toLocaleString()} ${group}s`}
      </p>
      <ul className="plain">
        {shown.map((item) => (
          <li key={item.value ?? ''}>
            <GroupLink group={group} item={item} search={search} />
          </li>
        ))}
      </ul>
      {groups.length > SHOWN && (
        <button type="button" className="facet-more" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? 'Fewer' : `${groups.length - SHOWN} more`}
        </button>
      )}
    </nav>
  );
}

function GroupLink({
  group,
  item,
  search,
}: {
  readonly group: Grouping;
  readonly item: ProblemGroupData;
  readonly search: ProblemsSearch;
}): ReactNode {
  const { value, errors, warnings } = item;
  const isOn = value === undefined ? search.unowned === 'true' : search[group] === value;
  const off: ProblemsSearch = value === undefined ? { unowned: undefined } : { [group]: undefined };
  return (
    <ChoiceLink
      to="/problems"
      search={(now: ProblemsSearch) => changeFilter(now, isOn ? off : groupFilter(group, value))}
      className="problem-count-row"
      isOn={isOn}
      title={value}
      resetScroll={false}
    >
      <GroupLabel group={group} value={value} />
      <span className="problem-count-figures">
        {errors > 0 && (
          <span className="count-errors">
            {errors.toLocaleString()}
            <span className="visually-hidden"> {errors === 1 ? 'error' : 'errors'}</span>
          </span>
        )}
        {warnings > 0 && (
          <span className="count-warnings">
            {warnings.toLocaleString()}
            <span className="visually-hidden"> {warnings === 1 ? 'warning' : 'warnings'}</span>
          </span>
        )}
      </span>
    </ChoiceLink>
  );
}

/** Short: of a location its file, and as much of the folder as there is room for; the whole stands in the title. */
function GroupLabel({ group, value }: { readonly group: Grouping; readonly value: string | undefined }): ReactNode {
  if (value === undefined) return <span className="problem-count-name">Nobody known</span>;
  if (group === 'owner') return <span className="problem-count-name">{facetLabel('owner', value)}</span>;
  if (group === 'code') return <span className="problem-count-name">{value}</span>;
  const parts = value.split('/');
  const folder = parts.at(-2);
  return (
    <span className="problem-count-place">
      {parts.length > 2 && <span className="problem-count-folder">{folder}</span>}
      {parts.length > 2 && '/'}
      <span className="problem-count-name">{parts.at(-1)}</span>
    </span>
  );
}

/** Whose problems are listed: anyone's, one owner's, or nobody's. */
export function OwnerChoice({
  search,
  owners,
}: {
  readonly search: ProblemsSearch;
  readonly owners: readonly string[];
}): ReactNode {
  const navigate = useNavigate({ from: '/problems' });
  const shown = search.owner === undefined || owners.includes(search.owner) ? owners : [search.owner, ...owners];
  const choose = (value: string): void => {
    const part: ProblemsSearch =
      value === NOBODY
        ? { owner: undefined, unowned: 'true' }
        : { owner: value === '' ? undefined : value, unowned: undefined };
    void navigate({ search: (now: ProblemsSearch) => changeFilter(now, part), resetScroll: false });
  };
  return (
    <label className="labelled">
      <span>Owner</span>
      <select
        className="select"
        value={search.unowned === 'true' ? NOBODY : (search.owner ?? '')}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">Anyone</option>
        <option value={NOBODY}>Nobody known</option>
        {shown.map((owner) => (
          <option key={owner} value={owner}>
            {facetLabel('owner', owner)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** No ref looks like this. */
const NOBODY = '-';
