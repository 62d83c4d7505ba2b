import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { RelationRows } from './relation-rows.tsx';
import { inReadingOrder, relationText } from './relation-text.ts';
import type { PageOf, RelationData } from './use-entity.ts';

/** Relations by type in reading order, the first few of each; what is not in the catalog is marked. */
export function RelationGroups({
  parts,
  page,
  shown,
  types,
}: {
  readonly parts: EntityRefParts;
  readonly page: PageOf<RelationData>;
  /** Rows of each type at most. */
  readonly shown: number;
  /** Only these types; absent: all. */
  readonly types?: readonly string[] | undefined;
}): ReactNode {
  const groups = Map.groupBy(page.items, ({ type }) => type);
  const wanted = inReadingOrder(groups.keys()).filter((type) => types?.includes(type) ?? true);
  return (
    <>
      <div className="relation-groups">
        {wanted.map((type) => (
          <RelationGroup key={type} type={type} relations={groups.get(type) ?? []} parts={parts} shown={shown} />
        ))}
      </div>
      {page.total > page.items.length && (
        <p className="panel-empty">
          The first {page.items.length.toLocaleString()} of {page.total.toLocaleString()} relations are counted here.
        </p>
      )}
    </>
  );
}

function RelationGroup({
  type,
  relations,
  parts,
  shown,
}: {
  readonly type: string;
  readonly relations: readonly RelationData[];
  readonly parts: EntityRefParts;
  readonly shown: number;
}): ReactNode {
  const title = relationText(type, parts.kind);
  const missing = relations.filter(({ exists }) => !exists).length;
  // What leads nowhere comes first: it is what has to be mended.
  const sorted = relations.toSorted((a, b) => Number(a.exists) - Number(b.exists));
  const entities = sorted.slice(0, shown).map(({ targetRef, exists }) => ({ ref: targetRef, exists }));
  return (
    <section className="relation-group" aria-label={title}>
      <h3>
        {title} <span className="section-count">{relations.length.toLocaleString()}</span>
        {missing > 0 && <span className="missing-count">{missing} not in the catalog</span>}
      </h3>
      <div className="relation-list">
        <RelationRows entities={entities} near={parts.namespace} label={title} />
        {relations.length > shown && (
          <p className="relation-more">
            <Link
              to="/catalog/$kind/$namespace/$name"
              params={parts}
              search={{ view: 'relations', type }}
              className="accent"
              resetScroll={false}
            >
              All {relations.length.toLocaleString()}
            </Link>
          </p>
        )}
      </div>
    </section>
  );
}
