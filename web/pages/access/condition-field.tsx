import type { ReactNode } from 'react';
import { Field } from '../../form/field.tsx';
import { pointAt, type PolicyProblem } from './policy-problem.ts';

/** A condition in CEL; what is wrong with it stands below, pointed at in its line. */
export function ConditionField({
  value,
  change,
  problem,
}: {
  readonly value: string;
  readonly change: (text: string) => void;
  readonly problem: PolicyProblem | undefined;
}): ReactNode {
  return (
    <Field
      label="Only where"
      hint={
        <>
          A condition in CEL over <code>entity</code> and <code>principal</code>, e.g.{' '}
          <code>owns(principal, entity)</code>. Left empty: everywhere.
        </>
      }
      error={problem && <ConditionProblem source={value} problem={problem} />}
    >
      {(input) => (
        <textarea
          {...input}
          className="field mono condition-text"
          rows={Math.min(8, Math.max(2, value.split('\n').length))}
          maxLength={4096}
          spellCheck={false}
          autoCapitalize="off"
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}

function ConditionProblem({
  source,
  problem,
}: {
  readonly source: string;
  readonly problem: PolicyProblem;
}): ReactNode {
  const { message, place } = problem;
  const pointed = place && pointAt(source, place);
  return (
    <>
      <p>
        {place && `Line ${place.line}, column ${place.column}: `}
        {message}
      </p>
      {pointed && (
        <pre className="condition-place" aria-hidden="true">
          {pointed.text}
          {'\n'}
          {pointed.carets}
        </pre>
      )}
    </>
  );
}
