import type { ReactNode } from 'react';
import type { PrincipalEffect } from '../../../src/api/roles.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark } from '../../ui/mark.tsx';
import type { Preview } from './policy-change.tsx';
import { Subject } from './subject-list.tsx';

/** Who would gain and who would lose what, before it is so. */
export function PreviewPanel({
  effect,
  isRemoval,
}: {
  readonly effect: Preview;
  readonly isRemoval: boolean;
}): ReactNode {
  const { principals, affected, effects, locksOut } = effect;
  const hidden = affected - effects.length;
  return (
    <>
      <div className="panel-head">
        <h2>{isRemoval ? 'Removing it would change' : 'Saving it would change'}</h2>
        <span className="panel-aside">{countText(principals, 'principal')} looked at</span>
      </div>
      <output className="change-summary">
        {locksOut && <Mark state="degraded">You would lock yourself out: you could not change this back</Mark>}
        {affected === 0 ? (
          <span>Nothing: nobody gains and nobody loses anything.</span>
        ) : (
          <span>Something for {countText(affected, 'principal')}.</span>
        )}
      </output>
      {effects.length > 0 && <EffectTable effects={effects} />}
      {hidden > 0 && <p className="panel-empty">and {hidden.toLocaleString()} more, who lose less</p>}
    </>
  );
}

function EffectTable({ effects }: { readonly effects: readonly PrincipalEffect[] }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack table-top">
        <caption className="visually-hidden">Who gains and who loses what</caption>
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">Gains</th>
            <th scope="col">Loses</th>
            <th scope="col">Entities to see</th>
          </tr>
        </thead>
        <tbody>
          {effects.map((item) => (
            <tr key={item.principal}>
              <th scope="row">
                <Subject subject={item.principal} />
              </th>
              <td data-label="Gains">
                <Permissions names={item.gains} state="gain" />
              </td>
              <td data-label="Loses">
                <Permissions names={item.loses} state="loss" />
              </td>
              <td data-label="Entities">
                <EntityCounts item={item} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Permissions({
  names,
  state,
}: {
  readonly names: readonly string[];
  readonly state: 'gain' | 'loss';
}): ReactNode {
  if (names.length === 0) return <span className="faint">–</span>;
  return (
    <ul className="plain effect-names">
      {names.map((name) => (
        <li key={name} className={`effect-${state}`}>
          <span aria-hidden="true">{state === 'gain' ? '+' : '−'}</span> <code>{name}</code>
        </li>
      ))}
    </ul>
  );
}

function EntityCounts({ item }: { readonly item: PrincipalEffect }): ReactNode {
  const { entitiesBefore, entitiesAfter, entitiesGained, entitiesLost, exampleGained, exampleLost } = item;
  if (entitiesGained + entitiesLost === 0) {
    return <span className="faint">{entitiesAfter.toLocaleString()} as before</span>;
  }
  return (
    <>
      <span className="col-number">
        {entitiesBefore.toLocaleString()} → {entitiesAfter.toLocaleString()}
      </span>
      {entitiesGained > 0 && <Example sign="+" count={entitiesGained} example={exampleGained} state="gain" />}
      {entitiesLost > 0 && <Example sign="−" count={entitiesLost} example={exampleLost} state="loss" />}
    </>
  );
}

function Example({
  sign,
  count,
  example,
  state,
}: {
  readonly sign: string;
  readonly count: number;
  readonly example: string | undefined;
  readonly state: 'gain' | 'loss';
}): ReactNode {
  return (
    <span className={`effect-example effect-${state}`}>
      {sign}
      {count.toLocaleString()}
      {example !== undefined && (
        <span className="faint">
          {count > 1 ? 'such as' : ''} <EntityLink entityRef={example} isPlain />
        </span>
      )}
    </span>
  );
}

function countText(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}
