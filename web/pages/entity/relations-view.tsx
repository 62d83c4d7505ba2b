import { ChoiceLink } from '../../ui/choice-link.tsx';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { EntitySearch } from './entity-search.ts';
import { relationText } from './relation-text.ts';
import { useRelationPage, useRelations } from './use-entity.ts';

const PAGE_SIZE = 100;
const FROM = '/catalog/$kind/$namespace/$name';

/** All relations as a table, by type. */
export function RelationsView({
  parts,
  search,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const navigate = useNavigate({ from: FROM });
  const types = [...new Set(useRelations(parts).data?.items.map(({ type }) => type))];
  const page = useRelationPage(parts, search.type, search.cursor, PAGE_SIZE);
  return (
    <Panel title="Relations" aside={page.data && `${page.data.total}`}>
      {types.length > 1 && (
        <nav className="tabs tabs-in-panel" aria-label="Types of relations">
          {[undefined, ...types].map((type) => (
            <ChoiceLink
              key={type ?? ''}
              to={FROM}
              params={parts}
              search={{ view: 'relations', type }}
              className="tab"
              isOn={search.type === type}
              resetScroll={false}
              replace
            >
              {type === undefined ? 'All' : relationText(type)}
            </ChoiceLink>
          ))}
        </nav>
      )}
      {!page.data && <Skeleton rows={5} label="Loading the relations" />}
      {page.data?.items.length === 0 && <p className="panel-empty">It names no other entity, and none names it.</p>}
      {page.data && page.data.items.length > 0 && (
        <div className="table-frame">
          <table className="table table-stack">
            <caption className="visually-hidden">Relations</caption>
            <thead>
              <tr>
                <th scope="col">Relation</th>
                <th scope="col">Entity</th>
                <th scope="col">Kind</th>
              </tr>
            </thead>
            <tbody>
              {page.data.items.map(({ type, targetRef, exists }) => (
                <tr key={`${type} ${targetRef}`}>
                  <td>{relationText(type)}</td>
                  <td>
                    <EntityLink entityRef={targetRef} exists={exists} />
                    {!exists && <span className="missing-note"> not in the catalog</span>}
                  </td>
                  <td>{parseEntityRef(targetRef)?.kind}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {page.data && (
        <Pager
          label="Pages of relations"
          shown={page.data.items.length}
          total={page.data.total}
          previous={page.data.previous}
          next={page.data.next}
          go={(cursor) => void navigate({ search: (now: EntitySearch) => ({ ...now, cursor }), resetScroll: false })}
        />
      )}
    </Panel>
  );
}
