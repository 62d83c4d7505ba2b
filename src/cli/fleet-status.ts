import type { Cluster } from '../api/fleet.ts';
import { createEventParser } from '../api/event-parser.ts';
import { ageText } from '../base/age-text.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import { documentOf } from './fleet-answer.ts';
import { connectServer, type ServerConnection, type ServerTarget } from './server-connection.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, textTable } from './text-table.ts';

/** What `callboard fleet status` was told. */
export interface FleetStatusRequest extends ServerTarget {
  readonly output: 'table' | 'json' | 'yaml' | 'name';
  readonly watch?: boolean;
}

const RANK: Readonly<Record<Cluster['state'], number>> = { unreachable: 0, denied: 1, stale: 2, ok: 3 };

const HEAD = ['state', 'cluster', 'environment', 'region', 'version', 'behind', 'as of', 'reason'];

/** `callboard fleet status`: how each cluster is read, the worst first. */
export async function runFleetStatus(request: FleetStatusRequest, surroundings: Surroundings): Promise<ExitCode> {
  const connection = connectServer(request, surroundings);
  const clusters = await read(connection);
  const { out, err, clock } = surroundings;
  const print = (items: readonly Cluster[]): void => out(written(items, request.output, clock.now()));
  print(clusters);
  const { items: problems } = await connection.call('GET /api/v1/fleet/problems');
  for (const { origin, message } of problems) err(printable(`${origin}: ${message}`));
  if (request.watch === true) await watch(clusters, connection, surroundings, print);
  return exitCodes.ok;
}

async function read(connection: ServerConnection): Promise<readonly Cluster[]> {
  const { items } = await connection.call('GET /api/v1/fleet/clusters');
  return items.toSorted(
    (left, right) =>
      RANK[left.state] - RANK[right.state] ||
      behindOf(right).length - behindOf(left).length ||
      (left.name < right.name ? -1 : 1),
  );
}

function written(clusters: readonly Cluster[], output: FleetStatusRequest['output'], now: number): string {
  const document = documentOf({ items: clusters }, output);
  if (document !== undefined) return document;
  if (output === 'name') return clusters.map(({ name }) => name).join('\n');
  if (clusters.length === 0) return 'No cluster is connected.';
  return textTable(
    HEAD,
    clusters.map((cluster) => rowOf(cluster, now)),
  );
}

function rowOf(cluster: Cluster, now: number): readonly string[] {
  const { state, name, labels, version = '-', asOf, reason, warnings } = cluster;
  const shown = asOf === undefined ? 'never' : `${ageText(now - Date.parse(asOf))} ago`;
  return [
    state,
    name,
    labels['environment'] ?? '-',
    labels['region'] ?? '-',
    version,
    behindOf(cluster)
      .map(({ kind }) => kind)
      .join(',') || '-',
    state === 'ok' ? 'now' : shown,
    reason?.message ?? warnings[0] ?? '',
  ];
}

/** Kinds that are not as the whole: of a cluster that does not answer none is told by itself. */
function behindOf({ state, behind }: Cluster): Cluster['behind'] {
  return behind.filter((kind) => kind.state !== state);
}

/** Prints clusters again when what is printed of them is another, until the process is asked to end. */
async function watch(
  before: readonly Cluster[],
  connection: ServerConnection,
  { onEndSignal }: Surroundings,
  print: (clusters: readonly Cluster[]) => void,
): Promise<void> {
  const end = new AbortController();
  const forget = onEndSignal(() => end.abort());
  const markOf = ({ name, state, reason, version }: Cluster): string => JSON.stringify([name, state, reason, version]);
  const known = new Set(before.map(markOf));
  const parser = createEventParser();
  try {
    for await (const piece of connection.text('GET /api/v1/fleet/changes', { signal: end.signal })) {
      if (!parser.push(piece).events.some(concernsClusters)) continue;
      const other = (await read(connection)).filter((cluster) => !known.has(markOf(cluster)));
      for (const cluster of other) known.add(markOf(cluster));
      if (other.length > 0) print(other);
    }
  } catch (error) {
    if (!end.signal.aborted) throw error;
  } finally {
    forget();
  }
}

function concernsClusters({ event, data }: { readonly event: string; readonly data: string }): boolean {
  return event === 'relist' || (JSON.parse(data) as { readonly clusters?: readonly string[] }).clusters?.length !== 0;
}
