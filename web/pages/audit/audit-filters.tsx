import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTyped } from '../../ui/typed-text.ts';
import { readOutcome, type AuditSearch } from './audit-search.ts';

const texts = [
  { key: 'actor', label: 'Who', placeholder: 'user:default/…' },
  { key: 'action', label: 'What', placeholder: 'access.*' },
  { key: 'target', label: 'To what', placeholder: 'component:default/…' },
] as const;

/** What narrows the log; everything stands in the URL, which follows the typing. */
export function AuditFilters({ search }: { readonly search: AuditSearch }): ReactNode {
  const navigate = useNavigate({ from: '/audit' });
  const change = (part: AuditSearch, replace: boolean): void => {
    void navigate({
      search: (now: AuditSearch) => ({ ...now, before: undefined, record: undefined, ...part }),
      replace,
      resetScroll: false,
    });
  };
  const typed = (key: keyof AuditSearch) => (text: string) => change({ [key]: text === '' ? undefined : text }, true);
  return (
    <search className="audit-filters">
      <TextFilter label="Search the log" placeholder="Any text" value={search.q ?? ''} commit={typed('q')} isSearch />
      {texts.map(({ key, label, placeholder }) => (
        <TextFilter key={key} label={label} placeholder={placeholder} value={search[key] ?? ''} commit={typed(key)} />
      ))}
      <label className="filter">
        <span className="form-label">Outcome</span>
        <select
          className="select"
          value={search.outcome ?? ''}
          onChange={(event) => change({ outcome: readOutcome(event.target.value) }, false)}
        >
          <option value="">any</option>
          <option value="success">done</option>
          <option value="denied">denied</option>
          <option value="failure">failed</option>
          <option value="unknown">unknown</option>
          <option value="pending">begun</option>
        </select>
      </label>
      <DayFilter label="From" value={search.from} commit={(from) => change({ from }, false)} />
      <DayFilter label="Until" value={search.until} commit={(until) => change({ until }, false)} />
    </search>
  );
}

function TextFilter({
  label,
  placeholder,
  value,
  commit,
  isSearch = false,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly commit: (text: string) => void;
  /** The one that `/` goes to. */
  readonly isSearch?: boolean;
}): ReactNode {
  const [text, setText] = useTyped(value, commit);
  return (
    <label className={isSearch ? 'filter filter-search' : 'filter'}>
      <span className="form-label">{label}</span>
      <input
        {...(isSearch ? { 'data-search': '' } : {})}
        type="search"
        className={isSearch ? 'field' : 'field mono'}
        maxLength={300}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

function DayFilter({
  label,
  value,
  commit,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly commit: (day: string | undefined) => void;
}): ReactNode {
  return (
    <label className="filter">
      <span className="form-label">
        {label} <span className="faint">UTC</span>
      </span>
      <input
        type="date"
        className="field"
        value={value ?? ''}
        onChange={(event) => commit(event.target.value === '' ? undefined : event.target.value)}
      />
    </label>
  );
}
