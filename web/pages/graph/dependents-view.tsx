import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Dependents } from '../../../src/api/neighbourhood.ts';
import { relationWords } from '../../../src/model/graph-text.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { GraphFailure } from './graph-failure.tsx';
import type { GraphSearch } from './graph-search.ts';
import { Legend } from './legend.tsx';
import { problemWords } from './scene.ts';
import { useDependents } from './use-graph.ts';

/** Everything that feels it when the root fails, or that it needs: counted, then listed, nearest first. */
export function DependentsView({ root, search }: { readonly root: string; readonly search: GraphSearch }): ReactNode {
  const navigate = useNavigate({ from: '/graph' });
  const answer = useDependents(root, search);
  const { data, failure } = answer;
  const isOld = answer.isPrevious || failure !== undefined;
  return (
    <>
      {failure && <GraphFailure failure={failure} root={root} retryKey={answer.key} />}
      {!data && answer.isLoading && <Skeleton rows={10} label="Loading" />}
      {data && (
        <div className={isOld ? 'graph-columns is-old' : 'graph-columns'} aria-busy={answer.isLoading}>
          <div className="stack">
            <p className="graph-sentence">
              <output>{sentence(data, search.view === 'needs')}</output>
            </p>
            {data.total > 0 && <DependentsTable answer={data} />}
            <Pager
              label="Pages"
              shown={data.items.length}
              total={data.total}
              previous={data.previous}
              next={data.next}
              go={(cursor) => void navigate({ search: (now: GraphSearch) => ({ ...now, cursor }), resetScroll: false })}
            />
          </div>
          <aside className="graph-side">
            <Counts title="By kind" values={data.counts.kind} />
            <Counts title="By owner" values={data.counts.owner} areRefs />
            <Counts title="By system" values={data.counts.system} areRefs />
            <Counts title="By lifecycle" values={data.counts.lifecycle} />
            <p className="graph-hidden">
              Counted over: {data.relations.map(({ type }) => relationWords(type)).join(', ')}.
            </p>
            {search.rel !== undefined && <Legend search={search} relations={data.relations} />}
          </aside>
        </div>
      )}
    </>
  );
}

function sentence({ total, direct, complete }: Dependents, isNeeds: boolean): string {
  if (total === 0)
    return isNeeds
      ? 'It needs nothing that the catalog knows of.'
      : 'Nothing that the catalog knows of feels it when this fails.';
  const count = `${complete ? '' : 'At least '}${total.toLocaleString()} ${total === 1 ? 'entity' : 'entities'}`;
  const near = direct === total ? 'all of them directly' : `${direct.toLocaleString()} of them directly`;
  return isNeeds
    ? `It needs ${count}, ${near}.`
    : `${count} ${total === 1 ? 'feels' : 'feel'} it when this fails, ${near}.`;
}

function DependentsTable({ answer }: { readonly answer: Dependents }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack">
        <caption className="visually-hidden">Entities, nearest first</caption>
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col">Kind</th>
            <th scope="col">Owner</th>
            <th scope="col">Lifecycle</th>
            <th scope="col" className="col-number">
              Distance
            </th>
            <th scope="col">Over</th>
          </tr>
        </thead>
        <tbody>
          {answer.items.map((item) => {
            const problems = problemWords(item);
            return (
              <tr key={item.ref}>
                <th scope="row">
                  <EntityLink entityRef={item.ref} title={item.title} exists={item.exists} />
                  {!item.exists && <span className="missing-note"> not in the catalog</span>}
                  {problems !== undefined && (
                    <Mark state={item.problems.errors > 0 ? 'degraded' : 'warning'}>{problems}</Mark>
                  )}
                </th>
                <td>{[item.kind, item.type].filter(Boolean).join(' · ')}</td>
                <td data-label={item.owner === undefined ? undefined : 'Owner'}>
                  {item.owner !== undefined && <EntityLink entityRef={item.owner} isPlain />}
                </td>
                <td>{item.lifecycle}</td>
                <td className="col-number" data-label="Distance">
                  {item.distance}
                </td>
                <td data-label="Over">
                  {item.distance === 1 ? (
                    <span className="faint">{relationWords(item.first.type)}</span>
                  ) : (
                    <EntityLink entityRef={item.first.ref} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const SHOWN_VALUES = 6;

function Counts({
  title,
  values,
  areRefs = false,
}: {
  readonly title: string;
  readonly values: readonly { readonly value: string; readonly count: number }[];
  readonly areRefs?: boolean;
}): ReactNode {
  if (values.length === 0) return null;
  return (
    <section className="graph-counts">
      <h2>{title}</h2>
      <dl>
        {values.slice(0, SHOWN_VALUES).map(({ value, count }) => (
          <div key={value}>
            <dt>{areRefs ? <EntityLink entityRef={value} isPlain /> : value}</dt>
            <dd>{count.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      {values.length > SHOWN_VALUES && <p className="faint">and {values.length - SHOWN_VALUES} more</p>}
    </section>
  );
}
