import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useDocumentTitle } from '../ui/document-title.ts';
import { Empty } from '../ui/notice.tsx';
import { PageHead } from '../ui/panel.tsx';

/** For a path that is no place. */
export function NotFoundPage(): ReactNode {
  const path = useRouterState({ select: (state) => state.location.pathname });
  useDocumentTitle('No such page');
  return (
    <>
      <PageHead title="No such page" />
      <Empty
        title={`Nothing is pinned at ${path}`}
        actions={
          <Link to="/catalog" className="button">
            Go to the catalog
          </Link>
        }
      >
        The address may be mistyped, or the plugin that had this page is not installed.
      </Empty>
    </>
  );
}
