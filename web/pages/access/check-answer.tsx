import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DecisionReason } from '../../../src/api/roles.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { Mark, type MarkState } from '../../ui/mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Subject, SubjectList } from './subject-list.tsx';
import type { CheckData } from './use-check.ts';

const words: Readonly<Record<CheckData['result'], readonly [MarkState, string]>> = {
  allow: ['healthy', 'Allowed'],
  deny: ['denied', 'Denied'],
  conditional: ['warning', 'For some entities'],
};

const holdsWords: Readonly<Record<DecisionReason['holds'], readonly [MarkState, string]>> = {
  yes: ['healthy', 'Holds'],
  no: ['denied', 'Does not hold'],
  unknown: ['unknown', 'Unknown, so it does not permit'],
  depends: ['warning', 'Depends on the entity'],
};

/** The verdict in a sentence, then every rule that speaks of the permission. */
export function CheckAnswer({
  answer,
  entity,
}: {
  readonly answer: CheckData;
  readonly entity: string | undefined;
}): ReactNode {
  const [state, word] = words[answer.result];
  const groups = answer.claims.filter((ref) => ref !== answer.principal);
  return (
    <div className="stack">
      <div className={`verdict verdict-${state}`}>
        <Mark state={state}>{word}</Mark>
        <p>
          <Subject subject={answer.principal} /> · <code>{answer.permission}</code>
          {entity !== undefined && (
            <>
              {' '}
              · <EntityLink entityRef={entity} />
            </>
          )}
        </p>
        <p className="sentence">{answer.reason}</p>
        {answer.result !== 'allow' && <p>{answer.contact}</p>}
      </div>
      <Panel title="Rules that speak of it" aside={`${answer.reasons.length}`}>
        {answer.reasons.length === 0 ? (
          <p className="panel-empty">None. What no rule permits is denied.</p>
        ) : (
          <ReasonTable reasons={answer.reasons} />
        )}
      </Panel>
      <Panel title="Counts as" aside={`${answer.claims.length}`}>
        {groups.length === 0 ? (
          <p className="panel-empty">Nobody but itself: it is in no group that the catalog knows.</p>
        ) : (
          <SubjectList subjects={answer.claims} />
        )}
      </Panel>
    </div>
  );
}

function ReasonTable({ reasons }: { readonly reasons: readonly DecisionReason[] }): ReactNode {
  return (
    <div className="table-frame">
      <table className="table table-stack table-top">
        <caption className="visually-hidden">Rules that speak of the permission</caption>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">Through</th>
            <th scope="col">Condition</th>
            <th scope="col">Here</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map((reason) => (
            <tr key={JSON.stringify(reason)}>
              <th scope="row">
                <Link to="/access/roles/$name" params={{ name: reason.role }} className="row-title">
                  {reason.role}
                </Link>
              </th>
              <td data-label="Through">
                <Subject subject={reason.subject} />{' '}
                <span className="faint">
                  in{' '}
                  <Link to="/access/bindings/$name" params={{ name: reason.binding }}>
                    {reason.binding}
                  </Link>
                </span>
              </td>
              <td>
                {reason.where === undefined ? (
                  <span className="faint">none</span>
                ) : (
                  <code className="wrap">{reason.where}</code>
                )}
              </td>
              <td>
                <Mark state={holdsWords[reason.holds][0]}>{holdsWords[reason.holds][1]}</Mark>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
