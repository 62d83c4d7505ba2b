import type { ReactNode } from 'react';
import type { CatalogSearch } from './catalog-search.ts';
import { ColumnsDialog } from './columns-dialog.tsx';
import { ExportMenu } from './export-menu.tsx';
import type { ChangeSearch } from './use-search-draft.ts';
import { ViewsMenu } from './views-menu.tsx';

/** What changes how the list looks, and takes it away. */
export function ListTools({
  search,
  change,
}: {
  readonly search: CatalogSearch;
  readonly change: ChangeSearch;
}): ReactNode {
  const isComfortable = search.rows === 'comfortable';
  return (
    <div className="list-tools">
      <ViewsMenu search={search} />
      <ColumnsDialog search={search} set={(cols) => change((now) => ({ ...now, cols }))} />
      <button
        type="button"
        className="button button-small"
        aria-pressed={isComfortable}
        onClick={() => change((now) => ({ ...now, rows: isComfortable ? undefined : 'comfortable' }), true)}
      >
        Taller rows
      </button>
      <ExportMenu search={search} />
    </div>
  );
}
