import { readApiStatus } from './api-status.ts';
import type { KubeObject, WatchedChange } from './reflection.ts';
import { ProtocolViolation, Refused } from './reflector-failure.ts';
import { mapOf } from './reflector-path.ts';
import type { WatchEvent, WatchFormat } from './watch-format.ts';

/** Changes that are handed on together, at most. */
const MOST_CHANGES = 500;

/** What the bytes of a watch brought, in order. */
export interface WatchedBatch {
  readonly changes: readonly WatchedChange[];
  /** Of the last event: what all of it brings to, once the objects of a streamed list are over; those have no order. */
  readonly resourceVersion: string;
  /** True where the bookmark that ends a streamed list stands at its end. */
  readonly endsList: boolean;
}

/**
 * Reads the events of a watch, those that are there together.
 *
 * One that cannot be read throws after all before it were given: the watch must end there, nothing is skipped.
 *
 * @throws Refused for an ERROR event, ProtocolViolation for one that no API server sends
 */
export async function* readWatch(
  chunks: AsyncIterable<Buffer>,
  format: WatchFormat,
): AsyncGenerator<WatchedBatch, void> {
  for await (const chunk of chunks) yield* batchesOf(format.take(chunk), format);
  if (format.hasRest) throw new ProtocolViolation('The watch ended within an event');
}

function* batchesOf(events: readonly Buffer[], format: WatchFormat): Generator<WatchedBatch, void> {
  let changes: WatchedChange[] = [];
  let resourceVersion: string | undefined;
  for (const event of events) {
    let read: Change;
    try {
      read = readChange(format.read(event));
    } catch (thrown) {
      if (resourceVersion !== undefined) yield { changes, resourceVersion, endsList: false };
      throw thrown;
    }
    resourceVersion = read.resourceVersion;
    if (read.change) changes.push(read.change);
    if (read.endsList || changes.length >= MOST_CHANGES) {
      yield { changes, resourceVersion, endsList: read.endsList };
      changes = [];
      resourceVersion = undefined;
    }
  }
  if (resourceVersion !== undefined) yield { changes, resourceVersion, endsList: false };
}

interface Change {
  readonly change: WatchedChange | undefined;
  readonly resourceVersion: string;
  readonly endsList: boolean;
}

function readChange({ type, object }: WatchEvent): Change {
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const { resourceVersion } = mapOf(mapOf(object)['metadata']);
      if (typeof resourceVersion !== 'string' || resourceVersion === '')
        throw new ProtocolViolation('An object in a watch has no resourceVersion');
      return { change: { type, object: object as KubeObject }, resourceVersion, endsList: false };
    }
    case 'BOOKMARK':
      return readBookmark(object);
    case 'ERROR':
      throw new Refused(readApiStatus(500, object));
    default:
      throw new ProtocolViolation('An event of a watch is of no known type');
  }
}

function readBookmark(object: unknown): Change {
  const { resourceVersion, annotations } = mapOf(mapOf(object)['metadata']);
  if (typeof resourceVersion !== 'string' || resourceVersion === '')
    throw new ProtocolViolation('A bookmark has no resourceVersion');
  const endsList = annotations !== undefined && mapOf(annotations)['k8s.io/initial-events-end'] === 'true';
  return { change: undefined, resourceVersion, endsList };
}
