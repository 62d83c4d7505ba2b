import { Readable } from 'node:stream';
import type { Principal } from '../../access/principal.ts';
import { type LogQuery, MOST_LOG_PODS, readLogs } from '../../api/logs.ts';
import type { Route, RouteRequest } from '../../manifest/manifest.ts';
import { implementRoute } from '../../manifest/typed-route.ts';
import type { AuditEntry } from '../../store/access-records.ts';
import type { Acting } from '../acting/acting.ts';
import { fleetError } from '../errors.ts';
import { nameOfPods, podsQueryOf, readablePods, type ReadablePods } from './log-places.ts';
import type { LogQuestion } from './log-question.ts';
import { logSearch } from './log-search.ts';
import { MOST_OF_CLUSTER } from './log-seats.ts';
import { LogStream, type LogStreamOptions } from './log-stream.ts';

/** Lines of all containers together where nothing is said; those of one between these. */
const DEFAULT_LINES = { all: 2_000, least: 20, most: 1_000 };

/** What the route needs beside what its streams do. */
export interface LogRouteOptions extends LogStreamOptions {
  readonly seats: { take(principal: Principal): () => void };
  /** Takes the record of what was read, which as a reading leaves none by itself. */
  readonly audit: { record(entry: AuditEntry): void | Promise<void> };
}

/** The route of logs, `GET /api/v1/fleet/logs`. */
export function logRoutes(options: LogRouteOptions): readonly Route[] {
  return [
    implementRoute(readLogs, async (request) => {
      const { principal, query, reply, signal } = request;
      const podsQuery = podsQueryOf(query);
      checkQuestion(query);
      const sight = options.scopes.of(principal, 'fleet.log.read');
      const asked = { query: podsQuery, scope: sight.scope, principal };
      const first = await readablePods(options.live, options.gate, asked);
      const what = nameOfPods(podsQuery);
      if (first.pods.length === 0) refuse(first, what, query.follow === true);
      await checkRoom(options.acting, first, signal);
      // Until the answer has ended, however it ends; also one of which nothing is ever read.
      const leave = options.seats.take(principal);
      if (reply.raw.destroyed) leave();
      else reply.raw.once('close', leave);
      await options.audit.record(auditOf(request, query, first, what));
      const question = questionOf(query, first.pods.length);
      const stream = new LogStream(options, { asked, sight, question, first, signal });
      reply.header('cache-control', 'no-store, no-transform').header('x-accel-buffering', 'no');
      if (question.isText)
        reply.header(
          'content-disposition',
          `attachment; filename="${fileName(podsQuery.workload?.name ?? 'pods')}.log"`,
        );
      reply.type(question.isText ? 'text/plain; charset=utf-8' : 'application/x-ndjson');
      return reply.send(Readable.from(stream.bytes(), { objectMode: false }));
    }),
  ];
}

/** @throws LOG_QUERY_INVALID */
function checkQuestion({ q, follow, previous, download }: LogQuery): void {
  if (q !== undefined) logSearch(q);
  const problem =
    follow === true && previous === true
      ? 'what a container printed before is over: it cannot be followed'
      : follow === true && download === true
        ? 'a file has an end: it cannot be followed'
        : undefined;
  if (problem !== undefined) throw fleetError('LOG_QUERY_INVALID', { problem });
}

/** @throws what keeps the clusters from being asked, or LOG_SOURCE_UNKNOWN where nothing may come either */
function refuse({ refusals: [refusal] }: ReadablePods, what: string, isFollowed: boolean): void {
  if (refusal !== undefined) throw refusal;
  if (!isFollowed) throw fleetError('LOG_SOURCE_UNKNOWN', { what });
}

/** Of clusters that all have no room nothing would be read: that is said at once. @throws LOGS_FULL */
async function checkRoom(acting: Acting, { users }: ReadablePods, signal: AbortSignal): Promise<void> {
  const clusters = Object.keys(users);
  if (clusters.length === 0) return;
  const full = JSON.parse(Buffer.from(await acting.run('logRoom', { clusters }, { signal })).toString()) as string[];
  if (full.length === clusters.length)
    throw fleetError('LOGS_FULL', { cluster: full.join(', '), limit: MOST_OF_CLUSTER });
}

function questionOf(query: LogQuery, pods: number): LogQuestion {
  const { container, follow = false, previous = false, since, sinceTime, tail, q, download = false } = query;
  const isLimited = since === undefined && sinceTime === undefined && !download;
  const { all, least, most } = DEFAULT_LINES;
  const share = Math.max(least, Math.min(most, Math.floor(all / Math.max(1, Math.min(pods, MOST_LOG_PODS)))));
  return {
    container,
    isFollowed: follow,
    isPrevious: previous,
    sinceTime,
    sinceSeconds: since,
    // Of what is searched through little may be left.
    tail: tail ?? (isLimited ? share * (q === undefined ? 1 : 10) : undefined),
    q,
    isText: download,
  };
}

function auditOf(request: RouteRequest, query: LogQuery, { pods, users }: ReadablePods, what: string): AuditEntry {
  const { container, follow = false, previous = false, download = false } = query;
  return request.auditEntry({
    target: what,
    data: {
      clusters: Object.keys(users),
      pods: pods.length,
      ...(container !== undefined && { container }),
      follow,
      previous,
      download,
    },
  });
}

function fileName(name: string): string {
  return name.replaceAll(/[^0-9A-Za-z._-]/g, '_');
}
