import type { ReactNode } from 'react';
import { isAble, useUi } from '../../data/use-ui.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import type { Refresh, RefreshState } from './use-refresh.ts';

/** Changes that are named; the rest is counted. */
const SHOWN = 5;

/** Starts a refresh, for who may; `of` names for whom cannot see what it stands beside. */
export function RefreshButton({ refresh, of }: { readonly refresh: Refresh; readonly of: string }): ReactNode {
  const { data: ui } = useUi();
  const isRunning = refresh.state.phase === 'running';
  if (!isAble(ui, 'catalog.entity.refresh')) return null;
  return (
    <button type="button" className="button button-small" aria-disabled={isRunning} onClick={refresh.start}>
      {isRunning ? 'Looking…' : 'Refresh now'}
      <span className="visually-hidden"> {of}</span>
    </button>
  );
}

/** What a refresh changed, or why it could not be made. `knownError` stands beside it already and is not said again. */
export function RefreshOutcome({
  state,
  knownError,
}: {
  readonly state: RefreshState;
  readonly knownError?: string | undefined;
}): ReactNode {
  return <output className="refresh-outcome">{outcome(state, knownError)}</output>;
}

function outcome(state: RefreshState, knownError: string | undefined): ReactNode {
  if (state.phase === 'failed')
    return <span className="source-error">{state.failure.detail ?? state.failure.title}</span>;
  if (state.phase !== 'done') return null;
  const { changes, failures, pending } = state.report;
  const errors = failures.map(({ error }) => error).filter((error) => error !== knownError);
  if (errors.length > 0) return <span className="source-error">{errors.join('; ')}</span>;
  if (failures.length > 0) return 'Looked again: the same error';
  return (
    <>
      {changes.length === 0 ? 'Looked again: nothing changed' : `Looked again: ${changes.length} changed`}
      {pending && ', not all was read yet'}
      {changes.slice(0, SHOWN).map(({ ref, change }) => (
        <span key={ref}>
          {change} {change === 'deleted' ? <code>{ref}</code> : <EntityLink entityRef={ref} />}
        </span>
      ))}
      {changes.length > SHOWN && <span>and {changes.length - SHOWN} more</span>}
    </>
  );
}
