import { createClient } from '../../src/client.ts';
import { LiveStream } from './live-stream.ts';
import { ResourceCache } from './resource-cache.ts';

/** The client of the server that this page came from. */
export const api = createClient({ baseUrl: '' });

/** All answers that the page holds. The first one, or the first failure, starts the event stream. */
export const resources = new ResourceCache((revision) => live.start(revision));

/** The one event stream of the page. */
export const live: LiveStream = new LiveStream((options) => api.events(options), resources);
