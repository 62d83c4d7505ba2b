import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age, Until } from '../../ui/age.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FactValue } from './fact-value.tsx';
import { useFacts, type FactData } from './use-entity.ts';

/** Everything that collectors observed, by collector, each with its source, its age and how far it can be trusted. */
export function FactsView({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const facts = useFacts(parts);
  const groups = Map.groupBy(facts.data?.items ?? [], ({ collector }) => collector);
  return (
    <>
      {facts.failure && <FailureNotice failure={facts.failure} />}
      {!facts.data && !facts.failure && <Skeleton rows={5} label="Loading the facts" />}
      {facts.data && groups.size === 0 && (
        <Panel title="Facts">
          <p className="panel-empty">
            No collector has said anything about it. Facts come from collectors, such as that of completeness, which
            looks at components, APIs, resources, systems, domains and templates.
          </p>
        </Panel>
      )}
      {[...groups].map(([collector, items]) => (
        <Panel key={collector} title={collector} aside={`${items.length}`}>
          <FactTable facts={items} collector={collector} />
        </Panel>
      ))}
    </>
  );
}

function FactTable({
  facts,
  collector,
}: {
  readonly facts: readonly FactData[];
  readonly collector: string;
}): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack facts">
        <caption className="visually-hidden">Facts of {collector}</caption>
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
            <tr key={fact.path}>
              <th scope="row">
                <code>
                  <span className="faint">{collector}.</span>
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
  stale: ['stale', 'Stale: checked'],
  failed: ['unknown', 'Failed, last checked'],
};

/** How far a fact can be trusted, and what would make an unknown one known. */
function Freshness({ fact }: { readonly fact: FactData }): ReactNode {
  const [state, word] = words[fact.state];
  return (
    <>
      <Mark state={state}>
        {fact.checkedAt === undefined ? (
          'Never checked'
        ) : (
          <>
            {word} <Age at={Date.parse(fact.checkedAt)} suffix=" ago" />
          </>
        )}
      </Mark>
      {fact.state === 'stale' && (
        <span className="fact-source">
          Counts as unknown in conditions until <code>{fact.collector}</code> looks again
        </span>
      )}
      {fact.state === 'fresh' && fact.expiresAt !== undefined && (
        <span className="fact-source">
          due again <Until at={Date.parse(fact.expiresAt)} />
        </span>
      )}
    </>
  );
}
