import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { changeText, fieldChanges } from './field-change.ts';
import { CommitText } from './commit-text.tsx';
import { useLatestSteps, type HistoryData } from './use-entity.ts';

const SHOWN = 5;
const SHOWN_FIELDS = 2;
const words = { created: 'Created', updated: 'Changed', deleted: 'Deleted' } as const;

/** What changed last, newest first, each step in a line with its age; it leads to the whole history. */
export function LatestChanges({
  parts,
  page,
}: {
  readonly parts: EntityRefParts;
  /** Web address of its file, for links to commits. */
  readonly page: string | undefined;
}): ReactNode {
  const { data, failure } = useLatestSteps(parts);
  return (
    <Panel
      title="What changed"
      aside={
        <Link
          to="/catalog/$kind/$namespace/$name"
          params={parts}
          search={{ view: 'history' }}
          className="accent"
          resetScroll={false}
        >
          All steps
        </Link>
      }
    >
      {failure && !data && <FailureNotice failure={failure} />}
      {!data && !failure && <Skeleton rows={1} label="Loading what changed" />}
      {data?.items.length === 0 && <p className="panel-empty">No step is remembered.</p>}
      <ol className="plain changes">
        {data?.items.slice(0, SHOWN).map((item, at) => (
          <li key={item.revision}>
            <Age at={Date.parse(item.at)} />
            <span className="wrap">
              {stepText(item, data.items[at + 1])}
              {item.commit !== undefined && (
                <>
                  {' '}
                  <CommitText commit={item.commit} page={page} />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** A step in a few words: the fields that changed, where there was something before. */
function stepText(item: HistoryData, before: HistoryData | undefined): string {
  if (item.op !== 'updated' || !before) return words[item.op];
  const changes = fieldChanges(before.entity, item.entity);
  if (changes.length === 0) return 'Moved to another place in its source';
  const shown = changes.slice(0, SHOWN_FIELDS).map(changeText).join('; ');
  return changes.length > SHOWN_FIELDS ? `${shown}; and ${changes.length - SHOWN_FIELDS} more` : shown;
}
