import type { ReactNode } from 'react';
import { api, resources } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmButton } from '../../form/confirm-button.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { SessionTable } from './session-table.tsx';
import { OWN_SESSIONS, useOwnSessions } from './use-account.ts';

/** Where one is signed in. */
export function OwnSessions(): ReactNode {
  const sessions = useOwnSessions();
  const items = sessions.data?.items ?? [];
  const end = useAction(
    async (ids: readonly string[]) => {
      for (const id of ids) await api.call('DELETE /api/v1/account/sessions/:id', { params: { id } });
    },
    (_, ids) => {
      if (items.some(({ id, current }) => current && ids.includes(id))) location.assign('/sign-in');
      else resources.repeat(OWN_SESSIONS);
    },
  );
  const others = items.filter(({ current }) => !current).map(({ id }) => id);
  return (
    <Panel title="Sessions" aside={sessions.data && `${items.length}`}>
      {sessions.failure && <FailureNotice failure={sessions.failure} onRetry={() => resources.repeat(sessions.key)} />}
      {end.state.phase === 'failed' && <FailureNotice failure={end.state.failure} />}
      {!sessions.data && sessions.isLoading && <Skeleton rows={2} label="Loading your sessions" />}
      {sessions.data && items.length === 0 && (
        <p className="panel-empty">No session: this request was made as a guest, with a token, or through a proxy.</p>
      )}
      {items.length > 0 && (
        <SessionTable
          label="Your sessions"
          sessions={items}
          isRunning={end.state.phase === 'running'}
          end={(id) => end.run([id])}
        />
      )}
      {others.length > 1 && (
        <p className="panel-foot">
          <ConfirmButton
            label="End all others"
            question={`End ${others.length} sessions`}
            of="but this one"
            isRunning={end.state.phase === 'running'}
            act={() => end.run(others)}
          />
        </p>
      )}
    </Panel>
  );
}
