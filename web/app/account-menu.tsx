import { Link, useRouterState } from '@tanstack/react-router';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import type { Ui } from '../../src/api/ui.ts';
import { useSignOut } from '../data/use-sign-out.ts';
import { nameOf } from '../ui/principal-name.ts';

/** Who this is, in the head: opens to settings and signing out; a guest is called one. */
export function AccountMenu({ ui }: { readonly ui: Ui | undefined }): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  const signOut = useSignOut();
  const here = useRouterState({ select: (state) => state.location.href });
  if (!ui) return null;
  const { principal } = ui;
  const isGuest = principal.kind === 'guest';
  const name = isGuest ? 'Guest' : nameOf(principal);
  const close = (): void => menu.current?.hidePopover();
  return (
    <>
      <button
        type="button"
        className="account-button"
        popoverTarget="account-menu"
        aria-label={`${name}, your account`}
      >
        <span
          className={isGuest ? 'account-sign is-guest' : 'account-sign'}
          data-initial={name.charAt(0).toUpperCase()}
        />
        <span className="account-name">{name}</span>
      </button>
      <div ref={menu} id="account-menu" popover="auto" className="account-menu">
        <p className="account-who">
          <strong>{name}</strong>
          <code>{principal.ref}</code>
          {principal.email !== undefined && <span className="faint">{principal.email}</span>}
          {isGuest && <span className="faint">Nobody is signed in; guests are let in here.</span>}
        </p>
        <ul className="plain">
          <li>
            <Link to="/settings" className="menu-item" onClick={close}>
              Settings
            </Link>
          </li>
          {isGuest && ui.signIn.providers.length > 0 && (
            <li>
              <Link to="/sign-in" search={{ redirectUrl: here }} className="menu-item" onClick={close}>
                Sign in
              </Link>
            </li>
          )}
          {principal.kind === 'user' && (
            <li>
              <button type="button" className="menu-item" onClick={signOut.run}>
                Sign out
              </button>
              {signOut.state.phase === 'failed' && (
                <span className="source-error" role="alert">
                  {signOut.state.failure.detail ?? signOut.state.failure.title}
                </span>
              )}
            </li>
          )}
        </ul>
      </div>
    </>
  );
}
