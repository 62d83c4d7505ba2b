import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { entityRefOf, type EntityRefParts } from '../../../src/model/ref.ts';
import { useSummaries } from '../../data/entity-summaries.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { countText } from './count-text.ts';
import type { EntitySearch } from './entity-search.ts';
import { Profile } from './profile.tsx';
import { Rollup } from './rollup.tsx';
import { ownedScope, relatedRefs, type Scope } from './scope.ts';
import { useGroupsBelow } from './use-scope.ts';

const SHOWN_MEMBERS = 24;

/** What a group owns: by itself and, unless that is not wanted, through the groups below it. */
export interface GroupScope {
  /** Absent until it is known which groups are below. */
  readonly scope: Scope | undefined;
  /** Number of groups below. */
  readonly below: number;
}

/** Finds out what a group owns. */
export function useGroupScope(entity: RenderedEntity, search: EntitySearch): GroupScope {
  const ref = entityRefOf(entity);
  const hasChildren = entity.relations.some(({ type }) => type === 'parentOf');
  const { data, failure } = useGroupsBelow(ref, hasChildren);
  const below = data ?? [];
  if (search.scope === 'direct') return { scope: ownedScope([ref]), below: below.length };
  return { scope: data || failure ? ownedScope([ref, ...below]) : undefined, below: below.length };
}

/** A group: who is in it, where it stands among the groups, everything that it owns. */
export function GroupOverview({
  entity,
  parts,
  search,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const { scope, below } = useGroupScope(entity, search);
  return (
    <>
      <Members entity={entity} parts={parts} />
      <Hierarchy entity={entity} near={parts.namespace} />
      {scope ? (
        <Rollup
          scope={scope}
          parts={parts}
          search={search}
          empty="It owns nothing."
          choice={below > 0 ? <ScopeChoice parts={parts} search={search} below={below} /> : undefined}
        />
      ) : (
        <Panel title="Owns">
          <Skeleton rows={12} label="Loading what it owns" />
        </Panel>
      )}
      <Profile entity={entity} />
    </>
  );
}

function ScopeChoice({
  parts,
  search,
  below,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  readonly below: number;
}): ReactNode {
  const choices = [
    [undefined, `With ${countText(below, 'group')} below`],
    ['direct', 'Directly'],
  ] as const;
  return (
    <nav className="segments" aria-label="Through whom">
      {choices.map(([scope, label]) => (
        <ChoiceLink
          key={label}
          to="/catalog/$kind/$namespace/$name"
          params={parts}
          search={{ scope, kind: search.kind }}
          className="segment"
          isOn={search.scope === scope}
          resetScroll={false}
          replace
        >
          {label}
        </ChoiceLink>
      ))}
    </nav>
  );
}

function Members({ entity, parts }: { readonly entity: RenderedEntity; readonly parts: EntityRefParts }): ReactNode {
  const members = relatedRefs(entity, 'hasMember');
  const shown = members.slice(0, SHOWN_MEMBERS);
  const people = useSummaries(shown);
  return (
    <Panel title="Members" aside={`${members.length}`}>
      {members.length === 0 && <p className="panel-empty">Nobody is a member of it directly.</p>}
      <ul className="plain name-grid">
        {shown.map((ref) => {
          const person = people.data?.get(ref);
          const isMissing = people.data !== undefined && !people.isPrevious && person === undefined;
          return (
            <li key={ref}>
              <EntityLink
                entityRef={ref}
                title={person && readRow(person).title}
                near={parts.namespace}
                exists={!isMissing}
              />
            </li>
          );
        })}
      </ul>
      {members.length > SHOWN_MEMBERS && (
        <p className="panel-foot">
          <Link
            to="/catalog/$kind/$namespace/$name"
            params={parts}
            search={{ view: 'relations', type: 'hasMember' }}
            className="accent"
          >
            All {members.length.toLocaleString()}
          </Link>
        </p>
      )}
    </Panel>
  );
}

/** The group above, and those directly below. */
function Hierarchy({ entity, near }: { readonly entity: RenderedEntity; readonly near: string }): ReactNode {
  const above = relatedRefs(entity, 'childOf');
  const below = relatedRefs(entity, 'parentOf');
  if (above.length + below.length === 0) return null;
  const lists = [
    ['Parent group', above],
    ['Child groups', below],
  ] as const;
  return (
    <Panel title="Place among the groups">
      <dl className="word-list">
        {lists.map(
          ([word, refs]) =>
            refs.length > 0 && (
              <div key={word}>
                <dt>{word}</dt>
                <dd>
                  <ul className="plain inline-list">
                    {refs.map((ref) => (
                      <li key={ref}>
                        <EntityLink entityRef={ref} near={near} />
                      </li>
                    ))}
                  </ul>
                </dd>
              </div>
            ),
        )}
      </dl>
    </Panel>
  );
}
