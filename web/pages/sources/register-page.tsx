import { Link, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { RegistrationOutcome } from '../../../src/api/registrations.ts';
import { useDraft } from '../../form/draft.ts';
import { Field } from '../../form/field.tsx';
import { Age } from '../../ui/age.tsx';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { RegistrationReport } from './registration-report.tsx';
import type { RegisterSearch } from './sources-search.ts';
import { isSameInput, useRegistering, type LocationInput, type Registering } from './use-registration.ts';

const hints = {
  url: 'The address of a descriptor, or of a file, folder or repository at a known forge. Its host must be allowed in the configuration.',
  git: 'A repository, then // and a path in it, then ?ref= and a branch, tag or commit, as far as they matter.',
} as const;
const examples = {
  url: 'https://git.example.com/stage/lights/blob/main/catalog-info.yaml',
  git: 'https://git.example.com/stage/lights.git//catalog-info.yaml?ref=main',
} as const;

/** Registers a location, after what it would bring was seen. */
export function RegisterPage(): ReactNode {
  const search: RegisterSearch = useSearch({ from: '/sources/register' });
  const initial: LocationInput = { type: search.type ?? 'url', target: search.target ?? '', isOptional: false };
  const draft = useDraft('register-location', initial, parseInput);
  const registering = useRegistering();
  useDocumentTitle('Register a location');
  const { save } = registering;
  return (
    <div className="stack">
      <PageHead
        title="Register a location"
        above={
          <Link to="/sources" className="accent">
            Sources
          </Link>
        }
        sub={<span>It is read from then on, again and again, with all that it leads to.</span>}
      />
      {save.state.phase === 'done' ? (
        <Registered
          outcome={save.state.result}
          again={() => {
            draft.discard();
            registering.preview.reset();
            save.reset();
          }}
        />
      ) : (
        <RegisterForm input={draft.value} set={draft.set} settle={draft.settle} registering={registering} />
      )}
    </div>
  );
}

function parseInput(kept: unknown): LocationInput | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const { type, target, isOptional } = kept as Readonly<Record<string, unknown>>;
  if (typeof target !== 'string' || (type !== 'url' && type !== 'git')) return undefined;
  return { type, target, isOptional: isOptional === true };
}

function RegisterForm({
  input,
  set,
  settle,
  registering,
}: {
  readonly input: LocationInput;
  readonly set: (input: LocationInput) => void;
  readonly settle: () => void;
  readonly registering: Registering;
}): ReactNode {
  const { preview, cancel } = registering;
  const [isMissing, setIsMissing] = useState(false);
  const isReading = preview.state.phase === 'running';
  return (
    <>
      <form
        className="form-card"
        onSubmit={(event) => {
          event.preventDefault();
          const isEmpty = input.target.trim() === '';
          setIsMissing(isEmpty);
          if (!isEmpty) preview.run(input);
        }}
      >
        <LocationFields
          input={input}
          error={isMissing ? 'Say where it is' : undefined}
          set={(next) => {
            setIsMissing(false);
            set(next);
          }}
        />
        <p className="form-acts">
          <button type="submit" className="button button-primary" aria-disabled={isReading}>
            {isReading ? 'Reading…' : 'See what it would bring'}
          </button>
          {isReading && <Progress cancel={cancel} />}
        </p>
      </form>
      <Review input={input} settle={settle} registering={registering} />
    </>
  );
}

function LocationFields({
  input,
  error,
  set,
}: {
  readonly input: LocationInput;
  readonly error: string | undefined;
  readonly set: (input: LocationInput) => void;
}): ReactNode {
  return (
    <>
      <fieldset className="segments register-types">
        <legend className="visually-hidden">What it is</legend>
        {(['url', 'git'] as const).map((type) => (
          <button
            key={type}
            type="button"
            className="segment"
            aria-pressed={input.type === type}
            onClick={() => set({ ...input, type })}
          >
            {type === 'url' ? 'URL' : 'Git repository'}
          </button>
        ))}
      </fieldset>
      <Field
        label={input.type === 'url' ? 'Address' : 'Repository'}
        hint={
          <>
            {hints[input.type]} For example <code>{examples[input.type]}</code>
          </>
        }
        error={error}
      >
        {(field) => (
          <input
            {...field}
            type="text"
            className="field mono"
            autoComplete="off"
            spellCheck={false}
            maxLength={2048}
            value={input.target}
            onChange={(event) => set({ ...input, target: event.target.value })}
          />
        )}
      </Field>
      <label className="check">
        <input
          type="checkbox"
          checked={input.isOptional}
          onChange={(event) => set({ ...input, isOptional: event.target.checked })}
        />
        <span>It is no problem when there is nothing</span>
      </label>
    </>
  );
}

/** How long it has been reading already, and the way out. */
function Progress({ cancel }: { readonly cancel: () => void }): ReactNode {
  const [startedAt] = useState(() => Date.now());
  // Whoever leaves the page waits for nothing.
  useEffect(() => cancel, []); // oxlint-disable-line react-hooks/exhaustive-deps
  return (
    <>
      <output className="form-hint">
        Reading it for <Age at={startedAt} />. A large repository may take a minute; nothing is stored.
      </output>
      <button type="button" className="button" onClick={cancel}>
        Stop
      </button>
    </>
  );
}

/** What was seen, and the button that registers it; what changed since is to be looked at again. */
function Review({
  input,
  settle,
  registering,
}: {
  readonly input: LocationInput;
  readonly settle: () => void;
  readonly registering: Registering;
}): ReactNode {
  const { preview, save } = registering;
  if (save.state.phase === 'failed') return <FailureNotice failure={save.state.failure} onRetry={save.reset} />;
  if (preview.state.phase === 'failed') return <FailureNotice failure={preview.state.failure} />;
  if (preview.state.phase !== 'done' || preview.state.result === undefined) return null;
  const { input: seen, outcome } = preview.state.result;
  const isOld = !isSameInput(seen, input);
  const isSaving = save.state.phase === 'running';
  return (
    <section className="change-review" aria-label="What it would bring">
      <div className={isOld ? 'registration is-old' : 'registration'}>
        {outcome.exists && <p className="form-note">It is configured or registered already.</p>}
        <RegistrationReport outcome={outcome} />
      </div>
      {isOld && <p className="form-note">You have changed it since: look again before you register it.</p>}
      <p className="form-acts">
        <button
          type="button"
          className="button button-primary"
          disabled={isOld || outcome.exists}
          aria-disabled={isSaving}
          onClick={() => {
            settle();
            save.run(seen);
          }}
        >
          {isSaving ? 'Registering…' : 'Register it'}
        </button>
        <button type="button" className="button" onClick={preview.reset}>
          Not yet
        </button>
      </p>
    </section>
  );
}

function Registered({
  outcome,
  again,
}: {
  readonly outcome: RegistrationOutcome;
  readonly again: () => void;
}): ReactNode {
  const { type, target } = outcome.location;
  return (
    <section className="registration" aria-label="Registered">
      <p className="form-note">
        <code>{target}</code> is registered and read from now on.
      </p>
      <RegistrationReport outcome={outcome} />
      <p className="form-acts">
        <Link to="/sources" search={{ source: `${type}:${target}` }} className="button button-primary">
          See its source
        </Link>
        <button type="button" className="button" onClick={again}>
          Register another
        </button>
      </p>
    </section>
  );
}
