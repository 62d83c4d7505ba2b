import { CallboardError } from '../base/errors.ts';
import { storeError } from '../store/errors.ts';
import type { WatchBatch, WatchRequest } from './view.ts';
import type { Watcher } from './watcher.ts';

/** What a stream of a watch stands on. */
export interface WatchSource {
  revision(): number;
  waitFor(revision: number, signal: AbortSignal): Promise<void>;
  open(): Watcher;
}

/**
 * A watch as a stream of batches. The watch begins with this call, so that nothing is missed between a list and the first
 * batch; faults of opening it show at the first batch. A reader that comes from a server further ahead waits for the cache.
 */
export function watchStream(request: WatchRequest, source: WatchSource): AsyncIterable<WatchBatch> {
  const { signal, after } = request;
  const opened = after !== undefined && after > source.revision() ? catchUp(after, signal, source) : attempt(source);
  // The stream may never be read; its faults are then nobody's.
  opened.catch(() => undefined);
  const onAbort = (): void => void opened.then((watcher) => watcher.close()).catch(() => undefined);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return batches(opened, signal, onAbort);
}

async function attempt(source: WatchSource): Promise<Watcher> {
  return source.open();
}

async function catchUp(after: number, signal: AbortSignal, source: WatchSource): Promise<Watcher> {
  try {
    await source.waitFor(after, signal);
  } catch (error) {
    if (!(error instanceof CallboardError) || error.code !== 'CACHE_BEHIND') throw error;
    throw storeError('REVISION_EXPIRED', { oldest: 0, newest: source.revision(), after });
  }
  return source.open();
}

async function* batches(
  opened: Promise<Watcher>,
  signal: AbortSignal,
  onAbort: () => void,
): AsyncGenerator<WatchBatch, void, undefined> {
  let watcher: Watcher | undefined;
  try {
    watcher = await opened;
    for (let batch = await watcher.next(); batch !== undefined; batch = await watcher.next()) yield batch;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    watcher?.close();
    signal.removeEventListener('abort', onAbort);
  }
}
