import { readRefusal } from './api-status.ts';
import { ListBody, type ListReader } from './list-body.ts';
import { isProtobuf } from './protobuf-envelope.ts';
import { ProtobufList } from './protobuf-list.ts';
import type { KubeObject } from './reflection.ts';
import { Refused } from './reflector-failure.ts';
import { acceptOf, type Reading, resourcePath, selectorOf } from './reflector-path.ts';
import { type ClusterTransport, type KubeStream, readBeginning } from './transport.ts';

/** How many objects one page has, as client-go asks for them. */
export const PAGE_OBJECTS = 500;
/** How large an answer may be after gunzip, bytes: 20,000 pods at once are half of it. */
const MAX_BYTES = 512 * 1024 * 1024;
/** How long an answer may take: servers cut it off after 60 s, ms. */
const WHOLE_MS = 90_000;

/** How a list is asked for. */
export interface ListRequest {
  readonly transport: ClusterTransport;
  readonly reading: Reading;
  /** Empty: what is newest, in pages. Otherwise: not older than this, all at once, which servers answer from memory. */
  readonly resourceVersion: string;
  readonly pageSize?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Lists a resource. Objects are handed on as they come, and while they are taken the next ones are fetched.
 *
 * @param take takes some objects; what it returns is waited for before it is given more
 * @returns resourceVersion of the list
 * @throws Refused, ProtocolViolation, KUBE_UNREACHABLE
 */
export async function listPages(
  request: ListRequest,
  take: (objects: readonly KubeObject[]) => Promise<void> | void,
): Promise<string> {
  let taken: Promise<void> = Promise.resolve();
  const give = async (objects: readonly KubeObject[]): Promise<void> => {
    if (objects.length === 0) return;
    await taken;
    taken = (async () => take(objects))();
    // It is waited for before the next, or at the end; until then nobody looks whether it fails.
    taken.catch(() => undefined);
  };
  try {
    let first: string | undefined;
    let token: string | undefined;
    do {
      const { resourceVersion, next } = await readPage(request.reading, await openPage(request, token), give);
      // Pages show the state of the first one; were one newer, the watch from there tells the difference again.
      first ??= resourceVersion;
      token = next;
    } while (token !== undefined);
    return first;
  } finally {
    await taken;
  }
}

async function readPage(
  { protobuf }: Reading,
  stream: KubeStream,
  give: (objects: readonly KubeObject[]) => Promise<void>,
): Promise<{ readonly resourceVersion: string; readonly next: string | undefined }> {
  const isMessage = protobuf !== undefined && isProtobuf(stream.headers);
  const body: ListReader = isMessage ? new ProtobufList(protobuf) : new ListBody();
  for await (const chunk of stream.chunks) await give(body.take(chunk));
  const { items, ...head } = body.end();
  await give(items);
  return head;
}

async function openPage(request: ListRequest, token: string | undefined): Promise<KubeStream> {
  const { transport, reading, resourceVersion, pageSize = PAGE_OBJECTS, signal } = request;
  const stream = await transport.open({
    path: resourcePath(reading.resource),
    query: {
      ...selectorOf(reading),
      ...(resourceVersion === ''
        ? { limit: String(pageSize), ...(token !== undefined && { continue: token }) }
        : { resourceVersion, resourceVersionMatch: 'NotOlderThan' }),
    },
    accept: acceptOf(reading, 'list'),
    maxBytes: MAX_BYTES,
    wholeMs: WHOLE_MS,
    signal,
  });
  if (stream.status === 200) return stream;
  throw new Refused(readRefusal(stream.status, await readBeginning(stream), stream.headers['retry-after']));
}
