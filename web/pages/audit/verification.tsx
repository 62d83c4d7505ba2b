import type { ReactNode } from 'react';
import type { Static } from 'typebox';
import type { verifyAudit } from '../../../src/api/audit.ts';
import { api } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';

/** Checks the whole chain when it is asked to, and says what came of it. */
export function Verification(): ReactNode {
  const verify = useAction(() => api.call('GET /api/v1/audit/verification'));
  const { state } = verify;
  const isRunning = state.phase === 'running';
  return (
    <div className="verification">
      <button
        type="button"
        className="button button-small"
        aria-disabled={isRunning}
        onClick={() => verify.run(undefined)}
      >
        {isRunning ? 'Checking every record…' : 'Check the chain'}
      </button>
      <output className="verification-outcome">{state.phase === 'done' && <Verdict result={state.result} />}</output>
      {state.phase === 'failed' && <FailureNotice failure={state.failure} />}
    </div>
  );
}

function Verdict({ result }: { readonly result: Static<typeof verifyAudit.response> }): ReactNode {
  const { intact, records, first, last, lastHash, brokenAt, problem } = result;
  if (!intact) {
    return (
      <>
        <Mark state="degraded">Broken{brokenAt !== undefined && ` at record ${brokenAt}`}</Mark>
        <span>{problem ?? 'A record was changed or taken away.'}</span>
      </>
    );
  }
  return (
    <>
      <Mark state="healthy">Intact</Mark>
      <span>
        {records.toLocaleString()} {records === 1 ? 'record' : 'records'}
        {first !== undefined && last !== undefined && `, ${first} to ${last}`}
      </span>
      {lastHash !== undefined && (
        <span className="verification-hash">
          <span className="faint">last hash</span> <code>{lastHash.slice(0, 16)}…</code>
          <CopyButton text={lastHash} label="Copy the last hash, to note it elsewhere" />
        </span>
      )}
    </>
  );
}
