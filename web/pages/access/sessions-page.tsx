import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, resources } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { isAble, useUi } from '../../data/use-ui.ts';
import { Combobox } from '../../form/combobox.tsx';
import { usePrincipalChoices } from '../../form/entity-choices.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Empty, FailureNotice } from '../../ui/notice.tsx';
import { PageHead } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useTyped } from '../../ui/typed-text.ts';
import { SessionTable } from '../settings/session-table.tsx';
import type { SessionsSearch } from './access-search.ts';
import { useSessions } from './use-sessions.ts';

/** Who is signed in, from where; each session can be ended. */
export function SessionsPage(): ReactNode {
  const search: SessionsSearch = useSearch({ from: '/access/sessions' });
  const { data: ui } = useUi();
  const sessions = useSessions(search.principal);
  useDocumentTitle('Sessions');
  const end = useAction(
    (id: string) => api.call('DELETE /api/v1/access/sessions/:id', { params: { id } }),
    () => resources.repeat(sessions.key),
  );
  const canEnd = isAble(ui, 'access.session.delete');
  const { data } = sessions;
  return (
    <>
      <PageHead title="Sessions" sub={<Count data={data} />} />
      <PrincipalFilter search={search} />
      {sessions.failure && <FailureNotice failure={sessions.failure} onRetry={() => resources.repeat(sessions.key)} />}
      {end.state.phase === 'failed' && <FailureNotice failure={end.state.failure} />}
      {!data && sessions.isLoading && <Skeleton rows={6} label="Loading the sessions" />}
      {data?.items.length === 0 && <NoSession principal={search.principal} />}
      {data && data.items.length > 0 && (
        <div className={sessions.isPrevious ? 'is-old' : undefined}>
          <SessionTable
            label="Sessions"
            sessions={data.items}
            isRunning={end.state.phase === 'running'}
            end={canEnd ? end.run : undefined}
            showsPrincipal
          />
        </div>
      )}
    </>
  );
}

function Count({ data }: { readonly data: ReturnType<typeof useSessions>['data'] }): ReactNode {
  if (!data) return <output>&nbsp;</output>;
  const rest = data.total > data.items.length ? `, the ${data.items.length.toLocaleString()} used last are shown` : '';
  return (
    <output>
      {data.total.toLocaleString()} {data.total === 1 ? 'session' : 'sessions'}
      {rest}
    </output>
  );
}

function NoSession({ principal }: { readonly principal: string | undefined }): ReactNode {
  if (principal !== undefined) return <p className="panel-empty">{principal} is not signed in anywhere.</p>;
  return (
    <Empty title="Nobody is signed in">
      Sessions begin when people sign in with a browser. Guests and tokens have none.
    </Empty>
  );
}

function PrincipalFilter({ search }: { readonly search: SessionsSearch }): ReactNode {
  const navigate = useNavigate({ from: '/access/sessions' });
  const commit = (text: string): void => {
    const principal = text.trim() === '' ? undefined : text.trim();
    // Half a ref is nobody's: the list is asked for a whole one only.
    if (principal !== undefined && !/^\w+:\S+/.test(principal)) return;
    void navigate({ search: (now: SessionsSearch) => ({ ...now, principal }), replace: true, resetScroll: false });
  };
  const [text, setText] = useTyped(search.principal ?? '', commit);
  const choices = usePrincipalChoices(text);
  return (
    <div className="panel-bar">
      <label className="visually-hidden" htmlFor="sessions-principal">
        Only of this principal
      </label>
      <Combobox
        input={{ id: 'sessions-principal', 'aria-describedby': undefined, 'aria-invalid': undefined }}
        text={text}
        type={setText}
        choices={choices}
        choose={(value) => {
          setText(value);
          commit(value);
        }}
        placeholder="Only of: user:default/…"
      />
    </div>
  );
}
