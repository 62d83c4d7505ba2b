import type { Ui } from '../../src/api/ui.ts';
import { ClientError, createClient } from '../../src/client.ts';
import { OFFLINE } from './failure.ts';
import { LiveStream } from './live-stream.ts';
import { ResourceCache } from './resource-cache.ts';
import { sharedEvents } from './shared-stream.ts';
import { SignInWatch } from './sign-in-watch.ts';

/** Whether the one that is shown is still signed in. */
export const signIn = new SignInWatch({
  ask: () =>
    api.call('GET /api/v1/ui').catch((error: unknown) => {
      if (error instanceof ClientError) return undefined;
      throw error;
    }),
  resume: () => {
    resources.outdateAll();
    live.retryNow();
  },
  startOver: () => location.reload(),
});

/** The client of the server that this page came from. */
export const api = createClient({
  baseUrl: '',
  fetch: async (...request) => {
    refuseOffline(request[1]?.method ?? 'GET');
    const response = await fetch(...request);
    if (response.status === 401) signIn.end();
    return response;
  },
});

/** All answers that the page holds. The first one, or the first failure, starts the event stream. */
export const resources = new ResourceCache((revision) => live.start(revision));

/** The event stream; one connection serves all tabs of the browser that show the same principal. */
export const live: LiveStream = new LiveStream(
  (options) =>
    sharedEvents(
      {
        open: (own) => api.events(own),
        group: () => signIn.principal(),
        locks: navigator.locks as LockManager | undefined,
        isVisible: () => document.visibilityState === 'visible',
        onVisible,
      },
      options,
    ),
  resources,
);
live.subscribe(() => {
  if (live.read().status === 'ended') signIn.end();
});

/** Asks who this is. The event stream waits for the answer, since it is shared among pages of the same principal. */
export async function askUi(signal: AbortSignal): Promise<Ui> {
  try {
    return signIn.settle(await api.call('GET /api/v1/ui', { signal }));
  } finally {
    if (!signal.aborted) live.allow();
  }
}

/** What would change something is not kept for later: it is refused at once, and said so. */
function refuseOffline(method: string): void {
  if (method === 'GET' || navigator.onLine || live.read().status === 'live') return;
  throw new ClientError(OFFLINE, 0, 'This browser is offline.');
}

function onVisible(listener: () => void): () => void {
  const onChange = (): void => {
    if (document.visibilityState === 'visible') listener();
  };
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}
