import type { ReactNode } from 'react';
import type { RenderedEntity } from '../../../src/model/entity.ts';
import { parseEntityRef, type EntityRefParts } from '../../../src/model/ref.ts';
import { useSummaries } from '../../data/entity-summaries.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { readRow } from '../catalog/row-fields.ts';
import type { EntitySearch } from './entity-search.ts';
import { MissingNote } from './relation-rows.tsx';
import { Rollup } from './rollup.tsx';
import { partsScope, relatedRefs, type Scope } from './scope.ts';
import { TroubleMark } from './trouble-mark.tsx';
import { useScopeCounts, useScopeProblems } from './use-scope.ts';
import { sumOf, troubleByRef, type Trouble } from './worst-first.ts';

const SHOWN = 100;

/** A domain: its subdomains and systems with how they are, the worst first, then everything in them. */
export function DomainOverview({
  entity,
  parts,
  search,
}: {
  readonly entity: RenderedEntity;
  readonly parts: EntityRefParts;
  readonly search: EntitySearch;
}): ReactNode {
  const scope = partsScope(entity);
  if (!scope) return null;
  return (
    <>
      <Systems entity={entity} scope={scope} near={parts.namespace} />
      <Rollup scope={scope} parts={parts} search={search} empty="No system is part of it." />
    </>
  );
}

function Systems({
  entity,
  scope,
  near,
}: {
  readonly entity: RenderedEntity;
  readonly scope: Scope;
  readonly near: string;
}): ReactNode {
  const refs = relatedRefs(entity, 'hasPart').slice(0, SHOWN);
  const summaries = useSummaries(refs);
  const counts = useScopeCounts(scope).data?.['relations.partOf']?.values ?? [];
  const troubles = useTroubleByPart(scope, refs);
  const worst = (ref: string): number => {
    const { errors, warnings } = troubles.get(ref) ?? { errors: 0, warnings: 0 };
    return errors * 1000 + warnings;
  };
  if (refs.length === 0) return null;
  return (
    <Panel title="Systems and subdomains" aside={`${refs.length}`}>
      <div className="table-frame">
        <table className="table table-stack rollup-table">
          <caption className="visually-hidden">Systems and subdomains, the worst first</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Problems</th>
              <th scope="col" className="col-number">
                Parts
              </th>
              <th scope="col">Owner</th>
            </tr>
          </thead>
          <tbody>
            {refs
              .toSorted((a, b) => worst(b) - worst(a))
              .map((ref) => {
                const summary = summaries.data?.get(ref);
                const row = summary && readRow(summary);
                const isMissing = summaries.data !== undefined && !summaries.isPrevious && row === undefined;
                const count = counts.find(({ value }) => value === ref)?.count;
                return (
                  <tr key={ref}>
                    <th scope="row">
                      <EntityLink entityRef={ref} title={row?.title} near={near} exists={!isMissing} />
                    </th>
                    <td>{isMissing ? <MissingNote entityRef={ref} /> : <TroubleMark trouble={troubles.get(ref)} />}</td>
                    <td className="col-number" data-label="Parts">
                      {parseEntityRef(ref)?.kind === 'system' && (count ?? 0)}
                    </td>
                    <td>{row?.owner !== undefined && <EntityLink entityRef={row.owner} near={near} isPlain />}</td>
                  </tr>
                );
              })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** How much is wrong with each of `parts` and with what is part of it. */
function useTroubleByPart(scope: Scope, parts: readonly string[]): ReadonlyMap<string, Trouble> {
  const troubles = troubleByRef(useScopeProblems(scope).data?.items ?? []);
  const summaries = useSummaries([...troubles.keys()]).data;
  const systemOf = (ref: string): string | undefined => {
    if (parts.includes(ref)) return ref;
    const summary = summaries?.get(ref);
    return summary && readRow(summary).partOf;
  };
  const groups = Map.groupBy(troubles, ([ref]) => systemOf(ref));
  return new Map(parts.map((part) => [part, sumOf((groups.get(part) ?? []).map(([, trouble]) => trouble))] as const));
}
