import { timelineGroups, type TimelineGroup } from '../api/timeline-groups.ts';
import type { ChangedAnswer, LikelyCause } from '../api/timeline.ts';
import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf } from './fleet-answer.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What `callboard fleet changed` was told. */
export interface FleetChangedRequest extends ServerTarget {
  /** A time of day, or a moment in ISO 8601; absent: now. */
  readonly at?: string;
  /** Ref of an entity as it was typed; a component where it names no kind. */
  readonly entity?: string;
  readonly cluster?: string;
  /** Minutes. */
  readonly window: string;
  readonly output: 'table' | 'json' | 'yaml';
}

const HEAD = ['time', 'kind', 'what', 'entity', 'where'];
/** So many lines are one screen. */
const MOST_ROWS = 25;
const DAY_MS = 86_400_000;

/** `callboard fleet changed`: what changed before a moment, the likely cause on top. @throws ARGUMENT_INVALID */
export async function runFleetChanged(request: FleetChangedRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { at, entity, cluster, output } = request;
  const query = {
    at: new Date(momentOf(at, surroundings.clock.now())).toISOString(),
    window: minutesOf(request.window),
    ...(entity !== undefined && { entity: refOf(entity) }),
    ...(cluster !== undefined && { cluster }),
  };
  const answer = await connectServer(request, surroundings).call('GET /api/v1/fleet/changed', { query });
  surroundings.out(documentOf(answer, output) ?? written(answer));
  if (Date.parse(answer.coverage.from) > Date.parse(answer.from)) {
    surroundings.err(`Nothing is known of what happened before ${dayAndClock(answer.coverage.from)}.`);
  }
  return exitCodes.ok;
}

/** A time of day is the last one that there was, in the zone of who asks. */
function momentOf(text: string | undefined, now: number): number {
  if (text === undefined) return now;
  const day = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (day === null) {
    const moment = Date.parse(text);
    if (!Number.isNaN(moment)) return moment;
    const reason = 'a time such as 12:18, or a moment such as 2026-11-22T12:18:00Z, is expected';
    throw commandFailure('ARGUMENT_INVALID', { argument: '--at', reason });
  }
  const [hours, minutes, seconds] = [day[1], day[2], day[3]].map((part) => Number(part ?? 0));
  const moment = new Date(now).setHours(hours ?? 0, minutes ?? 0, seconds ?? 0, 0);
  return moment > now ? moment - DAY_MS : moment;
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (Number.isSafeInteger(minutes) && minutes >= 1 && minutes <= 1_440) return minutes;
  const reason = 'a number of minutes from 1 to 1440 is expected';
  throw commandFailure('ARGUMENT_INVALID', { argument: '--window', reason });
}

function refOf(entity: string): string {
  const parts = parseEntityRef(entity, { defaultKind: 'component' });
  if (parts !== undefined) return formatEntityRef(parts);
  const reason = 'the ref of an entity is expected, such as lights or component:default/lights';
  throw commandFailure('ARGUMENT_INVALID', { argument: '--entity', reason });
}

function written({ at, from, likely, items }: ChangedAnswer): string {
  const span = `between ${clock(from)} and ${dayAndClock(at)}`;
  if (items.length === 0) return `Nothing is known to have changed ${span}.`;
  const causes = likely.length === 0 ? ['Nothing that happened is a likely cause.'] : likely.flatMap(causeLines);
  const groups = timelineGroups(items);
  const rows = groups.slice(0, MOST_ROWS).map(rowOf);
  const more = groups.length > MOST_ROWS ? [`and ${groups.length - MOST_ROWS} more; -o json has all`] : [];
  const head = `What changed ${span}, the likeliest cause first:`;
  return [head, ...causes, '', textTable(HEAD, rows), ...more].join('\n');
}

function causeLines({ entry, why, clusters }: LikelyCause, index: number): readonly string[] {
  const place = placesOf(clusters);
  const of = entry.entity === undefined ? '' : `  ${entry.entity}`;
  return [
    printable(`${index + 1}. ${clock(entry.at)}  ${entry.title}${of}${place === '' ? '' : `  ${place}`}`),
    ...why.map((reason) => printable(`     ${reason}`)),
  ];
}

function rowOf({ item, clusters }: TimelineGroup): readonly string[] {
  const where = clusters.length === 1 && item.namespace !== undefined ? `${clusters[0]}/${item.namespace}` : '';
  return [clock(item.at), item.kind, item.title, item.entity ?? '-', where || placesOf(clusters) || '-'];
}

function placesOf(clusters: readonly string[]): string {
  return clusters.length > 3 ? `${clusters.length} clusters` : clusters.join(', ');
}

/** The time of day in the zone of who asks. */
function clock(at: string): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function dayAndClock(at: string): string {
  return `${clock(at)} on ${new Date(at).toDateString()}`;
}
