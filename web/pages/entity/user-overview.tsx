import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf, type EntityRefParts } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { countText } from './count-text.ts';
import type { EntitySearch } from './entity-search.ts';
import { Profile } from './profile.tsx';
import { Rollup } from './rollup.tsx';
import { ownedScope, relatedRefs, type Scope } from './scope.ts';

/** What a person owns, directly and through the groups that the person is a member of. */
export function userScope(entity: RenderedEntity): Scope {
  return ownedScope([entityRefOf(entity), ...relatedRefs(entity, 'memberOf')]);
}

/** A person: the groups, what is owned through them, how to reach. */
export function UserOverview({
  entity,
  parts,
  search,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const groups = relatedRefs(entity, 'memberOf');
  return (
    <>
      <Panel title="Groups" aside={`${groups.length}`}>
        {groups.length === 0 && <p className="panel-empty">Member of no group.</p>}
        <ul className="plain inline-list">
          {groups.map((ref) => (
            <li key={ref}>
              <EntityLink entityRef={ref} near={parts.namespace} />
            </li>
          ))}
        </ul>
      </Panel>
      <Rollup
        scope={userScope(entity)}
        parts={parts}
        search={search}
        empty="Owns nothing, neither directly nor through a group."
        choice={groups.length > 0 ? `directly or through ${countText(groups.length, 'group')}` : undefined}
      />
      <Profile entity={entity} />
    </>
  );
}
