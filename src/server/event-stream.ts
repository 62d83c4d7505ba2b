import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Principal } from '../access/principal.ts';
import type { BookmarkEvent, EndedEvent, EventQuery, RelistEvent } from '../api/events.ts';
import { streamEvents } from '../api/events.ts';
import { hash64 } from '../base/digest.ts';
import { CallboardError } from '../base/errors.ts';
import { expressionPredicate } from '../catalog/routes/expression.ts';
import type { WatchBatch } from '../graph/view.ts';
import type { DomainContext, Route, RouteRequest } from '../manifest/manifest.ts';
import type { Predicate } from '../model/predicate.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { serverError } from './errors.ts';
import { StreamStanding, type StandingOptions } from './stream-standing.ts';

/** What the event streams of one server share. */
export interface EventStreamOptions extends StandingOptions {
  readonly metrics: Metrics;
  readonly limit: number;
  /** The store's epoch: a reader that comes from another one lists again. */
  readonly epoch: string;
  /** Ends every stream, when the server closes. */
  readonly closing: AbortSignal;
}

/** Entities waiting for a slow reader before it is told to list again. */
const maxPending = 5000;

/** What a reader is told to wait before it reconnects, in milliseconds; the server that closes may be back by then. */
const retryMs = { normal: 1000, closing: 2000 };

interface Stream {
  /** Who asks, as known when the present watch began. */
  principal: Principal;
  readonly where: Predicate | undefined;
  readonly signal: AbortSignal;
  readonly out: EventWriter;
}

/** The route of the one event stream, `GET /api/v1/events`. */
export function eventStreamRoute(options: EventStreamOptions): Route {
  const seats = createSeats(options);
  return {
    contract: streamEvents,
    async handle(request, { graph, log }) {
      const query = request.query as EventQuery;
      const where = query.where === undefined ? undefined : expressionPredicate(query.where);
      const leave = seats.take(request.principal);
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

/** The part of all streams that one signed-in principal may have. */
const shareOfOne = 0.1;

interface Seats {
  /**
   * Takes one of the streams that may be open. @returns gives it back
   * @throws EVENT_STREAMS_FULL, EVENT_STREAMS_TAKEN
   */
  take(principal: Principal): () => void;
}

function createSeats({ limit, metrics }: Pick<EventStreamOptions, 'limit' | 'metrics'>): Seats {
  const share = Math.max(1, Math.floor(limit * shareOfOne));
  const taken = new Map<string, number>();
  let open = 0;
  const count = ({ ref }: Principal, more: 1 | -1): void => {
    open += more;
    metrics.eventStreams.set(open);
    const own = (taken.get(ref) ?? 0) + more;
    if (own === 0) taken.delete(ref);
    else taken.set(ref, own);
  };
  return {
    take(principal) {
      // Guests are many people under one ref.
      const isOneTooMany = principal.kind !== 'guest' && (taken.get(principal.ref) ?? 0) >= share;
      if (open >= limit || isOneTooMany) {
        metrics.eventStreamsRefused.inc();
        if (open >= limit) throw serverError('EVENT_STREAMS_FULL', { limit });
        throw serverError('EVENT_STREAMS_TAKEN', { principal: principal.ref, limit: share });
      }
      count(principal, 1);
      return () => count(principal, -1);
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
  const out = openEventWriter(request.reply, options.epoch);
  const stream: Stream = { principal: request.principal, where, signal, out };
  const heart = startHeartbeat(out, options);
  try {
    await out.write(`retry: ${retryMs.normal}\n\n`, signal);
    await options.access.prepare(stream.principal);
    out.sight = sightOf(options.access, stream.principal);
    const isOther = seen.sight !== undefined && seen.sight !== out.sight;
    let from: number | undefined = isOther ? graph.revision : (seen.revision ?? graph.revision);
    if (seen.isElsewhere === true) await relist('expired', from, stream);
    else if (isOther) await relist('permission', from, stream);
    else if (seen.revision === undefined) await out.event('bookmark', { revision: from }, signal);
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
  const { where, signal, out } = stream;
  await access.prepare(stream.principal);
  const view = access.viewOf(stream.principal);
  out.sight = sightOf(access, stream.principal);
  const watch = new StreamStanding(stream.principal, view.visibility.key, signal, options);
  let told = after;
  try {
    for await (const batch of view.watch({ where, after, maxPending, signal: watch.signal })) {
      // The watch filters by what the principal could see when it began; when that changed, nothing more may be told.
      await access.prepare(stream.principal);
      if (!watch.isSame()) break;
      told = batch.revision;
      await writeBatch(batch, out, signal);
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
    await out.event('ended', { revision: told, reason: 'signed-out' }, signal);
    return undefined;
  }
  stream.principal = now;
  return await relist('permission', view.revision, stream);
}

async function relist(reason: RelistEvent['reason'], revision: number, { out, signal }: Stream): Promise<number> {
  await out.event('relist', { revision, reason }, signal);
  return revision;
}

function relistReason(error: unknown): RelistEvent['reason'] | undefined {
  if (!(error instanceof CallboardError)) return undefined;
  if (error.code === 'REVISION_EXPIRED') return 'expired';
  return error.code === 'WATCH_OVERFLOW' ? 'overflow' : undefined;
}

function writeBatch({ revision, changes, sources }: WatchBatch, out: EventWriter, signal: AbortSignal): Promise<void> {
  if (changes.length === 0 && !sources) return out.event('bookmark', { revision }, signal);
  return out.event('change', { revision, changes, sources }, signal);
}

/** Data of any event; arrays are not copied on their way out. */
type EventData = WatchBatch | BookmarkEvent | RelistEvent | EndedEvent;

/** One open stream as lines go out on it. */
interface EventWriter {
  /** Goes into the ids of events. */
  sight: string;
  /** Resolves when the socket takes more, so that the next batch is only pulled then. */
  write(text: string, signal: AbortSignal): Promise<void>;
  /** One event; its id is the store's epoch, the revision, and a mark of what the reader can see. */
  event(name: 'change' | 'bookmark' | 'relist' | 'ended', data: EventData, signal: AbortSignal): Promise<void>;
  /** A comment, unless the reader is behind: it then has something coming anyway. */
  beat(): void;
  end(lastWords: string): void;
}

function openEventWriter(reply: FastifyReply, epoch: string): EventWriter {
  reply.hijack();
  const response = reply.raw;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) response.setHeader(name, value);
  // `no-transform` and X-Accel-Buffering keep proxies from holding events back to compress or to buffer them.
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  const write = async (text: string, signal: AbortSignal): Promise<void> => {
    if (!response.write(text)) await once(response, 'drain', { signal });
  };
  const writer: EventWriter = {
    sight: '',
    write,
    event: (name, data, signal) =>
      write(`id: ${epoch}.${data.revision}${writer.sight}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`, signal),
    beat: () => {
      if (!response.writableNeedDrain) response.write(': alive\n\n');
    },
    end: (lastWords) => void response.end(lastWords),
  };
  return writer;
}

function startHeartbeat(out: EventWriter, { clock, heartbeatMs }: EventStreamOptions): { stop(): void } {
  let timer = clock.after(heartbeatMs, beat);
  function beat(): void {
    out.beat();
    timer = clock.after(heartbeatMs, beat);
  }
  return { stop: () => timer.cancel() };
}
