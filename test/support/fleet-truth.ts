import { type ClientHttp2Session, connect } from 'node:http2';
import type { DemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { systemClock } from '../../src/base/clock.ts';
import { reduceObject } from '../../src/fleet/reduce/reduce.ts';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import type { KubeObject } from '../../src/kube/reflection.ts';
import { type Column, commonColumns, type LiveRecord } from '../../src/live/column.ts';
import { columnsOf, liveKinds } from '../../src/live/kind-table.ts';
import type { LiveKind } from '../../src/live/live-kind.ts';
import type { LiveReader } from '../../src/live/live-reader.ts';

/** A cluster as a client that knows nothing of Callboard asks it. */
export interface TruthCluster {
  readonly name: string;
  readonly url: string;
  /** PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** An item of the answer `objects`, as far as it is compared. */
export interface ShownObject {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Shown clusters, as far as tests look at them. */
export interface ShownCluster {
  readonly name: string;
  readonly state: 'ok' | 'denied' | 'unreachable' | 'stale';
  readonly reason?: { readonly code: string; readonly message: string };
  readonly asOf?: string;
  readonly version?: string;
  readonly objects: number;
  readonly pods: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly behind: readonly { readonly kind: string; readonly state: string }[];
}

/** The clusters of a demo fleet for `fleetDifferences`, asked by an administrator. */
export async function truthOf(fleet: DemoFleet): Promise<readonly TruthCluster[]> {
  const { certificate, key } = await fleet.issue('truth', ['system:masters']);
  return fleet.servers.map(({ cluster, url, authority }) => ({
    name: cluster.name,
    url,
    authority,
    certificate,
    key,
  }));
}

/** How Callboard reaches a cluster of a demo fleet. */
export function connectionTo({ name, url, authority, certificate, key }: TruthCluster): ClusterConnection {
  return {
    name,
    server: url,
    authority,
    isInsecure: false,
    disableCompression: false,
    credential: { type: 'certificate', certificate, key },
  };
}

/** What a fleet is asked with here: in process, or over HTTP. */
export type LiveAnswers = Pick<LiveReader, 'clusters' | 'objects'>;

/** All clusters as they are shown, by name. */
export async function shownClusters(live: LiveAnswers): Promise<ReadonlyMap<string, ShownCluster>> {
  const { items } = decoded<{ readonly items: readonly ShownCluster[] }>(await live.clusters('all'));
  return new Map(items.map((item) => [item.name, item]));
}

/** All objects that are shown of a cluster and kind, page by page. */
export async function shownObjects(live: LiveAnswers, cluster: string, kind: string): Promise<readonly ShownObject[]> {
  const shown: ShownObject[] = [];
  let cursor: string | undefined;
  do {
    const query = { clusters: [cluster], kinds: [kind], limit: 1_000, cursor, templates: true };
    const page = decoded<{ items: ShownObject[]; nextCursor?: string }>(await live.objects(query, 'all'));
    shown.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return shown;
}

/**
 * What is shown and is not so, or is so and is not shown: every kind of every cluster is listed by a client of its own and
 * compared object by object and cell by cell.
 */
export async function fleetDifferences(
  live: LiveAnswers,
  clusters: readonly TruthCluster[],
  kinds: readonly LiveKind[] = liveKinds,
): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const cluster of clusters) {
    const { url, authority, certificate, key } = cluster;
    const session = connect(url, { ca: authority, cert: certificate, key });
    // A request of a session that fails says so itself.
    session.on('error', () => session.destroy());
    try {
      for (const kind of kinds) differences.push(...(await kindDifferences(live, cluster.name, kind, session)));
    } finally {
      session.close();
    }
  }
  return differences;
}

async function kindDifferences(
  live: LiveAnswers,
  cluster: string,
  kind: LiveKind,
  session: ClientHttp2Session,
): Promise<readonly string[]> {
  const differences: string[] = [];
  const truth = new Map<string, string>();
  for (const object of await listed(session, kind)) {
    truth.set(placeOf(object.metadata), JSON.stringify(expectedFields(kind, reduceObject(kind, object))));
  }
  for (const shown of await shownObjects(live, cluster, kind.id)) {
    const place = placeOf(shown);
    const said = JSON.stringify({ uid: shown.uid, labels: shown.labels, ...shown.fields });
    const expected = truth.get(place);
    truth.delete(place);
    if (expected === undefined) differences.push(`${cluster} ${kind.id} ${place}: shown, and is not there`);
    else if (said !== expected) differences.push(`${cluster} ${kind.id} ${place}: ${said} is ${expected}`);
  }
  for (const place of truth.keys()) differences.push(`${cluster} ${kind.id} ${place}: not shown`);
  return differences;
}

/** Waits until everything that is shown is so; fails with what differs. */
export async function untilTrue(
  live: LiveAnswers,
  clusters: readonly TruthCluster[],
  options: { readonly kinds?: readonly LiveKind[]; readonly withinMs?: number } = {},
): Promise<void> {
  const end = systemClock.monotonic() + (options.withinMs ?? 20_000);
  for (;;) {
    const differences = await fleetDifferences(live, clusters, options.kinds);
    if (differences.length === 0) return;
    if (systemClock.monotonic() > end) {
      throw new Error(`${differences.length} differ: ${differences.slice(0, 5).join('; ').slice(0, 3_000)}`);
    }
    await systemClock.sleep(100);
  }
}

/** Waits until the shown clusters are as a test wants them; fails with how they are. */
export async function untilClusters(
  live: LiveAnswers,
  holds: (clusters: ReadonlyMap<string, ShownCluster>) => boolean,
  withinMs = 20_000,
): Promise<ReadonlyMap<string, ShownCluster>> {
  const end = systemClock.monotonic() + withinMs;
  for (;;) {
    const isLate = systemClock.monotonic() > end;
    const clusters = await shownClusters(live).catch((error: unknown) => {
      // A fleet whose thread starts answers a little later.
      if (isLate) throw error;
      return undefined;
    });
    if (clusters && holds(clusters)) return clusters;
    if (clusters && isLate) {
      const said = [...clusters.values()].map(({ name, state, reason, behind }) => {
        return `${name} ${state} ${reason?.code ?? ''} ${behind.map((kind) => `${kind.kind}:${kind.state}`).join(' ')}`;
      });
      throw new Error(`waited in vain; clusters: ${said.join('; ')}`);
    }
    await systemClock.sleep(50);
  }
}

/** The JSON of an answer. */
export function decoded<Answer>(bytes: Uint8Array): Answer {
  return JSON.parse(new TextDecoder().decode(bytes)) as Answer;
}

function placeOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace ?? ''}/${name}`;
}

/** A record as it is to be shown, in the order of its columns. */
function expectedFields(kind: LiveKind, record: LiveRecord): Record<string, unknown> {
  const cell = (column: Column, at: number): unknown => shownCell(column, record[at]);
  const all = Object.fromEntries(columnsOf(kind).map((column, at) => [column.name, cell(column, at)]));
  const fields = columnsOf(kind).slice(commonColumns.length);
  return {
    uid: all['uid'],
    labels: all['labels'] ?? {},
    ...Object.fromEntries(fields.map(({ name }) => [name, all[name]] as const)),
  };
}

function shownCell({ type, form }: Column, cell: LiveRecord[number]): unknown {
  if (cell === undefined) return undefined;
  if (type === 'time') return new Date(Number(cell) * 1000).toISOString();
  if (form === 'truth') return cell !== 0;
  if (form === 'json') return JSON.parse(String(cell)) as unknown;
  const lines = cell === '' ? [] : String(cell).split('\n');
  if (form === 'lines') return lines;
  if (form === 'pairs') return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  return cell;
}

/** All objects of a kind, in one list without pages; none where the cluster does not have the kind. */
async function listed(session: ClientHttp2Session, kind: LiveKind): Promise<readonly KubeObject[]> {
  for (const version of kind.versions) {
    const base = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
    const query = kind.fieldSelector === undefined ? '' : `?fieldSelector=${encodeURIComponent(kind.fieldSelector)}`;
    const { status, body } = await ask(session, `${base}/${kind.plural}${query}`);
    if (status === 200) return (JSON.parse(body) as { readonly items: readonly KubeObject[] }).items;
    if (status !== 404) throw new Error(`A list of ${kind.plural} is answered by ${status}: ${body}`);
  }
  return [];
}

function ask(session: ClientHttp2Session, path: string): Promise<{ readonly status: number; readonly body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly body: string }>();
  const stream = session.request({ ':path': path, accept: 'application/json' });
  const parts: Buffer[] = [];
  let status = 0;
  stream.on('response', (headers) => (status = Number(headers[':status'])));
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('error', reject);
  stream.on('end', () => resolve({ status, body: Buffer.concat(parts).toString() }));
  return promise;
}
