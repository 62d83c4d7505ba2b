import { useId } from 'react';
import type { ReactNode } from 'react';

/** What a field's input must carry, so that it is known by its label, hint and error. */
export interface FieldInput {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

/** A labelled field: the label above, a hint below, and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly children: (input: FieldInput) => ReactNode;
}): ReactNode {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`];
  return (
    <div className="form-field">
      <label className="form-label" htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described.filter(Boolean).join(' ') || undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hint !== undefined && (
        <p className="form-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <div className="form-error" id={`${id}-error`} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
