import type { ReactNode } from 'react';
import type { PlanItem } from '../../../src/api/query.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { CatalogSearch } from './catalog-search.ts';
import { useExplain } from './use-explain.ts';

const ACCESS_TEXT: Readonly<Record<PlanItem['access'], string>> = {
  index: 'by index',
  mixed: 'index, then one by one',
  scan: 'one by one',
};

/** How the question is answered, step by step: which parts come from indexes, and where entities could not be decided. */
export function ExplainPanel({ search }: { readonly search: CatalogSearch }): ReactNode {
  const { data, failure, isPrevious } = useExplain(search);
  if (failure) return <p className="explain-note">{failure.detail ?? failure.title}</p>;
  if (!data?.plan) return <Skeleton rows={3} label="Loading the plan" />;
  const rows = flatten(data.plan, 0);
  return (
    <div className={isPrevious ? 'table-frame is-old' : 'table-frame'}>
      <table className="table table-stack explain">
        <caption className="visually-hidden">How the question is answered</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Answered</th>
            <th scope="col" className="col-number">
              True
            </th>
            <th scope="col" className="col-number">
              Undecided
            </th>
            <th scope="col" className="col-number">
              Evaluated
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ item, depth }, at) => (
            // A plan has no names of its own; it is drawn anew as a whole.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={at}>
              <th scope="row">
                <code className="explain-step" style={{ paddingInlineStart: depth * 16 }}>
                  {item.step}
                </code>
              </th>
              <td data-label="Answered">{ACCESS_TEXT[item.access]}</td>
              <td className="col-number" data-label="True">
                {item.true.toLocaleString()}
              </td>
              <td className="col-number" data-label="Undecided">
                {item.unknown.toLocaleString()}
              </td>
              <td className="col-number" data-label="Evaluated">
                {item.evaluated.toLocaleString()}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function flatten(item: PlanItem, depth: number): readonly { readonly item: PlanItem; readonly depth: number }[] {
  return [{ item, depth }, ...item.children.flatMap((child) => flatten(child, depth + 1))];
}
