import { ClientError, createClient } from '../../src/client.ts';
import { LiveStream } from './live-stream.ts';
import { ResourceCache } from './resource-cache.ts';
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
    const response = await fetch(...request);
    if (response.status === 401) signIn.end();
    return response;
  },
});

/** All answers that the page holds. The first one, or the first failure, starts the event stream. */
export const resources = new ResourceCache((revision) => live.start(revision));

/** The one event stream of the page. */
export const live: LiveStream = new LiveStream((options) => api.events(options), resources);
live.subscribe(() => {
  if (live.read().status === 'ended') signIn.end();
});
