import type { ReactNode } from 'react';
import type { LocationChange, LocationFinding, RegistrationOutcome } from '../../../src/api/registrations.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { LocationText } from '../../ui/location-text.tsx';
import { Mark } from '../../ui/mark.tsx';

/** Entities and findings that are named; the rest is counted. */
const SHOWN = 200;

type ChangeName = LocationChange['change'];

/** In the order in which they are shown: what needs a decision first. */
const words: readonly (readonly [ChangeName, (count: number) => string, word: string])[] = [
  ['conflict', (count) => `${count.toLocaleString()} in conflict`, 'Conflict'],
  ['create', (count) => `${count.toLocaleString()} new`, 'New'],
  ['update', (count) => `${count.toLocaleString()} changed`, 'Changed'],
  ['unchanged', (count) => `${count.toLocaleString()} unchanged`, 'Unchanged'],
];

/** What a location brings, or brought: entities, conflicts, and what is wrong with it. */
export function RegistrationReport({ outcome }: { readonly outcome: RegistrationOutcome }): ReactNode {
  const { dryRun, findings, pending, location } = outcome;
  // The Location that stands for it is the catalog's own affair.
  const changes = outcome.changes.filter(({ ref }) => ref !== location.entityRef);
  return (
    <>
      <div className="panel-head">
        <h2>{dryRun ? 'Registering it would bring' : 'It brought'}</h2>
      </div>
      <output className="registration-sum">
        <Sum changes={changes} />
        <Findings findings={findings} />
        {pending && <Mark state="unknown">Not all was read yet; the rest follows</Mark>}
      </output>
      {changes.length > 0 && <ChangeTable changes={changes} />}
      {findings.length > 0 && <FindingList findings={findings} />}
    </>
  );
}

function Sum({ changes }: { readonly changes: readonly LocationChange[] }): ReactNode {
  if (changes.length === 0) return <span>No entity.</span>;
  const counts = Map.groupBy(changes, ({ change }) => change);
  const parts = words.flatMap(([change, text]) => {
    const count = counts.get(change)?.length ?? 0;
    return count === 0 ? [] : [text(count)];
  });
  return (
    <span>
      {changes.length === 1 ? '1 entity' : `${changes.length.toLocaleString()} entities`}: {parts.join(', ')}
    </span>
  );
}

function Findings({ findings }: { readonly findings: readonly LocationFinding[] }): ReactNode {
  if (findings.length === 0) return <Mark state="healthy">Nothing is wrong with it</Mark>;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return (
    <>
      {errors > 0 && <Mark state="degraded">{errors === 1 ? '1 error' : `${errors.toLocaleString()} errors`}</Mark>}
      {warnings > 0 && (
        <Mark state="warning">{warnings === 1 ? '1 warning' : `${warnings.toLocaleString()} warnings`}</Mark>
      )}
    </>
  );
}

function ChangeTable({ changes }: { readonly changes: readonly LocationChange[] }): ReactNode {
  const order = new Map(words.map(([change], at) => [change, at]));
  const sorted = changes.toSorted((one, other) => (order.get(one.change) ?? 0) - (order.get(other.change) ?? 0));
  return (
    <>
      <div className="table-frame">
        <table className="table table-stack table-top">
          <caption className="visually-hidden">Entities of the location</caption>
          <thead>
            <tr>
              <th scope="col">Entity</th>
              <th scope="col">What becomes of it</th>
              <th scope="col">Declared at</th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, SHOWN).map((change) => (
              <ChangeRow key={`${change.ref} ${change.location} ${change.line}`} change={change} />
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > SHOWN && <p className="panel-empty">and {(sorted.length - SHOWN).toLocaleString()} more</p>}
    </>
  );
}

function ChangeRow({ change: item }: { readonly change: LocationChange }): ReactNode {
  const { ref, change, location, line, owner } = item;
  const word = words.find(([name]) => name === change)?.[2] ?? change;
  return (
    <tr>
      <th scope="row">
        <EntityLink entityRef={ref} exists={change !== 'create'} />
      </th>
      <td>
        {change === 'conflict' ? <Mark state="warning">{word}</Mark> : word}
        {owner !== undefined && (
          <span className="source-from">
            stays as <LocationText location={owner.location} line={owner.line} /> declares it
          </span>
        )}
      </td>
      <td className="col-location">{location !== undefined && <LocationText location={location} line={line} />}</td>
    </tr>
  );
}

function FindingList({ findings }: { readonly findings: readonly LocationFinding[] }): ReactNode {
  return (
    <section className="problem-group" aria-label="What is wrong with it">
      <ul className="plain">
        {findings.slice(0, SHOWN).map((finding) => (
          <li key={JSON.stringify(finding)} className="problem">
            <Mark state={finding.severity === 'error' ? 'degraded' : 'warning'}>
              {finding.severity === 'error' ? 'Error' : 'Warning'}
            </Mark>
            <div className="problem-text">
              <p>{finding.message}</p>
              {finding.fix !== undefined && (
                <p className="problem-fix">
                  <span aria-hidden="true">→ </span>
                  {finding.fix}
                </p>
              )}
              <p className="problem-foot">
                <LocationText location={finding.location} line={finding.line} column={finding.column} />
                {finding.path !== undefined && <code>{finding.path}</code>}
                <code>{finding.code}</code>
              </p>
            </div>
          </li>
        ))}
      </ul>
      {findings.length > SHOWN && <p className="panel-empty">and {(findings.length - SHOWN).toLocaleString()} more</p>}
    </section>
  );
}
