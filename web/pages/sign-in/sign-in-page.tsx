import { useRouterState, useSearch } from '@tanstack/react-router';
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { PrincipalItem, SignInProvider } from '../../../src/api/session.ts';
import type { Ui } from '../../../src/api/ui.ts';
import { resources } from '../../data/session.ts';
import { useSignOut } from '../../data/use-sign-out.ts';
import { useUi } from '../../data/use-ui.ts';
import { useDocumentTitle } from '../../ui/document-title.ts';
import { Mark } from '../../ui/mark.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { nameOf } from '../../ui/principal-name.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { problemText } from './sign-in-problem.ts';
import { localPath, startUrl } from './sign-in-path.ts';
import type { SignInSearch } from './sign-in-search.ts';

/** The place to sign in, with what went wrong the last time. */
export function SignInPage(): ReactNode {
  const search: SignInSearch = useSearch({ from: '/sign-in' });
  return <SignIn wanted={localPath(search.redirectUrl)} problem={search.problem} />;
}

/** In place of a page that needs somebody to be signed in; leads back to it. */
export function SignInHere(): ReactNode {
  const here = useRouterState({ select: (state) => state.location.href });
  return <SignIn wanted={localPath(here)} problem={undefined} />;
}

function SignIn({ wanted, problem }: { readonly wanted: string; readonly problem: string | undefined }): ReactNode {
  const ui = useUi();
  useDocumentTitle('Sign in');
  if (ui.failure && !ui.data) return <FailureNotice failure={ui.failure} onRetry={() => resources.repeat('ui')} />;
  if (!ui.data) return <Skeleton rows={4} label="Loading the ways to sign in" />;
  const { principal } = ui.data;
  if (principal.kind === 'user' || principal.kind === 'service') {
    return <SignedIn principal={principal} wanted={wanted} />;
  }
  return <Ways ui={ui.data} wanted={wanted} problem={problem} />;
}

function SignedIn({ principal, wanted }: { readonly principal: PrincipalItem; readonly wanted: string }): ReactNode {
  const signOut = useSignOut();
  const isFromOtherTab = wanted === '/sign-in';
  return (
    <div className="sign-in">
      <h1>You are signed in</h1>
      <p className="sign-in-text">
        as <strong>{nameOf(principal)}</strong> <code>{principal.ref}</code>
      </p>
      {isFromOtherTab && (
        <p className="sign-in-text">Close this tab and go on where you were: the other tab has noticed.</p>
      )}
      <div className="sign-in-ways">
        <a href={isFromOtherTab ? '/catalog' : wanted} className="button button-primary sign-in-way">
          {isFromOtherTab || wanted === '/catalog' ? 'Go to the catalog' : 'Go on'}
        </a>
        <button type="button" className="button sign-in-way" onClick={signOut.run}>
          Sign out
        </button>
      </div>
      {signOut.state.phase === 'failed' && <FailureNotice failure={signOut.state.failure} />}
    </div>
  );
}

function Ways({
  ui,
  wanted,
  problem,
}: {
  readonly ui: Ui;
  readonly wanted: string;
  readonly problem: string | undefined;
}): ReactNode {
  const { providers, contact } = ui.signIn;
  const isGuest = ui.principal.kind === 'guest';
  const isGuestOffered = providers.some(({ type }) => type === 'guest');
  return (
    <div className="sign-in">
      <h1>Sign in{ui.organization !== 'Callboard' && ` to ${ui.organization}`}</h1>
      {problem !== undefined && <Problem code={problem} />}
      {wanted !== '/catalog' && wanted !== '/sign-in' && (
        <p className="sign-in-text">
          Then you go to <code>{shortPath(wanted)}</code>
        </p>
      )}
      {providers.length === 0 && (
        <p className="sign-in-text">
          {isGuest
            ? 'No provider is configured, so nobody can sign in: everybody is a guest here.'
            : 'No provider is configured, so nobody can sign in with a browser; tokens of the API work.'}
        </p>
      )}
      <div className="sign-in-ways">
        {providers.map((provider, at) => (
          <a
            key={provider.id}
            href={startUrl(provider.startPath, wanted === '/sign-in' ? '/sign-in?redirectUrl=/sign-in' : wanted)}
            className={at === 0 ? 'button button-primary sign-in-way' : 'button sign-in-way'}
          >
            {wayText(provider)}
          </a>
        ))}
        {isGuest && !isGuestOffered && (
          <a href={wanted === '/sign-in' ? '/catalog' : wanted} className="button sign-in-way">
            Go on as a guest
          </a>
        )}
      </div>
      <p className="sign-in-contact">No account, or it does not work? {contact}</p>
    </div>
  );
}

function wayText({ type, title }: SignInProvider): string {
  return type === 'guest' ? 'Continue as a guest' : `Sign in with ${title}`;
}

function shortPath(path: string): string {
  return path.length > 60 ? `${path.slice(0, 59)}…` : path;
}

function Problem({ code }: { readonly code: string }): ReactNode {
  const id = useId();
  const { title, help } = problemText(code);
  return (
    <div className="failure sign-in-problem" role="alert" aria-labelledby={id}>
      <p id={id}>
        <Mark state="degraded">{title}</Mark>
      </p>
      <p>{help}</p>
      <p className="failure-foot">
        <code>{code}</code>
      </p>
    </div>
  );
}
