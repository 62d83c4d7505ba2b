import type { RefreshReport } from '../api/sources.ts';
import type { OutputFormat } from './definition.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { plural } from './finding-text.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text-table.ts';

/** What `callboard refresh` was told. */
export interface RefreshRequest extends ServerTarget {
  /** Entity ref, location ref, or id of a source. */
  readonly what: string;
  readonly output: OutputFormat;
}

/** Types of locations; no kind of entity is called so. */
const LOCATION = /^(file|url|git):/;

function report({ locations, changes, pending }: RefreshReport): string {
  const lines = changes.map(({ ref, change }) => printable(`${change}  ${ref}`));
  const counted = changes.length === 0 ? 'nothing changed' : plural(changes.length, 'change');
  const rest = pending ? '; not all was looked at yet, that goes on' : '';
  return [...lines, `${plural(locations.length, 'location')} looked at again: ${counted}${rest}`].join('\n');
}

/** `callboard refresh`: exit code 1 where a source cannot be read. */
export async function runRefresh(request: RefreshRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out, err } = surroundings;
  const { what, output } = request;
  const body = LOCATION.test(what) ? { location: what } : { entityRef: what };
  const answer = await connectServer(request, surroundings).call('POST /api/v1/sources/refresh', { body });
  out(output === 'json' ? JSON.stringify(answer, undefined, 2) : report(answer));
  for (const { source, error } of answer.failures) err(printable(`${source} cannot be read: ${error}`));
  return answer.failures.length === 0 ? exitCodes.ok : exitCodes.failure;
}
