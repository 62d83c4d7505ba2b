import { Link, useNavigate } from '@tanstack/react-router';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { formatEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { graphLink } from '../graph/graph-search.ts';
import type { EntitySearch } from './entity-search.ts';
import { RelationGroups } from './relation-groups.tsx';
import { RelationRows } from './relation-rows.tsx';
import { inReadingOrder, relationText } from './relation-text.ts';
import { useRelationPage, useRelations, type PageOf, type RelationData } from './use-entity.ts';

const PAGE_SIZE = 100;
/** Rows of each type where all types are shown. */
const SHOWN = 25;
/** From so many on they are filtered. */
const MANY = 10;
const FROM = '/catalog/$kind/$namespace/$name';

/** All relations, by type; those of one type page by page. */
export function RelationsView({
  parts,
  search,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const navigate = useNavigate({ from: FROM });
  const all = useRelations(parts);
  const [text, type] = useTyped(search.q ?? '', (q) => {
    void navigate({
      search: (now: EntitySearch) => ({ ...now, q: q === '' ? undefined : q, cursor: undefined }),
      replace: true,
      resetScroll: false,
    });
  });
  const field = useId();
  return (
    <Panel title="Relations" aside={<Aside parts={parts} total={all.data?.total} />}>
      {all.failure && <FailureNotice failure={all.failure} />}
      {!all.data && !all.failure && <Skeleton rows={5} label="Loading the relations" />}
      {all.data?.total === 0 && <p className="panel-empty">It names no other entity, and none names it.</p>}
      {all.data && all.data.total > 0 && <TypeLinks parts={parts} all={all.data} chosen={search.type} />}
      {all.data && all.data.total > MANY && (
        <div className="panel-bar">
          <label htmlFor={field} className="visually-hidden">
            Filter relations by name
          </label>
          <input
            id={field}
            type="search"
            className="field"
            placeholder="Filter by name"
            data-search
            value={text}
            onChange={({ target }) => type(target.value)}
          />
        </div>
      )}
      {all.data && all.data.total > 0 && <Shown parts={parts} search={search} all={all.data} />}
    </Panel>
  );
}

function Aside({ parts, total }: { readonly parts: EntityRefParts; readonly total: number | undefined }): ReactNode {
  return (
    <>
      {total !== undefined && `${total.toLocaleString()} · `}
      <Link {...graphLink(formatEntityRef(parts))} className="accent">
        Graph
      </Link>
    </>
  );
}

function TypeLinks({
  parts,
  all,
  chosen,
}: {
  readonly parts: EntityRefParts;
  readonly all: PageOf<RelationData>;
  readonly chosen: string | undefined;
}): ReactNode {
  const groups = Map.groupBy(all.items, ({ type }) => type);
  const isWhole = all.items.length === all.total;
  return (
    <nav className="tabs tabs-in-panel" aria-label="Types of relations">
      {[undefined, ...inReadingOrder(groups.keys())].map((type) => (
        <ChoiceLink
          key={type ?? ''}
          to={FROM}
          params={parts}
          search={{ view: 'relations', type }}
          className="tab"
          isOn={chosen === type}
          resetScroll={false}
          replace
        >
          {type === undefined ? 'All' : relationText(type, parts.kind)}
          {type !== undefined && isWhole && <span className="tab-count">{groups.get(type)?.length}</span>}
        </ChoiceLink>
      ))}
    </nav>
  );
}

function Shown({
  parts,
  search,
  all,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  readonly all: PageOf<RelationData>;
}): ReactNode {
  if (search.q !== undefined) {
    const text = search.q.toLowerCase();
    const items = all.items.filter(({ type, targetRef }) => (search.type ?? type) === type && targetRef.includes(text));
    if (items.length > 0)
      return <RelationGroups parts={parts} page={{ items, total: items.length }} shown={PAGE_SIZE} />;
    return (
      <p className="panel-empty">
        No related entity has “{search.q}” in its name.{' '}
        <Link to={FROM} params={parts} search={{ view: 'relations', type: search.type }} className="accent" replace>
          Clear the filter
        </Link>
      </p>
    );
  }
  if (search.type === undefined) return <RelationGroups parts={parts} page={all} shown={SHOWN} />;
  return <OneType parts={parts} type={search.type} cursor={search.cursor} />;
}

function OneType({
  parts,
  type,
  cursor,
}: {
  readonly parts: EntityRefParts;
  readonly type: string;
  readonly cursor: string | undefined;
}): ReactNode {
  const navigate = useNavigate({ from: FROM });
  const page = useRelationPage(parts, type, cursor, PAGE_SIZE);
  if (page.failure && !page.data) return <FailureNotice failure={page.failure} />;
  if (!page.data) return <Skeleton rows={5} label="Loading the relations" />;
  if (page.data.items.length === 0) return <p className="panel-empty">It has no relation of this type.</p>;
  const title = relationText(type, parts.kind);
  return (
    <section className="relation-groups" aria-label={title}>
      <RelationRows
        entities={page.data.items.map(({ targetRef, exists }) => ({ ref: targetRef, exists }))}
        near={parts.namespace}
        label={title}
      />
      <Pager
        label="Pages of relations"
        shown={page.data.items.length}
        total={page.data.total}
        previous={page.data.previous}
        next={page.data.next}
        go={(place) =>
          void navigate({ search: (now: EntitySearch) => ({ ...now, cursor: place }), resetScroll: false })
        }
      />
    </section>
  );
}
