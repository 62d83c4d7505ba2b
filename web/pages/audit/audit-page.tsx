import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { resources } from '../../data/session.ts';
import type { Answer } from '../../data/use-resource.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { isNarrowed } from './audit-question.ts';
import type { AuditSearch } from './audit-search.ts';
import { AuditTable } from './audit-table.tsx';
import { exportUrl, useAudit, type AuditPageData } from './use-audit.ts';
import { Verification } from './verification.tsx';

/** Who did what, when, to what, and how it ended; newest first. */
export function AuditPage(): ReactNode {
  const search: AuditSearch = useSearch({ from: '/audit' });
  const { data: ui } = useUi();
  const page = useAudit(search);
  const isDenied = page.failure?.status === 403;
  useDocumentTitle('Audit log');
  return (
    <>
      <PageHead
        title="Audit log"
        sub={
          <span>Who did what, and how it ended. Records are chained: none can be changed or taken away unseen.</span>
        }
        actions={
          <div className="button-row">
            {!isDenied && (
              <button
                type="button"
                className="button"
                aria-disabled={page.isLoading}
                onClick={() => resources.repeat(page.key)}
              >
                Look again
              </button>
            )}
            {isAble(ui, 'access.audit.export') && <ExportLinks search={search} />}
          </div>
        }
      />
      {!isDenied && (
        <>
          <Verification />
          <AuditFilters search={search} />
        </>
      )}
      {page.failure && <FailureNotice failure={page.failure} onRetry={() => resources.repeat(page.key)} />}
      {!page.data && page.isLoading && <Skeleton rows={12} label="Loading the audit log" />}
      {page.data && <Records page={page} data={page.data} search={search} />}
    </>
  );
}

function ExportLinks({ search }: { readonly search: AuditSearch }): ReactNode {
  return (
    <>
      <a href={exportUrl(search, 'csv')} download className="button">
        Export CSV
      </a>
      <a href={exportUrl(search, 'jsonl')} download className="button">
        Export JSON lines
      </a>
    </>
  );
}

function Records({
  page,
  data,
  search,
}: {
  readonly page: Answer<AuditPageData>;
  readonly data: AuditPageData;
  readonly search: AuditSearch;
}): ReactNode {
  const navigate = useNavigate({ from: '/audit' });
  const go = (before: string | undefined): void => {
    void navigate({ search: (now: AuditSearch) => ({ ...now, before, record: undefined }) });
  };
  if (data.items.length === 0) return <NoRecord search={search} />;
  return (
    <div className={page.isPrevious || page.failure ? 'is-old' : undefined}>
      <AuditTable items={data.items} search={search} />
      {(search.before !== undefined || data.next !== undefined) && (
        <nav className="pager" aria-label="Pages of the audit log">
          <button type="button" className="button" disabled={search.before === undefined} onClick={() => go(undefined)}>
            Newest
          </button>
          <button
            type="button"
            className="button"
            disabled={data.next === undefined}
            onClick={() => data.next !== undefined && go(String(data.next))}
          >
            Older
          </button>
        </nav>
      )}
    </div>
  );
}

function NoRecord({ search }: { readonly search: AuditSearch }): ReactNode {
  const navigate = useNavigate({ from: '/audit' });
  if (!isNarrowed(search)) {
    return (
      <Empty title="Nobody has done anything yet">What people and services change, or try to, is noted here.</Empty>
    );
  }
  return (
    <Empty
      title="No record of this choice"
      actions={
        <button type="button" className="button" onClick={() => void navigate({ search: {} })}>
          Clear all filters
        </button>
      }
    >
      Take a filter off, or look for another word. Records that are older than the log is kept are gone.
    </Empty>
  );
}
