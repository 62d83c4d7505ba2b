import type { FindItem } from '../api/find.ts';
import type { OutputFormat } from './definition.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { textTable } from './text-table.ts';

/** What `callboard find` was told. */
export interface FindRequest extends ServerTarget {
  readonly words: readonly string[];
  readonly kind?: readonly string[];
  readonly search?: string;
  readonly output: OutputFormat;
  readonly limit: string;
}

/** Most that the server answers at once. */
const MOST_FOUND = 50;

/**
 * `callboard find`: the best match first, as the palette of the web interface has them.
 * @throws ARGUMENT_INVALID
 */
export async function runFind(request: FindRequest, surroundings: Surroundings): Promise<ExitCode> {
  const { out } = surroundings;
  const { words, kind, search, output } = request;
  const limit = readLimit(request.limit);
  if (limit < 1 || limit > MOST_FOUND) {
    throw commandFailure('ARGUMENT_INVALID', { argument: '--limit', reason: `1 to ${MOST_FOUND} are possible` });
  }
  const connection = connectServer(request, surroundings);
  const query = { q: words.join(' '), kind: kind && [...kind], search, limit };
  const { items, total, more } = await connection.call('GET /api/v1/find', { query });
  if (output === 'json') out(JSON.stringify({ total, more, items }, undefined, 2));
  else if (items.length === 0) out('Nothing was found.');
  else {
    const shown = items.length < total ? `, ${items.length} shown` : '';
    const weaker = more ? '; weaker matches were not looked for' : '';
    const head = ['ref', 'title', 'owner', 'lifecycle', 'found by'];
    out(`${textTable(head, items.map(foundRow))}\n${total} found${shown}${weaker}`);
  }
  return exitCodes.ok;
}

function foundRow({ ref, title = '', owner = '', lifecycle = '', match }: FindItem): readonly string[] {
  const why = match === undefined ? '' : match.kind === 'typo' ? `${match.field}, misspelt` : match.field;
  return [ref, title, owner, lifecycle, why];
}
