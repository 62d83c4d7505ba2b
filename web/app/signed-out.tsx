import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { signIn } from '../data/session.ts';
import { Mark } from '../ui/mark.tsx';

/** Says that the sign-in ended while the page was open; everything on the page stays as it is. */
export function SignedOutBanner(): ReactNode {
  const isEnded = useSyncExternalStore(signIn.subscribe, signIn.read);
  return (
    <output>
      {isEnded && (
        <span className="banner banner-stale banner-ended">
          <Mark state="denied">You are signed out</Mark>
          <span>
            Nothing here is up to date any more, and what you typed is still there.{' '}
            <a href="/sign-in?redirectUrl=/sign-in" target="_blank" rel="noopener" className="accent">
              Sign in again in a new tab
            </a>
            , then go on here.
          </span>
        </span>
      )}
    </output>
  );
}
