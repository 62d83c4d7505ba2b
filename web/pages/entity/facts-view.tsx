import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { useFacts, type FactData } from './use-entity.ts';

/** Everything that collectors observed, each with its source and its age. */
export function FactsView({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const facts = useFacts(parts);
  return (
    <Panel title="Facts" aside={facts.data && `${facts.data.total}`}>
      {facts.failure && <FailureNotice failure={facts.failure} />}
      {!facts.data && !facts.failure && <Skeleton rows={5} label="Loading the facts" />}
      {facts.data && <FactTable facts={facts.data.items} />}
    </Panel>
  );
}

/** Facts as a table: path, value, how far it can be trusted. */
export function FactTable({ facts }: { readonly facts: readonly FactData[] }): ReactNode {
  if (facts.length === 0) return <p className="panel-empty">No collector has said anything about it.</p>;
  return (
    <div className="table-frame">
      <table className="table facts">
        <caption className="visually-hidden">Facts</caption>
        <thead>
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Value</th>
            <th scope="col">Freshness</th>
            <th scope="col" className="col-wide">
              Source
            </th>
            <th scope="col" className="col-wide">
              Unchanged for
            </th>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={`${fact.collector} ${fact.path}`}>
              <th scope="row">
                <code>
                  <span className="faint">{fact.collector}.</span>
                  {fact.path}
                </code>
              </th>
              <td className={fact.state === 'fresh' ? 'fact-value' : 'fact-value is-old'}>
                {fact.error ?? <FactValue value={fact.value} />}
              </td>
              <td>
                <Freshness fact={fact} />
              </td>
              <td className="col-wide faint">{fact.source}</td>
              <td className="col-wide">
                <Age at={Date.parse(fact.observedAt)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const words: Readonly<Record<FactData['state'], readonly [MarkState, string]>> = {
  fresh: ['healthy', 'Checked'],
  stale: ['stale', 'Stale'],
  failed: ['unknown', 'Failed'],
};

function Freshness({ fact }: { readonly fact: FactData }): ReactNode {
  const [state, word] = words[fact.state];
  return (
    <Mark state={state}>
      {word} {fact.checkedAt === undefined ? 'never checked' : <Age at={Date.parse(fact.checkedAt)} suffix=" ago" />}
    </Mark>
  );
}

function FactValue({ value }: { readonly value: unknown }): ReactNode {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString();
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? <span className="faint">none</span> : value.join(', ');
  }
  return <code>{JSON.stringify(value)}</code>;
}
