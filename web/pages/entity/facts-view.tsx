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
      <table className="table table-stack facts">
        <caption className="visually-hidden">Facts</caption>
        <thead>
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Value</th>
            <th scope="col">Freshness and source</th>
            <th scope="col">Unchanged for</th>
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
                <span className="fact-source">{fact.source}</span>
              </td>
              <td data-label="Unchanged for">
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
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    if (entries.length > 0 && entries.every(([, item]) => isScalar(item))) {
      return entries.map(([key, item], at) => (
        <span key={key}>
          {at > 0 && ', '}
          <span className="faint">{key}</span> {scalarText(item)}
        </span>
      ));
    }
  }
  if (Array.isArray(value) && value.every(isScalar)) {
    return value.length === 0 ? <span className="faint">none</span> : value.map(scalarText).join(', ');
  }
  return isScalar(value) ? scalarText(value) : <code>{JSON.stringify(value)}</code>;
}

type Scalar = string | number | boolean | null;

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function scalarText(value: Scalar): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? value.toLocaleString() : String(value);
}
