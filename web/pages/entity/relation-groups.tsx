import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { relationText } from './relation-text.ts';
import type { PageOf, RelationData } from './use-entity.ts';

const SHOWN = 8;

/** Relations by type, the first few of each; what is not in the catalog is marked. */
export function RelationGroups({
  parts,
  page,
}: {
  readonly parts: EntityRefParts;
  readonly page: PageOf<RelationData>;
}): ReactNode {
  const groups = Map.groupBy(page.items, ({ type }) => type);
  if (groups.size === 0) {
    return <p className="panel-empty">It names no other entity, and none names it.</p>;
  }
  return (
    <dl className="relations">
      {[...groups].map(([type, relations]) => (
        <div key={type}>
          <dt>
            {relationText(type)} <span className="faint">{relations.length}</span>
          </dt>
          <dd>
            <ul className="plain">
              {relations.slice(0, SHOWN).map(({ targetRef, exists }) => (
                <li key={targetRef}>
                  <EntityLink entityRef={targetRef} exists={exists} />
                  {!exists && <span className="missing-note"> not in the catalog</span>}
                </li>
              ))}
              {relations.length > SHOWN && (
                <li>
                  <Link
                    to="/catalog/$kind/$namespace/$name"
                    params={parts}
                    search={{ view: 'relations', type }}
                    className="accent"
                    replace
                  >
                    {relations.length - SHOWN} more
                  </Link>
                </li>
              )}
            </ul>
          </dd>
        </div>
      ))}
      {page.total > page.items.length && (
        <p className="panel-empty">
          The first {page.items.length} of {page.total} relations are counted here.
        </p>
      )}
    </dl>
  );
}
