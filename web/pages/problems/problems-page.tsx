import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { ProblemExport } from './problem-export.tsx';
import { GroupChoice, GroupCounts, OwnerChoice } from './problem-groups.tsx';
import { ProblemList } from './problem-list.tsx';
import { changeFilter, isNarrowed, type ProblemsSearch } from './problems-search.ts';
import { useOwners, useProblems, useSeverityCounts, type ProblemPage } from './use-problems.ts';

/** What is wrong with the declared catalog, whose it is, and what to do about it. */
export function ProblemsPage(): ReactNode {
  const search: ProblemsSearch = useSearch({ from: '/problems' });
  const page = useProblems(search);
  const owners = useOwners();
  useDocumentTitle('Problems');
  const total = page.data?.total;
  return (
    <>
      <PageHead
        title="Problems"
        sub={
          <output>
            {total === undefined ? '\u00a0' : `${total.toLocaleString()} ${total === 1 ? 'problem' : 'problems'}`}
          </output>
        }
        actions={total !== undefined && total > 0 && <ProblemExport search={search} />}
      />
      <SeverityTabs search={search} />
      <div className="panel-bar">
        <SearchField search={search} />
        <OwnerChoice search={search} owners={owners} />
        <div className="labelled">
          <span aria-hidden="true">Group by</span>
          <GroupChoice search={search} />
        </div>
      </div>
      <Choices search={search} />
      {page.failure && <FailureNotice failure={page.failure} onRetry={() => resources.repeat(page.key)} />}
      {!page.data && page.isLoading && <Skeleton rows={8} label="Loading the problems" />}
      {page.data?.items.length === 0 && <NoProblem isNarrowed={isNarrowed(search)} />}
      {page.data && page.data.items.length > 0 && (
        <div className={page.isPrevious || page.failure ? 'is-old' : undefined} aria-busy={page.isLoading}>
          <Problems search={search} page={page.data} />
        </div>
      )}
    </>
  );
}

function Problems({ search, page }: { readonly search: ProblemsSearch; readonly page: ProblemPage }): ReactNode {
  const navigate = useNavigate({ from: '/problems' });
  const group = search.group ?? 'location';
  const groups = page.groups ?? [];
  return (
    <div className="problem-columns">
      <GroupCounts group={group} groups={groups} search={search} />
      <div className="problem-list">
        <ProblemList problems={page.items} group={group} />
        <Pager
          label="Pages of problems"
          shown={page.items.length}
          total={page.total}
          previous={page.previous}
          next={page.next}
          go={(cursor) => void navigate({ search: (now: ProblemsSearch) => ({ ...now, cursor }) })}
        />
      </div>
    </div>
  );
}

function SeverityTabs({ search }: { readonly search: ProblemsSearch }): ReactNode {
  const counts = useSeverityCounts(search);
  const tabs = [
    { severity: undefined, label: 'All', count: counts && counts.error + counts.warning },
    { severity: 'error', label: 'Errors', count: counts?.error },
    { severity: 'warning', label: 'Warnings', count: counts?.warning },
  ] as const;
  return (
    <nav className="tabs" aria-label="Severity">
      {tabs.map(({ severity, label, count }) => (
        <ChoiceLink
          key={label}
          to="/problems"
          search={(now: ProblemsSearch) => changeFilter(now, { severity })}
          className="tab"
          isOn={search.severity === severity}
          resetScroll={false}
        >
          {label} <span className="tab-count">{count?.toLocaleString()}</span>
        </ChoiceLink>
      ))}
    </nav>
  );
}

function SearchField({ search }: { readonly search: ProblemsSearch }): ReactNode {
  const navigate = useNavigate({ from: '/problems' });
  const [text, setText] = useTyped(search.q ?? '', (q) => {
    void navigate({
      search: (now: ProblemsSearch) => changeFilter(now, { q: q === '' ? undefined : q }),
      replace: true,
      resetScroll: false,
    });
  });
  return (
    <>
      <label className="visually-hidden" htmlFor="problems-q">
        Search the problems
      </label>
      <input
        id="problems-q"
        data-search=""
        type="search"
        className="field"
        placeholder="Words of a message, path or entity"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </>
  );
}

function Choices({ search }: { readonly search: ProblemsSearch }): ReactNode {
  const choices = (['location', 'source', 'code'] as const).filter((key) => search[key] !== undefined);
  if (choices.length === 0) return null;
  return (
    <ul className="plain chips" aria-label="Chosen filters">
      {choices.map((key) => (
        <li key={key}>
          <Link
            to="/problems"
            className="chip"
            search={(now: ProblemsSearch) => changeFilter(now, { [key]: undefined })}
            resetScroll={false}
          >
            <span className="chip-key">{key}</span> {search[key]}
            <span aria-hidden="true" className="chip-cross">
              ×
            </span>
            <span className="visually-hidden">, take off</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function NoProblem({ isNarrowed: isPart }: { readonly isNarrowed: boolean }): ReactNode {
  if (!isPart) {
    return (
      <Empty title="No problem is known">
        Every descriptor that was read is valid. New ones appear here by themselves.
      </Empty>
    );
  }
  return (
    <Empty
      title="No problem of this choice"
      actions={
        <Link to="/problems" className="button">
          See all problems
        </Link>
      }
    >
      Others may have some.
    </Empty>
  );
}
