import { useState } from 'react';
import type { ReactNode } from 'react';
import { api } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { Field } from '../../form/field.tsx';
import { FailureNotice } from '../../ui/notice.tsx';

/** Sets a secret. The value is in the page only while it is typed: it is neither kept nor shown again. */
export function SecretForm({
  name: given,
  onDone,
  cancel,
}: {
  /** Empty: a new one, to be named here. */
  readonly name: string;
  readonly onDone: () => void;
  readonly cancel: () => void;
}): ReactNode {
  const [name, setName] = useState(given);
  const [value, setValue] = useState('');
  const [isShown, setIsShown] = useState(false);
  const set = useAction(() => api.call('PUT /api/v1/secrets/:name', { params: { name }, body: { value } }), onDone);
  const isRunning = set.state.phase === 'running';
  return (
    <form
      className="form-card"
      aria-label={given === '' ? 'New secret' : `Secret ${given}`}
      onSubmit={(event) => {
        event.preventDefault();
        set.run(undefined);
      }}
    >
      {given === '' ? (
        <Field label="Name" hint="Lower-case letters, digits, dots, dashes and underscores; settings name it by this.">
          {(input) => (
            <input
              {...input}
              className="field mono"
              required
              maxLength={100}
              pattern="[a-z0-9]([a-z0-9._\-]{0,98}[a-z0-9])?"
              placeholder="okta-client"
              autoComplete="off"
              spellCheck={false}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      ) : (
        <h2>
          New value of <code>{given}</code>
        </h2>
      )}
      <Field label="Value" hint="As it is, line ends too. It cannot be read back here.">
        {(input) => (
          <textarea
            {...input}
            className={isShown ? 'field mono condition-text' : 'field mono condition-text is-veiled'}
            required
            maxLength={65_536}
            rows={3}
            autoComplete="off"
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={isShown} onChange={(event) => setIsShown(event.target.checked)} />
        <span>Show what I type</span>
      </label>
      {set.state.phase === 'failed' && <FailureNotice failure={set.state.failure} />}
      <p className="form-acts">
        <button type="submit" className="button button-primary" aria-disabled={isRunning}>
          {isRunning ? 'Setting it…' : 'Set it'}
        </button>
        <button type="button" className="button" onClick={cancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
