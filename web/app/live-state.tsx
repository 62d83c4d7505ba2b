import { useEffect, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { LiveState } from '../data/live-stream.ts';
import { live } from '../data/session.ts';
import { Age } from '../ui/age.tsx';
import { useTitleState } from '../ui/document-title.ts';
import { Mark } from '../ui/mark.tsx';

/** The state of the event stream. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(live.subscribe, live.read);
}

/** One word in the head: live, connecting, offline; nothing where the stream is not for this principal. */
export function LiveMark(): ReactNode {
  const state = useLiveState();
  return (
    <span className={state.status === 'live' ? 'live-mark is-live' : 'live-mark'}>
      {state.status === 'live' && <Mark state="healthy">Live</Mark>}
      {state.status === 'connecting' && <Mark state="unknown">Connecting</Mark>}
      {state.status === 'lost' && <Mark state="stale">Offline</Mark>}
      {state.status === 'ended' && <Mark state="denied">Signed out</Mark>}
    </span>
  );
}

/** Says across the page that what is shown may be old, and how old; in the tab it shows too. */
export function LiveBanner(): ReactNode {
  const state = useLiveState();
  const isLost = state.status === 'lost';
  useTitleState(isLost ? 'Offline' : undefined);
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = isLost ? '/favicon-offline.svg' : '/favicon.svg';
  }, [isLost]);
  return (
    <output>
      {isLost && (
        <span className="banner banner-stale banner-top">
          <Mark state="stale">Offline</Mark>
          <span>
            {state.lastContactAt === undefined ? (
              'Callboard cannot be reached.'
            ) : (
              <>
                Data as of <Age at={state.lastContactAt} suffix=" ago" />.
              </>
            )}{' '}
            Trying again.
          </span>
          <button type="button" className="button button-small banner-action" onClick={() => live.retryNow()}>
            Try now
          </button>
        </span>
      )}
    </output>
  );
}
