import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { facetLabel } from '../catalog/facet-label.ts';
import { ProblemList } from './problem-list.tsx';
import type { ProblemsSearch } from './problems-search.ts';
import { useOwners, useProblems, useSeverityCount } from './use-problems.ts';

/** What is wrong with the declared catalog, and what to do about it. */
export function ProblemsPage(): ReactNode {
  const search: ProblemsSearch = useSearch({ from: '/problems' });
  const navigate = useNavigate({ from: '/problems' });
  const page = useProblems(search);
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
        actions={<OwnerChoice search={search} />}
      />
      <SeverityTabs search={search} />
      <Choices search={search} />
      {page.failure && <FailureNotice failure={page.failure} onRetry={() => resources.repeat(page.key)} />}
      {!page.data && page.isLoading && <Skeleton rows={8} label="Loading the problems" />}
      {page.data?.items.length === 0 && (
        <NoProblem isNarrowed={Object.values(search).some((value) => value !== undefined)} />
      )}
      {page.data && page.data.items.length > 0 && (
        <div className={page.isPrevious || page.failure ? 'is-old' : undefined} aria-busy={page.isLoading}>
          <ProblemList problems={page.data.items} />
          <Pager
            label="Pages of problems"
            shown={page.data.items.length}
            total={page.data.total}
            previous={page.data.previous}
            next={page.data.next}
            go={(cursor) => void navigate({ search: (now: ProblemsSearch) => ({ ...now, cursor }) })}
          />
        </div>
      )}
    </>
  );
}

function SeverityTabs({ search }: { readonly search: ProblemsSearch }): ReactNode {
  const errors = useSeverityCount(search, 'error');
  const warnings = useSeverityCount(search, 'warning');
  const all = errors === undefined || warnings === undefined ? undefined : errors + warnings;
  const tabs = [
    { severity: undefined, label: 'All', count: all },
    { severity: 'error', label: 'Errors', count: errors },
    { severity: 'warning', label: 'Warnings', count: warnings },
  ] as const;
  return (
    <nav className="tabs" aria-label="Severity">
      {tabs.map(({ severity, label, count }) => (
        <ChoiceLink
          key={label}
          to="/problems"
          search={(now: ProblemsSearch) => ({ ...now, severity, cursor: undefined })}
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

function OwnerChoice({ search }: { readonly search: ProblemsSearch }): ReactNode {
  const navigate = useNavigate({ from: '/problems' });
  const owners = useOwners();
  const shown = search.owner === undefined || owners.includes(search.owner) ? owners : [search.owner, ...owners];
  return (
    <label className="labelled">
      <span>Owner</span>
      <select
        className="select"
        value={search.owner ?? ''}
        onChange={(event) => {
          const owner = event.target.value === '' ? undefined : event.target.value;
          void navigate({
            search: (now: ProblemsSearch) => ({ ...now, owner, cursor: undefined }),
            resetScroll: false,
          });
        }}
      >
        <option value="">Anyone</option>
        {shown.map((owner) => (
          <option key={owner} value={owner}>
            {facetLabel('owner', owner)}
          </option>
        ))}
      </select>
    </label>
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
            search={(now: ProblemsSearch) => ({ ...now, [key]: undefined, cursor: undefined })}
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

function NoProblem({ isNarrowed }: { readonly isNarrowed: boolean }): ReactNode {
  if (!isNarrowed) {
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
