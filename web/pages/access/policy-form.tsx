import type { ReactNode } from 'react';
import type { Draft } from '../../form/draft.ts';
import { Field } from '../../form/field.tsx';
import type { PolicyChanging } from './policy-change.tsx';

/** The name of something new; it cannot be changed later. */
export function NameField({
  value,
  change,
  taken,
}: {
  readonly value: string;
  readonly change: (name: string) => void;
  /** What has a name already. */
  readonly taken: readonly { readonly name: string }[];
}): ReactNode {
  const isTaken = taken.some(({ name }) => name === value);
  return (
    <Field
      label="Name"
      hint="Lower-case letters, digits and dashes. It stays."
      error={isTaken ? `There is one called ${value} already.` : undefined}
    >
      {(input) => (
        <input
          {...input}
          className="field mono"
          required
          maxLength={63}
          pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
          placeholder="team-editor"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}

/** What can be done with what was written: look at its effect, throw it away, remove what is there. */
export function DraftActs({
  draft,
  changing,
  isReady,
  notReady,
  remove,
}: {
  readonly draft: Pick<Draft<unknown>, 'isChanged' | 'isRecalled' | 'discard'>;
  readonly changing: PolicyChanging;
  readonly isReady: boolean;
  /** What is missing while it is not ready. */
  readonly notReady: string;
  readonly remove: (() => void) | undefined;
}): ReactNode {
  const { preview, save } = changing;
  const isRunning = preview.state.phase === 'running';
  const isReviewed = preview.state.phase === 'done';
  return (
    <div>
      <p className="form-acts">
        <button
          type="submit"
          className={isReviewed ? 'button' : 'button button-primary'}
          disabled={!isReady || !draft.isChanged}
          aria-disabled={isRunning}
        >
          {isRunning ? 'Looking at everybody…' : isReviewed ? 'Look again' : 'See what changes'}
        </button>
        {draft.isChanged && (
          <button type="button" className="button" onClick={draft.discard}>
            Start over
          </button>
        )}
        {remove && (
          <button type="button" className="button form-act-end" onClick={remove}>
            Remove…
          </button>
        )}
      </p>
      <output className="form-hint">
        {save.state.phase === 'done' && 'Saved, and in force. '}
        {!isReady && draft.isChanged && notReady}
        {draft.isRecalled && 'This is what you were writing here before.'}
      </output>
    </div>
  );
}
