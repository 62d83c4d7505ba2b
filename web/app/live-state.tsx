import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { LiveState } from '../data/live-stream.ts';
import { live } from '../data/session.ts';
import { Age } from '../ui/age.tsx';
import { Mark } from '../ui/mark.tsx';

/** The state of the one event stream. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(live.subscribe, live.read);
}

/** One word in the head: live, connecting, offline; nothing where the stream is not for this principal. */
export function LiveMark(): ReactNode {
  const state = useLiveState();
  return (
    <span className="live-mark">
      {state.status === 'live' && <Mark state="healthy">Live</Mark>}
      {state.status === 'connecting' && <Mark state="unknown">Connecting</Mark>}
      {state.status === 'lost' && <Mark state="stale">Offline</Mark>}
      {state.status === 'ended' && <Mark state="denied">Signed out</Mark>}
    </span>
  );
}

/** Says across the page that what is shown may be old, and how old. */
export function LiveBanner(): ReactNode {
  const state = useLiveState();
  return (
    <output>
      {state.status === 'lost' && (
        <span className="banner banner-stale">
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
        </span>
      )}
    </output>
  );
}
