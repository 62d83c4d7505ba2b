import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Ui } from '../../../src/api/ui.ts';
import { parseEntityRef } from '../../../src/model/ref.ts';
import { resources } from '../../data/session.ts';
import { useUi } from '../../data/use-ui.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { EntityLink } from '../../ui/entity-link.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { nameOf } from '../../ui/principal-name.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { OwnTokens } from './own-tokens.tsx';
import { useOwnClaims } from './use-account.ts';

/** What is one's own: who one is to Callboard, where one is signed in, one's tokens. */
export function SettingsPage(): ReactNode {
  const { data: ui } = useUi();
  useDocumentTitle('Settings');
  return (
    <div className="stack">
      <PageHead title="Settings" />
      {ui && (
        <>
          <Profile ui={ui} />
          <OwnSessions />
          <OwnTokens ui={ui} />
        </>
      )}
    </div>
  );
}

function Profile({ ui }: { readonly ui: Ui }): ReactNode {
  const { principal } = ui;
  const claims = useOwnClaims();
  return (
    <Panel title="Who you are to Callboard">
      <dl className="about-list">
        <div>
          <dt>Principal</dt>
          <dd>
            {parseEntityRef(principal.ref) && principal.kind === 'user' ? (
              <EntityLink entityRef={principal.ref} title={nameOf(principal)} />
            ) : (
              nameOf(principal)
            )}{' '}
            <code className="faint">{principal.ref}</code>
            {principal.kind === 'guest' && '· nobody is signed in, and guests are let in'}
          </dd>
        </div>
        {principal.email !== undefined && (
          <div>
            <dt>E-mail</dt>
            <dd>{principal.email}</dd>
          </div>
        )}
        <div>
          <dt>Groups</dt>
          <dd>
            {claims.data && <Groups claims={claims.data.claims} own={principal.ref} />}
            {!claims.data && claims.isLoading && <span className="faint">looking…</span>}
            {claims.failure && <FailureNotice failure={claims.failure} onRetry={() => resources.repeat(claims.key)} />}
          </dd>
        </div>
        <div>
          <dt>May do</dt>
          <dd>
            <Abilities ui={ui} />
          </dd>
        </div>
      </dl>
      {claims.isLoading && !claims.data && <Skeleton rows={1} label="Loading your groups" />}
    </Panel>
  );
}

function Groups({ claims, own }: { readonly claims: readonly string[]; readonly own: string }): ReactNode {
  const groups = claims.filter((ref) => ref !== own);
  if (groups.length === 0) return <span className="faint">none that the catalog or your provider knows</span>;
  return (
    <ul className="plain inline-list">
      {groups.map((ref) => (
        <li key={ref}>
          <EntityLink entityRef={ref} />
        </li>
      ))}
    </ul>
  );
}

function Abilities({ ui }: { readonly ui: Ui }): ReactNode {
  const { allowed, conditional } = ui.abilities;
  if (allowed.includes('*')) return 'Everything';
  if (allowed.length + conditional.length === 0)
    return <span className="faint">nothing so far. {ui.signIn.contact}</span>;
  return (
    <>
      <ul className="plain inline-list">
        {[...allowed].sort().map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
        {[...conditional].sort().map((name) => (
          <li key={name}>
            <code>{name}</code> <span className="faint">some</span>
          </li>
        ))}
      </ul>
      <Link to="/access/check" className="accent">
        Ask why
      </Link>
    </>
  );
}
