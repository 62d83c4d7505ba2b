import type { ReactNode } from 'react';
import { useSummaries } from '../../data/entity-summaries.ts';
import { useRecent } from '../../data/recent.ts';
import { useStarred } from '../../data/starred.ts';
import { Age } from '../../ui/age.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StarButton } from '../../ui/star-button.tsx';
import { readRow } from '../catalog/row-fields.ts';

const SHOWN_STARS = 12;
const SHOWN_RECENT = 6;

/** What one starred, and what one looked at last. */
export function Starred(): ReactNode {
  const { refs, failure } = useStarred();
  const shown = refs.slice(0, SHOWN_STARS);
  const summaries = useSummaries(shown);
  return (
    <Panel title="Starred" aside={refs.length > shown.length ? `${shown.length} of ${refs.length}` : undefined}>
      {failure && <FailureNotice failure={failure} />}
      {refs.length === 0 && !failure && <p className="panel-empty">A star on an entity’s page keeps it here.</p>}
      <ul className="plain home-list">
        {shown.map((ref) => {
          const entity = summaries.data?.get(ref);
          const row = entity && readRow(entity);
          const isGone = summaries.data !== undefined && !summaries.isPrevious && entity === undefined;
          return (
            <li key={ref}>
              <EntityLink entityRef={ref} title={row?.title} exists={!isGone} />
              {isGone && <span className="faint">not in the catalog</span>}
              <StarButton entityRef={ref} title={row?.title ?? ref} />
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** What one looked at last in this browser, without what is starred. */
export function Recent(): ReactNode {
  const { has } = useStarred();
  const recent = useRecent()
    .filter(({ ref }) => !has(ref))
    .slice(0, SHOWN_RECENT);
  if (recent.length === 0) return null;
  return (
    <Panel title="Seen lately">
      <ul className="plain home-list">
        {recent.map(({ ref, title, at }) => (
          <li key={ref}>
            <EntityLink entityRef={ref} title={title} />
            <Age at={at} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
