import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ActionDone, ActionPreview, ActionRequest } from '../../../../../src/api/acting.ts';
import { api, resources } from '../../../../data/session.ts';
import { useAction } from '../../../../data/use-action.ts';
import { useResource } from '../../../../data/use-resource.ts';
import { Field } from '../../../../form/field.tsx';
import { Mark } from '../../../../ui/mark.tsx';
import { FailureNotice } from '../../../../ui/notice.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import type { PaneProps } from '../chosen-cell.ts';
import { requestOf, type ActionChoice } from './action-choices.ts';
import { ActionFields } from './action-fields.tsx';

/** One action: what it needs, the exact request, what cluster and admission say to it, and what came of it. */
export function ActionForm({
  choice,
  pod,
  close,
  ...chosen
}: PaneProps & { readonly choice: ActionChoice; readonly pod: string; readonly close: () => void }): ReactNode {
  const { workload, cell } = chosen;
  const [request, setRequest] = useState(() => requestOf(chosen, choice.action, pod));
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState('');
  const preview = usePreview(request);
  const action = useAction((body: ActionRequest) => api.call('POST /api/v1/fleet/actions', { body }));
  const { state } = action;
  const said = preview.isPrevious ? undefined : preview.data;
  const isReady =
    said !== undefined &&
    said.review.allowed &&
    said.dryRun.ok &&
    state.phase === 'idle' &&
    (said.confirm === undefined || said.confirm === confirm);
  const act = (): void =>
    action.run({
      ...request,
      // What was seen, and nothing else.
      ...(said?.uid !== undefined && { uid: said.uid }),
      ...(said?.revision !== undefined && { revision: said.revision }),
      ...(reason !== '' && { reason }),
      ...(said?.confirm !== undefined && { confirm }),
    });
  return (
    <form
      className="action-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) act();
      }}
    >
      <h2 id="action-title">
        {choice.title}: {workload.name} in {cell.cluster}
      </h2>
      {state.phase === 'done' ? (
        <Done result={state.result} />
      ) : (
        <>
          <ActionFields chosen={chosen} request={request} change={setRequest} />
          <TextField label="Why" hint="Kept in the audit log." value={reason} change={setReason} />
          {preview.failure && <FailureNotice failure={preview.failure} onRetry={() => resources.repeat(preview.key)} />}
          {!said && !preview.failure && <Skeleton rows={5} label="Asking the cluster, without a change" />}
          {said && <Said preview={said} />}
          {said?.confirm !== undefined && (
            <TextField
              label={`Type ${said.confirm} to confirm`}
              hint="The cluster is protected."
              value={confirm}
              change={setConfirm}
            />
          )}
          {state.phase === 'failed' && <FailureNotice failure={state.failure} onRetry={action.reset} />}
        </>
      )}
      <div className="button-row">
        {state.phase !== 'done' && (
          <button type="submit" className="button button-primary" disabled={!isReady}>
            {state.phase === 'running' ? 'Under way' : choice.title}
          </button>
        )}
        <button type="button" className="button" onClick={close}>
          Close
        </button>
      </div>
    </form>
  );
}

function TextField({
  label,
  hint,
  value,
  change,
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly change: (text: string) => void;
}): ReactNode {
  return (
    <Field label={label} hint={hint}>
      {(input) => (
        <input
          {...input}
          className="field"
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}

/** What would come of it; asked anew when what is asked changes. */
function usePreview(body: ActionRequest): ReturnType<typeof useResource<ActionPreview>> {
  return useResource<ActionPreview>({
    key: `preview ${JSON.stringify(body)}`,
    load: (signal) => api.call('POST /api/v1/fleet/actions/preview', { body, signal }),
    isAffected: () => false,
  });
}

function Said({ preview: { call, review, dryRun, notes, asUser } }: { readonly preview: ActionPreview }): ReactNode {
  return (
    <div className="action-said">
      <dl className="action-facts">
        <dt>As</dt>
        <dd>
          <code>{asUser}</code>
        </dd>
        <dt>Request</dt>
        <dd>
          <code className="wrap">
            {call.method} {call.path}
          </code>
          {call.body !== undefined && <pre className="action-body">{JSON.stringify(call.body, undefined, 2)}</pre>}
        </dd>
        <dt>By kubectl</dt>
        <dd>
          <code className="wrap">{call.kubectl}</code>
        </dd>
        <dt>Its rules</dt>
        <dd>
          <Mark state={review.allowed ? 'healthy' : 'denied'}>
            {review.allowed ? 'You may' : `You may not${review.reason === undefined ? '' : `: ${review.reason}`}`}
          </Mark>
        </dd>
        <dt>Dry run</dt>
        <dd>
          <Mark state={dryRun.ok ? 'healthy' : dryRun.status === undefined ? 'unknown' : 'degraded'}>
            {dryRun.ok
              ? 'It would be accepted'
              : dryRun.status === undefined
                ? (dryRun.message ?? 'It was not asked')
                : `${dryRun.status}: ${dryRun.message ?? 'It would be refused'}`}
          </Mark>
        </dd>
      </dl>
      <Notes notes={[...dryRun.warnings, ...notes]} />
    </div>
  );
}

function Notes({ notes }: { readonly notes: readonly string[] }): ReactNode {
  if (notes.length === 0) return null;
  return (
    <ul className="plain action-notes">
      {notes.map((note) => (
        <li key={note}>
          <Mark state="warning">{note}</Mark>
        </li>
      ))}
    </ul>
  );
}

function Done({ result: { call, status, message, warnings, asUser } }: { readonly result: ActionDone }): ReactNode {
  return (
    <output className="action-done">
      <p>
        <Mark state="healthy">Done as {asUser}</Mark>
      </p>
      <p className="faint">
        <code className="wrap">
          {call.method} {call.path}
        </code>{' '}
        {status}
        {message !== undefined && `: ${message}`}
      </p>
      <Notes notes={warnings} />
    </output>
  );
}
