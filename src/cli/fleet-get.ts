import type { Incomplete, LiveObjectItem } from '../api/fleet.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf, nameOf, warnIncomplete } from './fleet-answer.ts';
import { columnsFor } from './fleet-columns.ts';
import { kindIdOf } from './fleet-kind.ts';
import { readLimit } from './limit.ts';
import { connectServer, type ServerConnection, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { textTable } from './text-table.ts';

/** What `callboard fleet get` was told. */
export interface FleetGetRequest extends ServerTarget {
  /** Joined by commas. */
  readonly kinds: string;
  readonly name?: string;
  readonly namespace?: readonly string[];
  readonly cluster?: readonly string[];
  readonly selector?: string;
  readonly clusterSelector?: string;
  readonly fieldSelector?: string;
  readonly sort?: string;
  readonly limit: string;
  readonly output: 'table' | 'wide' | 'json' | 'yaml' | 'name';
}

/** Most that the server answers at once. */
const PAGE = 1000;

interface Found {
  readonly items: readonly LiveObjectItem[];
  readonly total: number;
  readonly incomplete: readonly Incomplete[];
}

/** `callboard fleet get`: objects of all clusters. @throws ARGUMENT_INVALID */
export async function runFleetGet(request: FleetGetRequest, surroundings: Surroundings): Promise<ExitCode> {
  const limit = readLimit(request.limit);
  const { items, total, incomplete } = await readObjects(request, limit, connectServer(request, surroundings));
  const { out, clock } = surroundings;
  const { output } = request;
  const document = documentOf({ items, total, incomplete }, output);
  if (document !== undefined) out(document);
  else if (output === 'name') {
    if (items.length > 0) out(items.map(nameOf).join('\n'));
  } else if (items.length === 0) out('Nothing was found.');
  else {
    const columns = columnsFor(new Set(items.map(({ kind }) => kind)), output === 'wide');
    const now = clock.now();
    const rows = items.map((item) => columns.map(({ cell }) => cell(item, now)));
    out(
      textTable(
        columns.map(({ head }) => head),
        rows,
      ),
    );
    if (items.length < total) surroundings.err(`${items.length} of ${total} are shown; --limit takes more`);
  }
  warnIncomplete(incomplete, surroundings);
  return exitCodes.ok;
}

async function readObjects(request: FleetGetRequest, limit: number, connection: ServerConnection): Promise<Found> {
  const { name, namespace, cluster, selector, clusterSelector, fieldSelector, sort } = request;
  const question = {
    kind: request.kinds.split(',').map((kind) => kindIdOf(kind.trim())),
    name,
    namespace: namespace && [...namespace],
    cluster: cluster && [...cluster],
    labelSelector: selector,
    clusterSelector,
    fieldSelector,
    sort,
    templates: request.output === 'json' || request.output === 'yaml',
  };
  const items: LiveObjectItem[] = [];
  let cursor: string | undefined;
  for (;;) {
    const most = Math.max(1, Math.min(PAGE, limit - items.length));
    const query = { ...question, limit: most, cursor };
    const page = await connection.call('GET /api/v1/fleet/objects', { query });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined || items.length >= limit) return { items, total: page.total, incomplete: page.incomplete };
  }
}
