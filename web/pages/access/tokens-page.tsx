import type { ReactNode } from 'react';
import type { Ui } from '../../../src/api/ui.ts';
import { api, resources } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { TokenForm, type TokenDraft } from '../settings/token-form.tsx';
import { TokenTable } from '../settings/token-table.tsx';
import { TOKENS, useTokens } from './use-sessions.ts';

/** Tokens of services, to be made and ended, and those that people made for themselves. */
export function TokensPage(): ReactNode {
  const { data: ui } = useUi();
  const tokens = useTokens();
  useDocumentTitle('Tokens');
  const end = useAction(
    (id: string) => api.call('DELETE /api/v1/access/tokens/:id', { params: { id } }),
    () => resources.repeat(TOKENS),
  );
  const items = tokens.data?.items ?? [];
  const table = {
    isRunning: end.state.phase === 'running',
    end: isAble(ui, 'access.token.delete') ? end.run : undefined,
    showsPrincipal: true,
  };
  const services = items.filter(({ kind }) => kind === 'service');
  const personal = items.filter(({ kind }) => kind === 'personal');
  return (
    <div className="stack">
      <PageHead title="Tokens" sub={<span>What scripts and services ask with. Your own are under Settings.</span>} />
      {tokens.failure && <FailureNotice failure={tokens.failure} onRetry={() => resources.repeat(TOKENS)} />}
      {end.state.phase === 'failed' && <FailureNotice failure={end.state.failure} />}
      {!tokens.data && tokens.isLoading && <Skeleton rows={4} label="Loading the tokens" />}
      {tokens.data && (
        <>
          <Panel title="Of services" aside={`${services.length}`}>
            {services.length === 0 && (
              <Empty title="No service has a token">
                A service asks as <code>service:default/…</code> and may do what roles bound to that permit.
              </Empty>
            )}
            {services.length > 0 && <TokenTable label="Tokens of services" tokens={services} {...table} />}
            {ui && isAble(ui, 'access.token.create') && <MakeServiceToken ui={ui} />}
          </Panel>
          <Panel title="Of people" aside={`${personal.length}`}>
            {personal.length === 0 ? (
              <p className="panel-empty">Nobody has made one.</p>
            ) : (
              <TokenTable label="Tokens of people" tokens={personal} {...table} />
            )}
          </Panel>
        </>
      )}
    </div>
  );
}

function MakeServiceToken({ ui }: { readonly ui: Ui }): ReactNode {
  const make = useAction(
    ({ name, service, scopes, expiresInDays }: TokenDraft) =>
      api.call('POST /api/v1/access/tokens', { body: { name, service, scopes, expiresInDays } }),
    () => resources.repeat(TOKENS),
  );
  return <TokenForm ui={ui} make={make} isService />;
}
