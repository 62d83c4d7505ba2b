import type { ChangedItem, ChangeGroup } from '../api/changes.ts';
import type { Clock } from '../base/clock.ts';
import type { OutputFormat } from './definition.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text-table.ts';

/** What `callboard changes` was told. */
export interface ChangesCommand extends ServerTarget {
  readonly output: OutputFormat;
  readonly limit: string;
  readonly owner?: readonly string[];
  readonly dependencies?: boolean;
  readonly search?: string;
  readonly where?: string;
  readonly since?: string;
}

/** Writes on a page, and entities of each. */
const PAGE = 50;
const EACH = 10;

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `callboard changes`: what changed lately, newest first. */
export async function runChanges(request: ChangesCommand, surroundings: Surroundings): Promise<ExitCode> {
  const { out, clock } = surroundings;
  const { output, owner, dependencies, search, where } = request;
  const most = readLimit(request.limit);
  const since = readSince(request.since, clock);
  const connection = connectServer(request, surroundings);
  const query = {
    ...(owner !== undefined && { owner: [...owner] }),
    dependencies,
    search,
    where,
    since,
    each: EACH,
  };
  const items: ChangeGroup[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(PAGE, Math.max(1, most - items.length));
    const page = await connection.call('GET /api/v1/changes', { query: { ...query, cursor, limit } });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < most);
  const shown = items.slice(0, most);
  if (output === 'json') out(JSON.stringify({ items: shown }, undefined, 2));
  else out(shown.length === 0 ? 'Nothing changed' : shown.map(groupText).join('\n\n'));
  return exitCodes.ok;
}

/** Reads `90m`, `24h`, `7d`, `2w`, or a moment. @throws ARGUMENT_INVALID */
function readSince(since: string | undefined, clock: Clock): string | undefined {
  if (since === undefined) return undefined;
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(since) ?? [];
  const moment =
    count === undefined || unit === undefined ? Date.parse(since) : clock.now() - Number(count) * (UNITS[unit] ?? 0);
  if (!Number.isNaN(moment)) return new Date(moment).toISOString();
  const reason = 'a span such as 24h or 7d, or a moment such as 2026-11-22T09:00:00Z, is expected';
  throw commandFailure('ARGUMENT_INVALID', { argument: '--since', reason });
}

function groupText({ at, revision, items, total, isCut }: ChangeGroup): string {
  const others = total - items.length;
  const more =
    others === 0 && !isCut ? [] : [`    and ${isCut ? 'more than ' : ''}${others} others of the same reading`];
  return [`${at}  (revision ${revision})`, ...items.map(itemText), ...more].map(printable).join('\n');
}

function itemText({ ref, change, fields = [], commit, isDependency }: ChangedItem): string {
  const notes = [
    fields.join(', '),
    commit === undefined ? '' : `at ${commit.slice(0, 12)}`,
    isDependency ? 'a dependency' : '',
  ];
  const note = notes.filter((text) => text !== '').join('; ');
  return `    ${change.padEnd(7)}  ${ref}${note === '' ? '' : `  (${note})`}`;
}
