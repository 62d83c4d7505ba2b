import type { ReactNode } from 'react';
import type { Static } from 'typebox';
import { useState } from 'react';
import type { PolicyChange, previewPolicy } from '../../../src/api/roles.ts';
import { api, resources } from '../../data/session.ts';
import { useAction, type Action } from '../../data/use-action.ts';
import type { Failure } from '../../ui/notice.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { policyProblemOf } from './policy-problem.ts';
import { POLICY } from './use-policy.ts';

/** What a change would do. */
export type Preview = Static<typeof previewPolicy.response>;

/** A change of the policy on its way: looked at first, then made. */
export interface PolicyChanging {
  readonly preview: Action<PolicyChange, { readonly change: PolicyChange; readonly effect: Preview }>;
  /** Asks what a change would do. */
  readonly look: (change: PolicyChange) => void;
  readonly save: Action<PolicyChange, unknown>;
  /** Why the last step was refused. */
  readonly failure: Failure | undefined;
}

/** @param onSaved called with what was made */
export function usePolicyChanging(onSaved: (change: PolicyChange) => void): PolicyChanging {
  const preview = useAction(async (change: PolicyChange) => ({
    change,
    effect: await api.call('POST /api/v1/access/preview', { body: { changes: [change] } }),
  }));
  const save = useAction(saveChange, (_, change) => {
    preview.reset();
    resources.repeat(POLICY);
    // One may have changed what one may do oneself.
    resources.repeat('ui');
    onSaved(change);
  });
  const last = save.state.phase === 'failed' ? save.state : preview.state;
  const look = (change: PolicyChange): void => {
    save.reset();
    preview.run(change);
  };
  return { preview, look, save, failure: last.phase === 'failed' ? last.failure : undefined };
}

function saveChange({ type, name, body }: PolicyChange): Promise<unknown> {
  const params = { name };
  if (type === 'role') {
    return body === null
      ? api.call('DELETE /api/v1/access/roles/:name', { params })
      : api.call('PUT /api/v1/access/roles/:name', { params, body });
  }
  return body === null
    ? api.call('DELETE /api/v1/access/bindings/:name', { params })
    : api.call('PUT /api/v1/access/bindings/:name', { params, body });
}

/**
 * What the change would do, and the button that makes it; shown once somebody asked to see it. A draft that went on since
 * is to be looked at again: what is saved is what was seen.
 */
export function ChangeReview({
  changing,
  present,
}: {
  readonly changing: PolicyChanging;
  /** The change as the draft says it now. */
  readonly present: PolicyChange;
}): ReactNode {
  const { preview, save, failure } = changing;
  const [isAccepted, setIsAccepted] = useState(false);
  if (failure) return policyProblemOf(failure)?.field === undefined ? <FailureNotice failure={failure} /> : null;
  if (preview.state.phase !== 'done') return null;
  const { change, effect } = preview.state.result;
  const isRemoval = change.body === null;
  const isOld = !isRemoval && JSON.stringify(change) !== JSON.stringify(present);
  const isBlocked = isOld || (effect.locksOut && !isAccepted);
  const isSaving = save.state.phase === 'running';
  return (
    <section className="change-review" aria-label="What would change">
      <div className={isOld ? 'is-old' : undefined}>
        <PreviewPanel effect={effect} isRemoval={isRemoval} />
      </div>
      {isOld && <p className="form-note">You have changed it since: look again before you save.</p>}
      {effect.locksOut && !isOld && (
        <label className="check">
          <input type="checkbox" checked={isAccepted} onChange={(event) => setIsAccepted(event.target.checked)} />
          <span>I know that I could not undo this myself</span>
        </label>
      )}
      <p className="form-acts">
        <button
          type="button"
          className={isRemoval ? 'button button-danger' : 'button button-primary'}
          disabled={isBlocked}
          aria-disabled={isSaving}
          onClick={() => save.run(change)}
        >
          {isSaving ? 'Saving…' : isRemoval ? `Remove ${change.name}` : 'Save'}
        </button>
        <button type="button" className="button" onClick={preview.reset}>
          Not yet
        </button>
      </p>
    </section>
  );
}
