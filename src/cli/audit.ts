import type { AuditItem } from '../api/audit.ts';
import type { Answer } from '../client.ts';
import type { OutputFormat } from './definition.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { plural } from './finding-text.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerConnection, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** Which records the commands were told to show. */
export interface AuditFilterValues {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly outcome?: AuditItem['outcome'];
  readonly from?: string;
  readonly until?: string;
  readonly text?: string;
}

/** What `callboard audit list` was told. */
export interface AuditListRequest extends AuditFilterValues, ServerTarget {
  readonly output: OutputFormat;
  readonly limit: string;
}

/** What `callboard audit export` was told. */
export interface AuditExportRequest extends AuditFilterValues, ServerTarget {
  readonly format: 'jsonl' | 'csv';
}

/** What `callboard audit verify` was told. */
export interface AuditVerifyRequest extends ServerTarget {
  readonly output: OutputFormat;
  /** `<sequence>:<hash>` of a record, as it was noted before. */
  readonly noted?: string;
}

const PAGE = 500;
const NOTED = /^(\d{1,15}):([0-9a-f]{64})$/;

/** `callboard audit list`: newest first. */
export async function runAuditList(request: AuditListRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { output, limit } = request;
  const most = readLimit(limit);
  const connection = connectServer(request, surroundings);
  const items: AuditItem[] = [];
  let before: number | undefined;
  do {
    const query = { ...queryOf(request), before, limit: Math.max(1, Math.min(PAGE, most - items.length)) };
    const page = await connection.call('GET /api/v1/audit', { query });
    items.push(...page.items);
    before = page.next;
  } while (before !== undefined && items.length < most);
  if (output === 'json') out(JSON.stringify({ items }, undefined, 2));
  else if (items.length === 0) out('No records.');
  else out(textTable(['at', 'actor', 'action', 'target', 'outcome', 'from', 'by'], items.map(row)));
  return exitCodes.ok;
}

/** `callboard audit export`: all records, oldest first, to standard output as they come. */
export async function runAuditExport(request: AuditExportRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { format } = request;
  let rest = '';
  for await (const piece of connectServer(request, surroundings).text('GET /api/v1/audit/export', {
    query: { ...queryOf(request), format },
  })) {
    const text = rest + piece;
    const end = text.lastIndexOf('\n');
    if (end > 0) out(text.slice(0, end));
    rest = text.slice(end + 1);
  }
  if (rest !== '') out(rest);
  return exitCodes.ok;
}

/** `callboard audit verify`: exit code 1 where a record was changed or taken away. */
export async function runAuditVerify(request: AuditVerifyRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out, err } = surroundings;
  const { output, noted } = request;
  const connection = connectServer(request, surroundings);
  const found = await connection.call('GET /api/v1/audit/verification');
  const isNoted = noted === undefined || (await hasRecord(noted, connection));
  if (output === 'json')
    out(JSON.stringify({ ...found, ...(noted !== undefined && { noted: isNoted }) }, undefined, 2));
  else out(verdict(found));
  if (!isNoted) err(`The record ${noted ?? ''} is not in the log: it was written anew.`);
  return found.intact && isNoted ? exitCodes.ok : exitCodes.failure;
}

function verdict(found: Answer<'GET /api/v1/audit/verification'>): string {
  if (!found.intact) return printable(`Not intact at record ${found.brokenAt ?? 0}: ${found.problem ?? ''}`);
  if (found.records === 0) return 'Intact: there are no records.';
  const { records, first = 0, last = 0, lastHash = '' } = found;
  return `Intact: ${plural(records, 'record')}, ${first} to ${last}.\nNote the newest: ${last}:${lastHash}`;
}

async function hasRecord(noted: string, connection: ServerConnection): Promise<boolean> {
  const [, sequence, hash] = NOTED.exec(noted) ?? [];
  if (sequence === undefined) {
    throw commandFailure('ARGUMENT_INVALID', { argument: '--noted', reason: '<sequence>:<hash> is expected' });
  }
  const query = { before: Number(sequence) + 1, limit: 1 };
  const { items } = await connection.call('GET /api/v1/audit', { query });
  return items[0]?.sequence === Number(sequence) && items[0].hash === hash;
}

function queryOf({ text: q, actor, action, target, outcome, from, until }: AuditFilterValues) {
  return { q, actor, action, target, outcome, from, until };
}

function row({ at, actor, action, target, outcome, reason, address, via }: AuditItem): readonly string[] {
  const ended = reason === undefined ? outcome : `${outcome} (${reason})`;
  return [at, actor, action, target ?? '-', ended, address ?? '-', via ?? '-'];
}
