import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import type { VerdictItem } from '../../../src/api/running.ts';
import { entityRefOf, parseEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { useSummaries } from '../../data/entity-summaries.ts';
import { isHeard } from '../../data/use-resource.ts';
import { compareVerdicts, isFailing, useVerdicts, verdictsByRef } from '../../data/verdicts.ts';
import { ChoiceLink } from '../../ui/choice-link.tsx';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { readRow } from '../catalog/row-fields.ts';
import { countText } from './count-text.ts';
import type { EntitySearch } from './entity-search.ts';
import { nameText } from './name-text.ts';
import { Lifecycle } from './relation-rows.tsx';
import { RunningCells, RunningHeads } from './running/running-cells.tsx';
import type { Scope } from './scope.ts';
import { TroubleMark } from './trouble-mark.tsx';
import { SCOPE_ROWS, useScopeCounts, useScopePage, useScopeProblems, type ScopeCounts } from './use-scope.ts';
import { troubleByRef, worstFirst, type Trouble } from './worst-first.ts';

const FROM = '/catalog/$kind/$namespace/$name';
const SHOWN_OWNERS = 4;

/** What an entity holds or owns: how many of what, how they are, and the entities themselves, the worst first. */
export function Rollup({
  scope,
  parts,
  search,
  empty,
  choice,
}: {
  readonly scope: Scope;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  /** The sentence where it holds nothing. */
  readonly empty: string;
  /** A choice that stands in the title's line. */
  readonly choice?: ReactNode;
}): ReactNode {
  const counts = useScopeCounts(scope);
  const list = useScopeList(scope, search);
  const isKnown = counts.data && (list.rows ?? list.page.failure);
  const kinds = counts.data?.['kind']?.values ?? [];
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  return (
    <Panel title={scope.title} aside={choice ?? (counts.data && total.toLocaleString())}>
      {counts.failure && !counts.data && <FailureNotice failure={counts.failure} />}
      {!isKnown && !counts.failure && <Skeleton rows={12} label={`Loading: ${scope.title}`} />}
      {isKnown && total === 0 && <p className="panel-empty">{empty}</p>}
      {isKnown && counts.data && total > 0 && (
        <>
          <Kinds parts={parts} search={search} kinds={kinds} total={total} />
          <Breakdown counts={counts.data} />
          <ScopeList scope={scope} parts={parts} search={search} list={list} />
        </>
      )}
    </Panel>
  );
}

function Kinds({
  parts,
  search,
  kinds,
  total,
}: {
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  readonly kinds: readonly { readonly value: string; readonly count: number }[];
  readonly total: number;
}): ReactNode {
  if (kinds.length < 2) return null;
  return (
    <nav className="tabs tabs-in-panel" aria-label="Kinds in it">
      {[{ value: undefined, count: total }, ...kinds].map(({ value, count }) => (
        <ChoiceLink
          key={value ?? ''}
          to={FROM}
          params={parts}
          search={{ kind: value?.toLowerCase(), scope: search.scope }}
          className="tab"
          isOn={search.kind === value?.toLowerCase()}
          resetScroll={false}
          replace
        >
          {value ?? 'All'}
          <span className="tab-count">{count.toLocaleString()}</span>
        </ChoiceLink>
      ))}
    </nav>
  );
}

/** Lifecycles and owners by number, where there are several. */
function Breakdown({ counts }: { readonly counts: ScopeCounts }): ReactNode {
  const lifecycles = counts['spec.lifecycle']?.values ?? [];
  const owners = counts['relations.ownedBy'] ?? { values: [], more: false };
  const moreOwners = owners.values.length - SHOWN_OWNERS;
  return (
    <dl className="breakdown">
      {lifecycles.length > 0 && (
        <div>
          <dt>Lifecycle</dt>
          <dd>
            {lifecycles.map(({ value, count }) => (
              <span key={value}>
                {count.toLocaleString()} <Lifecycle word={value} />
              </span>
            ))}
          </dd>
        </div>
      )}
      {owners.values.length > 1 && (
        <div>
          <dt>Owners</dt>
          <dd>
            {owners.values.slice(0, SHOWN_OWNERS).map(({ value, count }) => (
              <span key={value}>
                {count.toLocaleString()} <EntityLink entityRef={value} isPlain title={nameText(value)} />
              </span>
            ))}
            {moreOwners > 0 && <span className="faint">and {countText(moreOwners, 'more owner')}</span>}
          </dd>
        </div>
      )}
    </dl>
  );
}

function ScopeList({
  scope,
  parts,
  search,
  list: { page, problems, troubles, verdicts, rows },
}: {
  readonly scope: Scope;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
  readonly list: ScopeListData;
}): ReactNode {
  const navigate = useNavigate({ from: FROM });
  if (page.failure && !page.data) return <FailureNotice failure={page.failure} />;
  if (!page.data || !rows) return null;
  return (
    <>
      <RollupTable entities={rows} troubles={troubles} verdicts={verdicts} near={parts.namespace} />
      {scope.where !== undefined && (
        <p className="panel-foot">
          <Link to="/catalog" search={{ where: scope.where, kind: search.kind }} className="accent">
            Open in the catalog
          </Link>
        </p>
      )}
      {problems.failure && <p className="faint">Which have problems is not known: {problems.failure.title}</p>}
      <Pager
        label="Pages of the list"
        shown={page.data.items.length}
        total={page.data.total}
        previous={page.data.previous}
        next={page.data.next}
        go={(cursor) => void navigate({ search: (now: EntitySearch) => ({ ...now, cursor }), resetScroll: false })}
      />
    </>
  );
}

interface ScopeListData {
  readonly page: ReturnType<typeof useScopePage>;
  readonly problems: ReturnType<typeof useScopeProblems>;
  readonly troubles: ReadonlyMap<string, Trouble>;
  /** How those do that run. */
  readonly verdicts: ReadonlyMap<string, VerdictItem>;
  /** Absent until it is known which come first, so that none moves afterwards. */
  readonly rows: readonly RenderedEntity[] | undefined;
}

/** A page of the entities of a scope. The worst stand on the first page, and on no other. */
function useScopeList(scope: Scope, search: EntitySearch): ScopeListData {
  const page = useScopePage(scope, search.kind, search.cursor);
  const problems = useScopeProblems(scope);
  const health = useVerdicts(scope.verdicts);
  const troubles = troubleByRef(problems.data?.items ?? []);
  const verdicts = verdictsByRef(health.data);
  const failing = [...verdicts.values()].filter(isFailing).toSorted(compareVerdicts);
  const ofKind = failing.map(({ ref }) => ref).filter((ref) => isOfKind(ref, search.kind));
  const worst = [...new Set([...ofKind, ...worstFirst(troubles, search.kind)])].slice(0, SCOPE_ROWS);
  const raised = useSummaries(search.cursor === undefined ? worst : []);
  const isSorted = isHeard(problems) && isHeard(raised) && isHeard(health);
  if (!page.data || !isSorted) return { page, problems, troubles, verdicts, rows: undefined };
  const rows = [
    ...worst.flatMap((ref) => raised.data?.get(ref) ?? []),
    ...page.data.items.filter((entity) => !worst.includes(entityRefOf(entity))),
  ];
  return { page, problems, troubles, verdicts, rows };
}

function isOfKind(ref: string, kind: string | undefined): boolean {
  return kind === undefined || parseEntityRef(ref)?.kind === kind;
}

function RollupTable({
  entities,
  troubles,
  verdicts,
  near,
}: {
  readonly entities: readonly RenderedEntity[];
  readonly troubles: ReadonlyMap<string, Trouble>;
  readonly verdicts: ReadonlyMap<string, VerdictItem>;
  readonly near: string;
}): ReactNode {
  const runs = entities.some((entity) => verdicts.has(entityRefOf(entity)));
  return (
    <div className="table-frame">
      <table className="table table-stack rollup-table">
        <caption className="visually-hidden">Entities, the worst first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {runs && <RunningHeads />}
            <th scope="col">Problems</th>
            {!runs && <th scope="col">Type</th>}
            {!runs && <th scope="col">Lifecycle</th>}
            <th scope="col">Owner</th>
          </tr>
        </thead>
        <tbody>
          {entities.map((entity) => {
            const row = readRow(entity);
            return (
              <tr key={row.ref}>
                <th scope="row">
                  <EntityLink entityRef={row.ref} title={row.title} near={near} />
                </th>
                {runs && <RunningCells item={verdicts.get(row.ref)} />}
                <td>
                  <TroubleMark trouble={troubles.get(row.ref)} />
                </td>
                {!runs && <td>{row.type ?? row.kind}</td>}
                {!runs && <td>{row.lifecycle !== undefined && <Lifecycle word={row.lifecycle} />}</td>}
                <td>{row.owner !== undefined && <EntityLink entityRef={row.owner} near={near} isPlain />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
