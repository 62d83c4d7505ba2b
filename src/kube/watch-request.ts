import type { Clock } from '../base/clock.ts';
import { readRefusal } from './api-status.ts';
import type { ReflectionSink } from './reflection.ts';
import { Refused } from './reflector-failure.ts';
import { acceptOf, type Reading, resourcePath, selectorOf } from './reflector-path.ts';
import { type ClusterTransport, type KubeStream, readBeginning } from './transport.ts';
import type { WatchedBatch } from './watch-changes.ts';

/** A streamed list of which nothing comes for so long will never end, ms: the server does not know what was asked. */
const STALLED_MS = 10_000;

/** A streamed list did not come to its end. */
export class StreamedListFailed extends Error {}

/** How a watch is asked for. */
export interface WatchRequest {
  readonly resourceVersion: string;
  /** When the server ends it. */
  readonly seconds: number;
  /** All objects come first. */
  readonly isList: boolean;
}

/** Opens a watch. @throws Refused, KUBE_UNREACHABLE */
export async function openWatch(
  options: Reading & { readonly transport: ClusterTransport; readonly signal: AbortSignal },
  { resourceVersion, seconds, isList }: WatchRequest,
): Promise<KubeStream> {
  const { transport, resource, signal } = options;
  const stream = await transport.open({
    path: resourcePath(resource),
    query: {
      ...selectorOf(options),
      watch: '1',
      ...(resourceVersion !== '' && { resourceVersion }),
      ...(isList && { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }),
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(seconds),
    },
    accept: acceptOf(options, 'watch'),
    signal,
  });
  if (stream.status === 200) return stream;
  throw new Refused(readRefusal(stream.status, await readBeginning(stream), stream.headers['retry-after']));
}

/**
 * Takes the list that a watch begins with, up to the bookmark that ends it.
 *
 * @param cancel ends the watch when nothing comes
 * @returns the version that the list is of
 * @throws StreamedListFailed, and what the batches throw
 */
export async function takeStreamedList(
  batches: AsyncGenerator<WatchedBatch, void>,
  { sink, clock }: { readonly sink: ReflectionSink; readonly clock: Clock },
  cancel: () => void,
): Promise<string> {
  let isStalled = false;
  const stall = (): void => {
    isStalled = true;
    cancel();
  };
  sink.listing();
  for (;;) {
    const timer = clock.after(STALLED_MS, stall);
    let next: IteratorResult<WatchedBatch, void>;
    try {
      next = await batches.next();
    } catch (thrown) {
      if (isStalled) throw new StreamedListFailed('Nothing came of a streamed list', { cause: thrown });
      throw thrown;
    } finally {
      timer.cancel();
    }
    if (next.done === true) throw new StreamedListFailed('A streamed list was not ended');
    const { changes, resourceVersion, endsList } = next.value;
    if (changes.some(({ type }) => type !== 'ADDED'))
      throw new StreamedListFailed('A streamed list has more than what is there');
    if (changes.length > 0) await sink.page(changes.map(({ object }) => object));
    if (endsList) return resourceVersion;
  }
}
