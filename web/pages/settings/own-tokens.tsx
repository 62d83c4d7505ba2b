import type { ReactNode } from 'react';
import type { Ui } from '../../../src/api/ui.ts';
import { api, resources } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TokenForm } from './token-form.tsx';
import { TokenTable } from './token-table.tsx';
import { OWN_TOKENS, useOwnTokens } from './use-account.ts';

/** The tokens that act as oneself. */
export function OwnTokens({ ui }: { readonly ui: Ui }): ReactNode {
  const tokens = useOwnTokens();
  const again = (): void => resources.repeat(OWN_TOKENS);
  const end = useAction((id: string) => api.call('DELETE /api/v1/account/tokens/:id', { params: { id } }), again);
  const make = useAction(
    ({ name, scopes, expiresInDays }: { name: string; scopes?: string[] | undefined; expiresInDays: number }) =>
      api.call('POST /api/v1/account/tokens', { body: { name, scopes, expiresInDays } }),
    again,
  );
  const items = tokens.data?.items ?? [];
  return (
    <Panel title="Tokens" aside={tokens.data && `${items.length}`}>
      {tokens.failure && <FailureNotice failure={tokens.failure} onRetry={() => resources.repeat(tokens.key)} />}
      {end.state.phase === 'failed' && <FailureNotice failure={end.state.failure} />}
      {!tokens.data && tokens.isLoading && <Skeleton rows={2} label="Loading your tokens" />}
      {ui.principal.kind === 'user' && tokens.data && items.length === 0 && (
        <p className="panel-empty">
          None yet. With a token a script or the command line asks as you, and may do no more than you.
        </p>
      )}
      {items.length > 0 && (
        <TokenTable label="Your tokens" tokens={items} isRunning={end.state.phase === 'running'} end={end.run} />
      )}
      {ui.principal.kind === 'user' ? (
        <TokenForm ui={ui} make={make} />
      ) : (
        <p className="panel-empty">Only people who are signed in can make tokens.</p>
      )}
    </Panel>
  );
}
