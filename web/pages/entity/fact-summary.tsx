import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntityRefParts } from '../../../src/model/ref.ts';
import { Age } from '../../ui/age.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { FactValue } from './fact-value.tsx';
import { useFacts } from './use-entity.ts';

const SHOWN = 4;

/** The facts that say something in a word, those that cannot be trusted first; all of them stand under Facts. */
export function FactSummary({ parts }: { readonly parts: EntityRefParts }): ReactNode {
  const facts = useFacts(parts).data;
  if (facts?.total === 0) return null;
  if (!facts) {
    return (
      <Panel title="Facts">
        <Skeleton rows={2} label="Loading the facts" />
      </Panel>
    );
  }
  const short = facts.items
    .filter(({ value, state }) => state !== 'fresh' || typeof value !== 'object' || Array.isArray(value))
    .toSorted((a, b) => Number(a.state === 'fresh') - Number(b.state === 'fresh'));
  return (
    <Panel
      title="Facts"
      aside={
        <Link
          to="/catalog/$kind/$namespace/$name"
          params={parts}
          search={{ view: 'facts' }}
          className="accent"
          resetScroll={false}
        >
          All {facts.total}
        </Link>
      }
    >
      <dl className="fact-list">
        {short.slice(0, SHOWN).map((fact) => (
          <div key={`${fact.collector} ${fact.path}`}>
            <dt>
              {fact.collector} · {fact.path}
            </dt>
            <dd>
              <span className={fact.state === 'fresh' ? undefined : 'is-old'}>
                {fact.error ?? <FactValue value={fact.value} />}
              </span>{' '}
              <span className="faint">
                {fact.state !== 'fresh' && `${fact.state} `}
                {fact.checkedAt !== undefined && <Age at={Date.parse(fact.checkedAt)} suffix=" ago" />}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
