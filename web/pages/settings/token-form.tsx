import { useState } from 'react';
import type { ReactNode } from 'react';
import type { MadeToken } from '../../../src/api/tokens.ts';
import type { Ui } from '../../../src/api/ui.ts';
import type { Action } from '../../data/use-action.ts';
import { matching } from '../../form/combobox.tsx';
import { Field } from '../../form/field.tsx';
import { ListField } from '../../form/list-field.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { usePermissionChoices } from '../access/use-policy.ts';

/** What a token is to be; `service` only where it is one for a service. */
export interface TokenDraft {
  readonly name: string;
  readonly service: string;
  readonly scopes?: string[] | undefined;
  readonly expiresInDays: number;
}

const DAYS = [1, 7, 30, 90, 180, 366] as const;
const USUAL_DAYS = 30;

/** Makes a token, folded until it is wanted; the token itself is shown once. */
export function TokenForm({
  ui,
  make,
  isService = false,
}: {
  readonly ui: Ui;
  readonly make: Action<TokenDraft, MadeToken>;
  readonly isService?: boolean;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  if (make.state.phase === 'done') {
    const { token, item } = make.state.result;
    const done = (): void => {
      setIsOpen(false);
      make.reset();
    };
    return <Made token={token} name={item.name} done={done} />;
  }
  if (!isOpen) {
    return (
      <p className="panel-foot">
        <button type="button" className="button" onClick={() => setIsOpen(true)}>
          Make a token{isService && ' for a service'}…
        </button>
      </p>
    );
  }
  return <Order ui={ui} make={make} isService={isService} cancel={() => setIsOpen(false)} />;
}

function Order({
  ui,
  make,
  isService,
  cancel,
}: {
  readonly ui: Ui;
  readonly make: Action<TokenDraft, MadeToken>;
  readonly isService: boolean;
  readonly cancel: () => void;
}): ReactNode {
  const [order, setOrder] = useState<TokenDraft>({ name: '', service: '', expiresInDays: USUAL_DAYS });
  const choices = usePermissionChoices(ui);
  const isRunning = make.state.phase === 'running';
  return (
    <form
      className="form-card"
      aria-label="New token"
      onSubmit={(event) => {
        event.preventDefault();
        make.run({ ...order, name: order.name.trim() });
      }}
    >
      <div className="form-row">
        <OrderFields order={order} change={setOrder} isService={isService} />
      </div>
      <ListField
        label="Only these permissions"
        hint={
          <>
            Left empty: all that {isService ? 'the service' : 'you'} may do. A pattern may have <code>*</code> for a
            word: <code>catalog.*.read</code>.
          </>
        }
        items={order.scopes ?? []}
        change={(scopes) => setOrder({ ...order, scopes: scopes.length === 0 ? undefined : [...scopes] })}
        useChoices={(text) => matching(choices, text)}
        placeholder="catalog.entity.read"
      />
      {make.state.phase === 'failed' && <FailureNotice failure={make.state.failure} />}
      <p className="form-acts">
        <button type="submit" className="button button-primary" aria-disabled={isRunning}>
          {isRunning ? 'Making it…' : 'Make the token'}
        </button>
        <button type="button" className="button" onClick={cancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}

function OrderFields({
  order,
  change,
  isService,
}: {
  readonly order: TokenDraft;
  readonly change: (order: TokenDraft) => void;
  readonly isService: boolean;
}): ReactNode {
  return (
    <>
      <Field label="What it is for" hint="You find it again by this.">
        {(input) => (
          <input
            {...input}
            className="field"
            required
            maxLength={100}
            placeholder="nightly report"
            value={order.name}
            onChange={(event) => change({ ...order, name: event.target.value })}
          />
        )}
      </Field>
      {isService && (
        <Field label="Service" hint="Lower-case letters, digits and dashes; roles are bound to it by this name.">
          {(input) => (
            <input
              {...input}
              className="field mono"
              required
              maxLength={63}
              pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
              placeholder="nightly-report"
              value={order.service}
              onChange={(event) => change({ ...order, service: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field label="Ends after">
        {(input) => (
          <select
            {...input}
            className="select"
            value={order.expiresInDays}
            onChange={(event) => change({ ...order, expiresInDays: Number(event.target.value) })}
          >
            {DAYS.map((days) => (
              <option key={days} value={days}>
                {days === 1 ? '1 day' : `${days} days`}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}

function Made({
  token,
  name,
  done,
}: {
  readonly token: string;
  readonly name: string;
  readonly done: () => void;
}): ReactNode {
  const example = `curl -H "Authorization: Bearer $CALLBOARD_TOKEN" ${location.origin}/api/v1/entities`;
  return (
    <section className="form-card made-token" aria-label="The new token">
      <p role="alert">
        <Mark state="warning">Copy it now: it is not shown again</Mark>
      </p>
      <p>The token “{name}”:</p>
      <p className="made-token-text">
        <code>{token}</code>
        <CopyButton text={token} label="Copy the token" />
      </p>
      <p className="form-hint">
        Keep it in <code>CALLBOARD_TOKEN</code> for the command line, or send it yourself: <code>{example}</code>
      </p>
      <p className="form-acts">
        <button type="button" className="button" onClick={done}>
          I have it
        </button>
      </p>
    </section>
  );
}
