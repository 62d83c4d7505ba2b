import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { GraphReader } from '../graph/view.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import type { Store } from '../store/store.ts';

/** How long a collector's write may take to show here: after a bulk load the cache has much before it, ms. */
const SHOWN_MS = 60_000;

/** What all contexts of a server share. */
export interface DomainContextParts {
  readonly graph: GraphReader;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Makes the context of each manifest, once: the parts of the server, with a log that names the manifest. */
export function domainContexts(parts: DomainContextParts): (manifest: string) => DomainContext {
  const { graph, store, clock, log } = parts;
  const contexts = new Map<string, DomainContext>();
  const write: DomainContext['write'] = async (writes) => {
    const result = await store.commit(writes);
    await graph.waitFor(result.revision, { timeoutMs: SHOWN_MS });
    return result;
  };
  return (manifest) => {
    let context = contexts.get(manifest);
    if (context === undefined) {
      context = { graph, store, clock, log: log.child({ manifest }), write };
      contexts.set(manifest, context);
    }
    return context;
  };
}
