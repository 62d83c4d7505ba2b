import type { ReactNode } from 'react';
import { entityRefOf } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { usePeople, type ScopeData } from './use-home.ts';

/** Who is on the team. */
export function People({ scope }: { readonly scope: ScopeData }): ReactNode {
  const people = usePeople(scope.teams.map(({ ref }) => ref));
  const items = people.data?.items ?? [];
  const more = (people.data?.total ?? 0) - items.length;
  return (
    <Panel title="On the team" aside={people.data && people.data.total > 0 ? people.data.total : undefined}>
      {people.failure && <FailureNotice failure={people.failure} onRetry={() => resources.repeat(people.key)} />}
      {!people.data && !people.failure && <Skeleton rows={2} label="Loading who is on the team" />}
      {people.data?.total === 0 && (
        <p className="panel-empty">
          Nobody yet. A User names its groups in <code>spec.memberOf</code>.
        </p>
      )}
      <ul className="plain inline-list">
        {items.map((user) => {
          const { ref, title } = readRow(user);
          return (
            <li key={entityRefOf(user)}>
              <EntityLink entityRef={ref} title={title} isPlain />
            </li>
          );
        })}
        {more > 0 && <li className="faint">and {more.toLocaleString()} more</li>}
      </ul>
    </Panel>
  );
}
