import { systemClock } from '../../base/clock.ts';
import type { JobContext } from '../acting/acting.ts';
import type { LogArgs } from './log-question.ts';
import { LogSeats } from './log-seats.ts';
import { LogSession } from './log-session.ts';

/** Sessions of this thread, and which logs are read. */
const sessions = new Map<string, LogSession>();
const seats = new LogSeats();

/** Reads logs for one reader; see `LogSession`. A job of the acting thread. @throws LOG_QUERY_INVALID */
export async function* readLogsJob(context: JobContext, args: LogArgs): AsyncGenerator<Uint8Array, void> {
  const session = new LogSession(args, { context, clock: systemClock, seats: seats.forReader() });
  sessions.set(args.session, session);
  try {
    yield* session.bytes();
  } finally {
    sessions.delete(args.session);
  }
}

/** Tells a session of this thread which pods there are now; one that has ended is told nothing. */
export function changeLogPods(
  _context: JobContext,
  { session, pods, users }: Pick<LogArgs, 'session' | 'pods' | 'users'>,
): Promise<Uint8Array> {
  sessions.get(session)?.setPods(pods, users);
  return Promise.resolve(new Uint8Array());
}

/** Which of some clusters have no room for a log more, as JSON: a list of names. A job of the acting thread. */
export function fullLogClusters(
  _context: JobContext,
  { clusters }: { readonly clusters: readonly string[] },
): Promise<Uint8Array> {
  const full = clusters.filter((cluster) => seats.free(cluster) <= 0);
  return Promise.resolve(new Uint8Array(Buffer.from(JSON.stringify(full))));
}
