import type { MissingEntity, UnclaimedWorkload } from '../api/unclaimed.ts';
import { commandFailure } from './errors.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf, warnIncomplete } from './fleet-answer.ts';
import { connectServer, type ServerConnection, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { textTable } from './text-table.ts';

/** What `callboard fleet unclaimed` was told. */
export interface FleetUnclaimedRequest extends ServerTarget {
  readonly missing?: boolean;
  readonly namespace?: readonly string[];
  readonly cluster?: readonly string[];
  readonly query?: string;
  readonly output: 'table' | 'json' | 'yaml';
}

/** Items of one page. */
const PAGE = 500;

/** `callboard fleet unclaimed`: what runs and is in no catalog, and what is in the catalog and does not run. */
export async function runFleetUnclaimed(request: FleetUnclaimedRequest, surroundings: Surroundings): Promise<ExitCode> {
  const connection = connectServer(request, surroundings);
  return request.missing === true
    ? printMissing(connection, request, surroundings)
    : printUnclaimed(connection, request, surroundings);
}

async function printUnclaimed(
  connection: ServerConnection,
  { namespace, cluster, query: q, output }: FleetUnclaimedRequest,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { out } = surroundings;
  const query = { q, namespace: namespace && [...namespace], cluster: cluster && [...cluster], limit: PAGE };
  const items: UnclaimedWorkload[] = [];
  let page = await connection.call('GET /api/v1/fleet/unclaimed', { query });
  items.push(...page.items);
  while (page.nextCursor !== undefined) {
    page = await connection.call('GET /api/v1/fleet/unclaimed', { query: { ...query, cursor: page.nextCursor } });
    items.push(...page.items);
  }
  if (output === 'yaml') await printDescriptors(connection, items, surroundings);
  else if (output === 'json') out(documentOf({ ...page, items }, output) ?? '');
  else if (items.length === 0) out('Everything that runs is in the catalog.');
  else
    out(`${textTable(['workload', 'clusters', 'health', 'pods', 'probably', 'sure', 'why'], items.map(unclaimedRow))}`);
  warnIncomplete(page.incomplete, surroundings);
  return exitCodes.ok;
}

function unclaimedRow({ kind, namespace, name, clusters, health, pods, proposal }: UnclaimedWorkload): string[] {
  const { owner } = proposal;
  const [first] = clusters;
  return [
    [kind, namespace, name].filter((part) => part !== undefined).join('/'),
    clusters.length === 1 && first !== undefined ? first.cluster : String(clusters.length),
    health,
    String(pods),
    owner?.ref ?? '-',
    owner?.confidence ?? '-',
    owner?.reason ?? '',
  ];
}

async function printDescriptors(
  connection: ServerConnection,
  items: readonly UnclaimedWorkload[],
  { out }: Surroundings,
): Promise<void> {
  const files: string[] = [];
  for (let from = 0; from < items.length; from += PAGE) {
    const chosen = items.slice(from, from + PAGE).map(({ kind, namespace, name }) => ({
      kind,
      name,
      ...(namespace !== undefined && { namespace }),
    }));
    let file = '';
    for await (const text of connection.text('POST /api/v1/fleet/proposals', { body: { items: chosen } })) file += text;
    files.push(file);
  }
  if (files.length > 0) out(files.join('---\n').trimEnd());
}

async function printMissing(
  connection: ServerConnection,
  { namespace, cluster, query: q, output }: FleetUnclaimedRequest,
  { out }: Surroundings,
): Promise<ExitCode> {
  if (namespace !== undefined || cluster !== undefined) {
    const reason = 'an entity that runs nowhere is in no cluster and no namespace';
    throw commandFailure('ARGUMENT_INVALID', { argument: '--missing', reason });
  }
  const items: MissingEntity[] = [];
  let page = await connection.call('GET /api/v1/fleet/missing', { query: { q, limit: PAGE } });
  items.push(...page.items);
  while (page.nextCursor !== undefined) {
    page = await connection.call('GET /api/v1/fleet/missing', { query: { q, limit: PAGE, cursor: page.nextCursor } });
    items.push(...page.items);
  }
  const document = documentOf({ ...page, items }, output);
  if (document !== undefined) out(document);
  else if (items.length === 0) out('Everything in the catalog that should run does.');
  else out(textTable(['state', 'entity', 'owner', 'looked for', 'why'], items.map(missingRow)));
  return exitCodes.ok;
}

function missingRow({ ref, owner, state, looked, why }: MissingEntity): string[] {
  const { clusters, ...said } = looked;
  const sought = Object.entries(said).map(([key, value]) => `${key} ${value}`);
  return [state, ref, owner ?? '-', `${sought.join(', ')} in ${clusters} clusters`, why];
}
