import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf, nameOf, warnIncomplete } from './fleet-answer.ts';
import { kindIdOf } from './fleet-kind.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { textTable } from './text-table.ts';

/** What `callboard fleet search` was told. */
export interface FleetSearchRequest extends ServerTarget {
  readonly words: readonly string[];
  readonly kind?: readonly string[];
  readonly cluster?: readonly string[];
  readonly limit: string;
  readonly output: 'table' | 'json' | 'yaml' | 'name';
}

const MOST_FOUND = 1000;

/** `callboard fleet search`: objects of all clusters in which a text is. @throws ARGUMENT_INVALID */
export async function runFleetSearch(request: FleetSearchRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { words, kind, cluster, output } = request;
  const { out } = surroundings;
  const limit = readLimit(request.limit);
  if (limit < 1 || limit > MOST_FOUND) {
    throw commandFailure('ARGUMENT_INVALID', { argument: '--limit', reason: `1 to ${MOST_FOUND} are possible` });
  }
  const query = { q: words.join(' '), kind: kind?.map(kindIdOf), cluster: cluster && [...cluster], limit };
  const answer = await connectServer(request, surroundings).call('GET /api/v1/fleet/search', { query });
  const { items, total, incomplete } = answer;
  const document = documentOf(answer, output);
  if (document !== undefined) out(document);
  else if (output === 'name') {
    if (items.length > 0) out(items.map(nameOf).join('\n'));
  } else if (items.length === 0) out('Nothing was found.');
  else {
    const rows = items.map(({ cluster: place, kind: id, namespace = '', name, matched, text }) => [
      place,
      id,
      namespace,
      name,
      matched === 'name' ? matched : `${matched}: ${text}`,
    ]);
    const shown = items.length < total ? `, ${items.length} shown` : '';
    out(`${textTable(['cluster', 'kind', 'namespace', 'name', 'found in'], rows)}\n${total} found${shown}`);
  }
  warnIncomplete(incomplete, surroundings);
  return exitCodes.ok;
}
