import type { RegisteredLocation, RegistrationOutcome } from '../api/registrations.ts';
import type { OutputFormat } from './definition.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { findingLines, severityCounts } from './finding-text.ts';
import { connectServer, type ServerConnection, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What every `callboard locations` command was told. */
export interface LocationsRequest extends ServerTarget {
  readonly output: OutputFormat;
}

/** What `callboard locations add` was told. */
export interface AddRequest extends LocationsRequest {
  readonly target: string;
  readonly type: string;
  readonly optional: boolean;
  readonly dryRun: boolean;
}

/** What `callboard locations remove` was told. */
export interface RemoveRequest extends LocationsRequest {
  /** Id or target. */
  readonly location: string;
  readonly dryRun: boolean;
}

async function registered(connection: ServerConnection): Promise<readonly RegisteredLocation[]> {
  return (await connection.call('GET /api/v1/locations/registered')).items;
}

/** `callboard locations list`. */
export async function runListLocations(request: LocationsRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { output } = request;
  const { out } = surroundings;
  const items = await registered(connectServer(request, surroundings));
  const rows = items.map(({ id, type, target, presence = 'required' }) => [id, type, presence, target]);
  if (output === 'json') out(JSON.stringify(items, undefined, 2));
  else out(rows.length === 0 ? 'No location is registered.' : textTable(['id', 'type', 'presence', 'target'], rows));
  return exitCodes.ok;
}

function changeRow({ change, ref, location, line, owner }: RegistrationOutcome['changes'][number]): readonly string[] {
  const place = location === undefined ? '' : `${location}:${line ?? 1}`;
  return [change, ref, owner === undefined ? place : `declared in ${owner.location}:${owner.line}`];
}

function outcomeText({ dryRun, exists, location, changes, findings, pending }: RegistrationOutcome): string {
  const name = `${location.type}:${location.target}`;
  const done = exists ? 'Read again' : `Registered as ${location.id ?? ''}`;
  const would = exists ? 'Is registered already' : 'Would be registered';
  const rest = pending ? '; not all of it was read yet, the rest follows' : '';
  const counted = `entities: ${changes.length}; ${severityCounts(findings)}`;
  return [
    ...(changes.length === 0 ? [] : [textTable(['change', 'entity', 'at'], changes.map(changeRow)), '']),
    ...findings.flatMap((finding) => findingLines(finding.location, finding)),
    printable(`${dryRun ? would : done}: ${name} (${counted}${rest})`),
  ].join('\n');
}

/** `callboard locations add`: exit code 1 where something of it cannot be taken. */
export async function runAddLocation(request: AddRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { output, target, type, optional, dryRun } = request;
  const outcome = await connectServer(request, surroundings).call('POST /api/v1/locations', {
    query: { dryRun },
    body: { type, target, ...(optional && { presence: 'optional' as const }) },
  });
  out(output === 'json' ? JSON.stringify(outcome, undefined, 2) : outcomeText(outcome));
  return outcome.findings.some(({ severity }) => severity === 'error') ? exitCodes.failure : exitCodes.ok;
}

/** `callboard locations remove`. */
export async function runRemoveLocation(request: RemoveRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { output, location, dryRun } = request;
  const connection = connectServer(request, surroundings);
  const found = (await registered(connection)).find(({ id, target }) => id === location || target === location);
  if (found === undefined) {
    const reason = 'no registered location has this id or target; callboard locations list names them';
    throw commandFailure('ARGUMENT_INVALID', { argument: location.slice(0, 200), reason });
  }
  const params = { id: found.id };
  const answer = await connection.call('DELETE /api/v1/locations/registered/:id', { params, query: { dryRun } });
  const { removed } = answer;
  const summary = `${dryRun ? 'Would be removed' : 'Removed'}: ${found.type}:${found.target} (entities: ${removed.length})`;
  out(output === 'json' ? JSON.stringify(answer, undefined, 2) : [...removed, summary].map(printable).join('\n'));
  return exitCodes.ok;
}
