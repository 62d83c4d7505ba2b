import type { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { BookmarkEvent, EndedEvent, EventQuery, RelistEvent } from '../api/events.ts';
import { streamEvents } from '../api/events.ts';
import { hash64 } from '../base/digest.ts';
import { CallboardError } from '../base/errors.ts';
import { expressionPredicate } from '../catalog/routes/expression.ts';
import type { WatchBatch } from '../graph/view.ts';
import { openEventWriter, retryMs, startHeartbeat, type EventWriter } from '../manifest/event-writer.ts';
import type { DomainContext, Route, RouteRequest } from '../manifest/manifest.ts';
import type { Predicate } from '../model/predicate.ts';
import type { StreamSeats } from './stream-seats.ts';
import { StreamStanding, type StandingOptions } from './stream-standing.ts';

/** What the event streams of one server share. */
export interface EventStreamOptions extends StandingOptions {
  readonly seats: StreamSeats;
  /** The store's epoch: a reader that comes from another one lists again. */
  readonly epoch: string;
  /** Ends every stream, when the server closes. */
  readonly closing: AbortSignal;
}

/** Entities waiting for a slow reader before it is told to list again. */
const maxPending = 5000;

interface Stream {
  /** Who asks, as known when the present watch began. */
  principal: Principal;
  readonly where: Predicate | undefined;
  readonly signal: AbortSignal;
  readonly out: EventWriter;
  readonly epoch: string;
  /** Goes into the ids of events. */
  sight: string;
}

/** The route of the one event stream, `GET /api/v1/events`. */
export function eventStreamRoute(options: EventStreamOptions): Route {
  return {
    contract: streamEvents,
    async handle(request, { graph, log }) {
      const query = request.query as EventQuery;
      const where = query.where === undefined ? undefined : expressionPredicate(query.where);
      const leave = options.seats.take(request.principal);
      try {
        await follow(request, where, lastSeen(request, query, options.epoch), graph, options);
      } catch (error) {
        // The answer has begun, so the client learns of it by the end of the stream, and comes again.
        log.error({ error, request: request.raw.id }, 'event stream failed');
      } finally {
        leave();
      }
      return request.reply;
    },
  };
}

/** Where a reader stopped; `sight`: a mark of what it could see then, where that is known. */
interface LastSeen {
  readonly revision: number | undefined;
  readonly sight?: string | undefined;
  /** True for a reader of another database, whose revisions mean nothing here. */
  readonly isElsewhere?: boolean;
}

/** Where the reader stopped: the header of a reconnecting browser is newer than the URL it was given. */
function lastSeen(request: RouteRequest, query: EventQuery, epoch: string): LastSeen {
  const header = request.raw.headers['last-event-id'];
  const form = /^([0-9a-z]+)\.(\d{1,15})(\.[0-9a-z]{1,16})?$/;
  const [, from, revision, sight = ''] = (typeof header === 'string' && form.exec(header)) || [];
  if (revision === undefined) return { revision: query.after };
  return from === epoch ? { revision: Number(revision), sight } : { revision: undefined, isElsewhere: true };
}

/**
 * A mark that is another where something else can be seen: a reader that comes back under another policy lists again. Who
 * sees all has none.
 */
function sightOf(access: Access, principal: Principal): string {
  const { kind, key } = access.visibilityOf(principal);
  if (kind === 'all') return '';
  const { high, low } = hash64(key);
  return `.${high.toString(36)}${low.toString(36)}`;
}

async function follow(
  request: RouteRequest,
  where: Predicate | undefined,
  seen: LastSeen,
  graph: DomainContext['graph'],
  options: EventStreamOptions,
): Promise<void> {
  const signal = AbortSignal.any([request.signal, options.closing]);
  const out = openEventWriter(request.reply);
  const stream: Stream = { principal: request.principal, where, signal, out, epoch: options.epoch, sight: '' };
  const heart = startHeartbeat(out, options);
  try {
    await out.write(`retry: ${retryMs.normal}\n\n`, signal);
    await options.access.prepare(stream.principal);
    stream.sight = sightOf(options.access, stream.principal);
    const isOther = seen.sight !== undefined && seen.sight !== stream.sight;
    let from: number | undefined = isOther ? graph.revision : (seen.revision ?? graph.revision);
    if (seen.isElsewhere === true) await relist('expired', from, stream);
    else if (isOther) await relist('permission', from, stream);
    else if (seen.revision === undefined) await tell('bookmark', { revision: from }, stream);
    while (from !== undefined && !signal.aborted) from = await watchFrom(from, stream, options);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    heart.stop();
    out.end(options.closing.aborted ? `retry: ${retryMs.closing}\n: the server closes\n\n` : '');
  }
}

/**
 * Tells what happens after a revision until the reader must list again; returns the revision to go on from, or nothing
 * when the watch is over: the reader is gone, or who asks is signed out.
 */
async function watchFrom(after: number, stream: Stream, options: EventStreamOptions): Promise<number | undefined> {
  const { access } = options;
  const { where, signal } = stream;
  await access.prepare(stream.principal);
  const view = access.viewOf(stream.principal);
  stream.sight = sightOf(access, stream.principal);
  const watch = new StreamStanding(stream.principal, view.visibility.key, signal, options);
  let told = after;
  try {
    for await (const batch of view.watch({ where, after, maxPending, signal: watch.signal })) {
      // The watch filters by what the principal could see when it began; when that changed, nothing more may be told.
      await access.prepare(stream.principal);
      if (!watch.isSame()) break;
      told = batch.revision;
      await writeBatch(batch, stream);
    }
  } catch (error) {
    const reason = relistReason(error);
    if (reason === undefined) throw error;
    return await relist(reason, access.viewOf(stream.principal).revision, stream);
  } finally {
    watch.close();
  }
  if (signal.aborted) return undefined;
  // What changed may have changed back meanwhile; without any change the watch has ended by itself.
  if (watch.isSame()) return watch.signal.aborted ? told : undefined;
  const now = access.currentOf(stream.principal);
  if (now === undefined) {
    await tell('ended', { revision: told, reason: 'signed-out' }, stream);
    return undefined;
  }
  stream.principal = now;
  return await relist('permission', view.revision, stream);
}

async function relist(reason: RelistEvent['reason'], revision: number, stream: Stream): Promise<number> {
  await tell('relist', { revision, reason }, stream);
  return revision;
}

function relistReason(error: unknown): RelistEvent['reason'] | undefined {
  if (!(error instanceof CallboardError)) return undefined;
  if (error.code === 'REVISION_EXPIRED') return 'expired';
  return error.code === 'WATCH_OVERFLOW' ? 'overflow' : undefined;
}

function writeBatch({ revision, changes, sources }: WatchBatch, stream: Stream): Promise<void> {
  if (changes.length === 0 && !sources) return tell('bookmark', { revision }, stream);
  return tell('change', { revision, changes, sources }, stream);
}

/** Data of any event; arrays are not copied on their way out. */
type EventData = WatchBatch | BookmarkEvent | RelistEvent | EndedEvent;

/** One event; its id is the store's epoch, the revision, and a mark of what the reader can see. */
function tell(
  name: 'change' | 'bookmark' | 'relist' | 'ended',
  data: EventData,
  { out, signal, epoch, sight }: Stream,
): Promise<void> {
  return out.event({ id: `${epoch}.${data.revision}${sight}`, name, data }, signal);
}
