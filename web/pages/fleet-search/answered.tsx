import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import type { FoundObjects, Incomplete } from '../../../src/api/fleet.ts';
import { Age } from '../../ui/age.tsx';
import { Mark } from '../../ui/mark.tsx';
import { stateWords } from '../clusters/cluster-state.tsx';
import { countText } from '../entity/count-text.ts';

/** Which clusters could not be looked through as they are now: what is not found there may be there. Nothing where all could. */
export function Answered({ found: { looked, incomplete } }: { readonly found: FoundObjects }): ReactNode {
  const byCluster = Map.groupBy(incomplete, ({ cluster }) => cluster);
  if (byCluster.size === 0) return null;
  const whole = [...byCluster.values()].filter((lacks) => lacks.some(({ kind }) => kind === undefined)).length;
  const partly = byCluster.size - whole;
  return (
    <details className="fleet-answered">
      <summary>
        <Mark state="stale">
          {looked - whole} of {countText(looked, 'cluster')} answered
        </Mark>
        {whole > 0 && <span>{whole} could not be read as of now</span>}
        {partly > 0 && <span>of {partly} not every kind</span>}
      </summary>
      <ul className="plain">
        {Array.from(byCluster, ([cluster, lacks]) => (
          <li key={cluster}>
            <Link to="/clusters/$name" params={{ name: cluster }}>
              {cluster}
            </Link>
            <Lack lacks={lacks} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Lack({ lacks }: { readonly lacks: readonly Incomplete[] }): ReactNode {
  const [first] = lacks;
  if (first === undefined) return null;
  const [mark, word] = stateWords[first.state];
  return (
    <>
      <Mark state={mark}>{word}</Mark>
      {first.kind !== undefined && <span>{lacks.map(({ kind }) => kind).join(', ')}</span>}
      {first.reason !== undefined && <span className="muted">{first.reason.message}</span>}
      <span className="faint">
        {first.asOf === undefined ? (
          'never read'
        ) : (
          <>
            shown as of <Age at={Date.parse(first.asOf)} suffix=" ago" />
          </>
        )}
      </span>
    </>
  );
}
