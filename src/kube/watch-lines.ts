import { readApiStatus } from './api-status.ts';
import { LineTooLong, LineSplitter } from './lines.ts';
import { parseWithoutManagedFields } from './managed-fields.ts';
import type { KubeObject, WatchedChange } from './reflection.ts';
import { ProtocolViolation, Refused } from './reflector-failure.ts';
import { mapOf } from './reflector-path.ts';

/** Changes that are handed on together, at most. */
const MOST_CHANGES = 500;

/** What the bytes of a watch brought, in order. */
export interface WatchedBatch {
  readonly changes: readonly WatchedChange[];
  /** Of the last line: what all of it brings to, once the objects of a streamed list are over; those have no order. */
  readonly resourceVersion: string;
  /** True where the bookmark that ends a streamed list stands at its end. */
  readonly endsList: boolean;
}

/**
 * Reads the lines of a watch, those that are there together.
 *
 * A line that cannot be read throws after all before it were given: the watch must end there, nothing is skipped.
 *
 * @throws Refused for an ERROR line, ProtocolViolation for a line that no API server sends
 */
export async function* readWatch(chunks: AsyncIterable<Buffer>): AsyncGenerator<WatchedBatch, void> {
  const splitter = new LineSplitter();
  for await (const chunk of chunks) yield* batchesOf(linesOf(splitter, chunk));
  if (splitter.hasRest) throw new ProtocolViolation('The watch ended within a line');
}

function linesOf(splitter: LineSplitter, chunk: Buffer): readonly Buffer[] {
  try {
    return splitter.take(chunk);
  } catch (thrown) {
    if (!(thrown instanceof LineTooLong)) throw thrown;
    throw new ProtocolViolation(thrown.message);
  }
}

function* batchesOf(lines: readonly Buffer[]): Generator<WatchedBatch, void> {
  let changes: WatchedChange[] = [];
  let resourceVersion: string | undefined;
  for (const line of lines) {
    let read: ReturnType<typeof readLine>;
    try {
      read = readLine(line);
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

interface Line {
  readonly change: WatchedChange | undefined;
  readonly resourceVersion: string;
  readonly endsList: boolean;
}

function readLine(line: Buffer): Line {
  const { type, object } = mapOf(parsed(line));
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
      throw new ProtocolViolation('A line of a watch is of no known type');
  }
}

function readBookmark(object: unknown): Line {
  const { resourceVersion, annotations } = mapOf(mapOf(object)['metadata']);
  if (typeof resourceVersion !== 'string' || resourceVersion === '')
    throw new ProtocolViolation('A bookmark has no resourceVersion');
  const endsList = annotations !== undefined && mapOf(annotations)['k8s.io/initial-events-end'] === 'true';
  return { change: undefined, resourceVersion, endsList };
}

function parsed(line: Buffer): unknown {
  try {
    return parseWithoutManagedFields(line);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new ProtocolViolation(`A line of a watch is not JSON: ${thrown.message.slice(0, 200)}`);
  }
}
