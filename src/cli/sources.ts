import type { SourceItem } from '../api/sources.ts';
import { ageText } from '../base/age-text.ts';
import type { OutputFormat } from './definition.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { plural } from './finding-text.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What `callboard sources` was told. */
export interface SourcesRequest extends ServerTarget {
  readonly output: OutputFormat;
}

const MOST_SOURCES = 1000;

function row({ source, collector, state, ageSeconds, ...item }: SourceItem, now: number): readonly string[] {
  const looked = ageSeconds === undefined ? 'never' : `${ageText(ageSeconds * 1000)} ago`;
  const next = item.nextLookAt === undefined ? undefined : `in ${ageText(Date.parse(item.nextLookAt) - now)}`;
  const { locations, errors, warnings } = item;
  const problems = errors + warnings === 0 ? '-' : `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  return [source, collector, state, looked, next ?? (item.type === 'file' ? 'watched' : '-'), `${locations}`, problems];
}

function errorLines({ source, error, fix, configuredAt, registrationId, namedBy }: SourceItem): readonly string[] {
  if (error === undefined) return [];
  const from = configuredAt ?? registrationId ?? namedBy;
  const told = printable(`${source}${from === undefined ? '' : ` (${from})`}: ${error}`);
  return ['', told, ...(fix === undefined ? [] : [`    -> ${printable(fix)}`])];
}

/** `callboard sources`: how fresh each source is, and why the last look failed. */
export async function runSources(request: SourcesRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { output } = request;
  const { clock, out } = surroundings;
  const page = await connectServer(request, surroundings).call('GET /api/v1/sources', {
    query: { limit: MOST_SOURCES },
  });
  if (output === 'json') {
    out(JSON.stringify(page, undefined, 2));
    return exitCodes.ok;
  }
  const head = ['source', 'collector', 'state', 'looked', 'next', 'locations', 'problems'];
  const rows = page.items.map((item) => row(item, clock.now()));
  const table = rows.length === 0 ? 'Nothing is read yet.' : textTable(head, rows);
  out([table, ...page.items.flatMap(errorLines)].join('\n'));
  return exitCodes.ok;
}
