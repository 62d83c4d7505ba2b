import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { changedPaths } from '../../../src/model/changed-paths.ts';
import type { EntitySearch } from './entity-search.ts';
import { useHistory, type HistoryData } from './use-entity.ts';

const SHOWN_PATHS = 6;
const words = { created: 'Created', updated: 'Changed', deleted: 'Deleted' } as const;

/** The steps of an entity's life, newest first, each with the fields that changed. */
export function HistoryView({
  parts,
  search,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const navigate = useNavigate({ from: '/catalog/$kind/$namespace/$name' });
  const history = useHistory(parts, search.cursor);
  const items = history.data?.items ?? [];
  const next = history.data?.next;
  return (
    <Panel title="History" aside="newest first">
      {history.failure && <FailureNotice failure={history.failure} />}
      {!history.data && !history.failure && <Skeleton rows={3} label="Loading the history" />}
      {history.data && items.length === 0 && <p className="panel-empty">No step is remembered.</p>}
      <ol className="plain steps">
        {items.map((item, at) => (
          <Step key={item.revision} item={item} before={items[at + 1]} />
        ))}
      </ol>
      {next !== undefined && (
        <p className="panel-foot">
          <button
            type="button"
            className="button"
            onClick={() => void navigate({ search: (now: EntitySearch) => ({ ...now, cursor: next }) })}
          >
            Older
          </button>
        </p>
      )}
    </Panel>
  );
}

function Step({ item, before }: { readonly item: HistoryData; readonly before: HistoryData | undefined }): ReactNode {
  const paths = item.op === 'updated' && before ? changedPaths(before.entity, item.entity) : [];
  return (
    <li>
      <span className="step-when">
        <Age at={Date.parse(item.at)} suffix=" ago" />
      </span>
      <div>
        <p>
          <strong>{words[item.op]}</strong> <span className="faint">revision {item.revision}</span>
        </p>
        {paths.length > 0 && (
          <p>
            {paths.slice(0, SHOWN_PATHS).map((path) => (
              <code key={path} className="path">
                {path}
              </code>
            ))}
            {paths.length > SHOWN_PATHS && <span className="faint">and {paths.length - SHOWN_PATHS} more</span>}
          </p>
        )}
        <p className="faint">
          <LocationText location={item.location} source={item.source} />
          {item.commit !== undefined && <code> {item.commit.slice(0, 12)}</code>}
        </p>
      </div>
    </li>
  );
}
