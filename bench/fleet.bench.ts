// A Callboard that reads 150 clusters with 270,000 pods: from an empty folder and with snapshots, while 1,000 and 5,000 changes
// a second happen, with clusters that are dead or say nothing, and when all API servers start anew; beside JSON.parse of the
// same bytes and beside Backstage. The clusters run in a process of their own on the same machine, see README.md.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { planFleet } from '../demo/fleet/big-plan.ts';
import { Backstage, hasBackstage } from './fleet/backstage.ts';
import { BigFleet } from './fleet/big-fleet.ts';
import { FleetServer, isRead } from './fleet/fleet-server.ts';
import { Asking, type Latencies, questionNames } from './fleet/questions.ts';
import { pound } from './fleet/pounding.ts';
import { ToldChanges } from './fleet/told-changes.ts';
import { type Figure, given, keep, percentile } from './measure.ts';
import { startedProgram } from './served.ts';

const parts = ['parse', 'quiet', 'load', 'service', 'restart', 'servers', 'backstage', 'faults'] as const;
type Part = (typeof parts)[number];

const { values: flags } = parseArgs({
  options: {
    clusters: { type: 'string', default: '150' },
    services: { type: 'string', default: '5000' },
    pods: { type: 'string', default: '270000' },
    /** Changes a second, one round each. */
    events: { type: 'string', default: '1000,5000' },
    /** How long each round of changes takes, seconds. */
    seconds: { type: 'string', default: '60' },
    parts: { type: 'string', default: parts.join(',') },
    /** Folder with the packages of Backstage. */
    peers: { type: 'string', default: fileURLToPath(new URL('peers', import.meta.url)) },
    name: { type: 'string', default: 'fleet' },
    /** The program as it stands in `src`, not as it is built. */
    source: { type: 'boolean', default: false },
  },
});
const size = { clusters: Number(flags.clusters), services: Number(flags.services), pods: Number(flags.pods) };
const FEW_CLUSTERS = 12;
const services = allServices();
const service = commonService();
const wanted = new Set(flags.parts.split(','));
const figures: Figure[] = [];
const REQUESTS_PER_SECOND = 50;
const QUIET_SECONDS = 15;
const SERVICE = { connections: 16, changes: 1_000, perSecond: 200 };
const LONGEST_MS = 300_000;
const MIB = 2 ** 20;

/** Names of all services, in order. */
function allServices(): readonly string[] {
  const found = planFleet(size).clusters.flatMap(({ workloads }) => workloads.map(({ name }) => name));
  return [...new Set(found)].sort();
}

/** The service that runs in most of the first clusters. */
function commonService(): string {
  const places = new Map<string, number>();
  for (const { workloads } of planFleet(size).clusters.slice(0, FEW_CLUSTERS)) {
    for (const { kind, name } of workloads) if (kind === 'Deployment') places.set(name, (places.get(name) ?? 0) + 1);
  }
  const [found] = [...places].sort(([, left], [, right]) => right - left);
  if (found === undefined) throw new Error('No service runs in the first clusters');
  return found[0];
}

const note = (name: string, unit: string, value: number): void => {
  figures.push(given(name, unit, [value]));
};

function noteLatencies(of: string, { all, failed }: Latencies): void {
  note(`${of}: API, half within`, 'ms', percentile(all, 0.5));
  note(`${of}: API, 99 of 100 within`, 'ms', percentile(all, 0.99));
  if (failed > 0) note(`${of}: API, requests that failed`, 'requests', failed);
}

/** What a part of a run cost the server. */
function meter(server: FleetServer): () => { readonly seconds: number; readonly cpuMs: number; readonly told: string } {
  const [began, cpu, threads] = [performance.now(), server.served.cpuMs, server.threads()];
  return () => {
    const now = server.threads();
    const used = Object.entries(now).map(([name, ms]) => [name, ms - (threads[name] ?? 0)] as const);
    const most = used.sort(([, left], [, right]) => right - left).slice(0, 5);
    return {
      seconds: (performance.now() - began) / 1_000,
      cpuMs: server.served.cpuMs - cpu,
      told: most.map(([name, ms]) => `${name} ${(ms / 1_000).toFixed(1)} s`).join(', '),
    };
  };
}

/** JSON.parse alone of everything that is read, in one thread. */
async function parseAlone(fleet: BigFleet): Promise<void> {
  const script = fileURLToPath(new URL('fleet/parse-limit.ts', import.meta.url));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script, fleet.kubeconfig]);
  const { bytes, objects, cpuMs } = JSON.parse(stdout) as Record<'bytes' | 'objects' | 'cpuMs', number>;
  note('objects that are read', 'objects', objects);
  note('bytes that are read, as JSON', 'MiB', bytes / MIB);
  note('JSON.parse of these bytes alone, one thread: CPU time', 's', cpuMs / 1_000);
}

/** From an empty folder until 95 of 100 clusters are read whole, while questions are asked. */
async function coldStart(program: readonly string[], folder: string, fleet: BigFleet): Promise<FleetServer> {
  const lists = (await fleet.numbers()).lists;
  const server = new FleetServer(program, folder, fleet.kubeconfig, services);
  await server.until((clusters) => clusters.length > 0, LONGEST_MS);
  const asking = new Asking(server.served.url, service, REQUESTS_PER_SECOND);
  const most = await server.until(isRead(0.95, size.clusters), LONGEST_MS);
  note('cold start: until 95 of 100 clusters are read', 's', most / 1_000);
  note('cold start: CPU time until then, all threads', 's', server.served.cpuMs / 1_000);
  await server.until(isRead(1, size.clusters), LONGEST_MS);
  const total = server.served.cpuMs / 1_000;
  noteLatencies('cold start', await asking.stop());
  note('cold start: CPU time until all are read, all threads', 's', total);
  const read = (await server.clusters()).reduce((sum, { objects }) => sum + objects, 0);
  note('cold start: objects that are held', 'objects', read);
  note('cold start: requests that list', 'requests', (await fleet.numbers()).lists - lists);
  console.log(
    `  ${Object.entries(server.threads())
      .filter(([, ms]) => ms > 500)
      .map(([name, ms]) => `${name} ${ms / 1_000} s`)
      .join(', ')}`,
  );
  await sleep(QUIET_SECONDS * 1_000);
  note(`resident ${QUIET_SECONDS} s after a cold start`, 'MiB', server.served.residentMiB);
  note('resident at most meanwhile', 'MiB', server.served.peakMiB);
  return server;
}

/** Questions while nothing happens. */
async function quiet(server: FleetServer): Promise<void> {
  const idle = meter(server);
  await sleep(QUIET_SECONDS * 1_000);
  const used = idle();
  note('nothing happens: CPU of one core', '%', used.cpuMs / used.seconds / 10);
  const asking = new Asking(server.served.url, service, REQUESTS_PER_SECOND);
  await sleep(QUIET_SECONDS * 1_000);
  const latencies = await asking.stop();
  noteLatencies('nothing happens', latencies);
  for (const name of questionNames) {
    note(`nothing happens: ${name}, half within`, 'ms', percentile(latencies.byQuestion[name], 0.5));
    note(`nothing happens: ${name}, 99 of 100 within`, 'ms', percentile(latencies.byQuestion[name], 0.99));
  }
}

/** Changes for a while: how soon they show, and what that costs. */
async function underLoad(server: FleetServer, fleet: BigFleet, perSecond: number): Promise<void> {
  const of = `${perSecond} changes a second`;
  const before = { ...(await fleet.numbers()), sample: (await fleet.samples(0)).at(-1)?.number ?? 0 };
  const told = await ToldChanges.open(server.served.url);
  const asking = new Asking(server.served.url, service, REQUESTS_PER_SECOND);
  const measured = meter(server);
  await fleet.load(perSecond);
  await sleep(Number(flags.seconds) * 1_000);
  const numbers = await fleet.numbers();
  const used = measured();
  await fleet.load(0);
  noteLatencies(of, await asking.stop());
  await sleep(3_000);
  const samples = await fleet.samples(before.sample);
  const delays = told.delays(samples);
  told.close();
  note(`${of}: changes a second that were sent`, 'changes/s', (numbers.events - before.events) / used.seconds);
  note(`${of}: from the API server to the stream, half within`, 'ms', percentile(delays, 0.5));
  note(`${of}: from the API server to the stream, 99 of 100 within`, 'ms', percentile(delays, 0.99));
  note(`${of}: samples that were never told of, of ${samples.length}`, 'samples', samples.length - delays.length);
  if (told.relists > 0) note(`${of}: times that the stream said to read all again`, 'times', told.relists);
  note(`${of}: CPU of one core, all threads`, '%', used.cpuMs / used.seconds / 10);
  note(`${of}: resident`, 'MiB', server.served.residentMiB);
  console.log(`  ${used.told}`);
  await checkSamples(server, fleet, before.sample, of);
}

/** Verdicts and pages of services while changes happen: as fast as they are answered, and at a rate that leaves the cores some time. */
async function servicePages(server: FleetServer, fleet: BigFleet): Promise<void> {
  await fleet.load(SERVICE.changes);
  for (const what of ['verdict', 'running'] as const) {
    const urlOf = (count: number): string => {
      const name = services[(count * 37) % services.length] ?? service;
      return `${server.served.url}/api/v1/entities/component/default/${name}/${what}`;
    };
    await pound(SERVICE.connections, 2, urlOf);
    const { took, failed, perSecond } = await pound(SERVICE.connections, QUIET_SECONDS, urlOf);
    const of = `${SERVICE.connections} connections, ${SERVICE.changes} changes a second: ${what} of a service`;
    note(`${of}, half within`, 'ms', percentile(took, 0.5));
    note(`${of}, 99 of 100 within`, 'ms', percentile(took, 0.99));
    note(`${of}, answers`, 'answers/s', perSecond);
    const { connections, perSecond: rate } = SERVICE;
    const paced = await pound(connections, QUIET_SECONDS, urlOf, rate);
    note(`${of}, ${rate} a second: half within`, 'ms', percentile(paced.took, 0.5));
    note(`${of}, ${rate} a second: 99 of 100 within`, 'ms', percentile(paced.took, 0.99));
    if (failed + paced.failed > 0) note(`${of}, requests that failed`, 'requests', failed + paced.failed);
  }
  await fleet.load(0);
}

/** Asks for the last samples by name: their restarts must be what was sent. */
async function checkSamples(server: FleetServer, fleet: BigFleet, after: number, of: string): Promise<void> {
  let wrong = 0;
  const newest = (await fleet.samples(after)).slice(-200);
  for (const { cluster, namespace, name, restarts } of newest) {
    const query = new URLSearchParams({ kind: 'Pod', cluster, namespace, name });
    const page = (await server.served.read(`/api/v1/fleet/objects?${query}`)) as
      | { readonly items: readonly { readonly fields: { readonly restarts?: number } }[] }
      | undefined;
    // One that was replaced since is not there any more.
    const shown = page?.items[0]?.fields.restarts;
    if (shown !== undefined && shown < restarts) wrong += 1;
  }
  note(`${of}: answers that show an older state afterwards, of ${newest.length}`, 'answers', wrong);
}

/** Ends the server and starts it again over what it kept. */
async function restart(
  program: readonly string[],
  folder: string,
  fleet: BigFleet,
  server: FleetServer,
): Promise<FleetServer> {
  const held = (await server.clusters()).reduce((sum, { objects }) => sum + objects, 0);
  const ending = performance.now();
  await server.close();
  note('restart: until it had ended', 's', (performance.now() - ending) / 1_000);
  const lists = (await fleet.numbers()).lists;
  const again = new FleetServer(program, folder, fleet.kubeconfig, services);
  const shown = await again.until(
    (clusters) => clusters.reduce((sum, { objects }) => sum + objects, 0) >= held * 0.99,
    LONGEST_MS,
  );
  note('restart: until everything is shown as of then', 's', shown / 1_000);
  const live = await again.until(isRead(0.95, size.clusters), LONGEST_MS);
  note('restart: until 95 of 100 clusters are as of now', 's', live / 1_000);
  await again.until(isRead(1, size.clusters), LONGEST_MS);
  note('restart: CPU time until all are, all threads', 's', again.served.cpuMs / 1_000);
  note('restart: requests that list', 'requests', (await fleet.numbers()).lists - lists);
  return again;
}

/** All API servers cut their connections at once and answer again. */
async function serversRestart(server: FleetServer, fleet: BigFleet): Promise<void> {
  const before = await fleet.numbers();
  const measured = meter(server);
  await fleet.fault('up', 0, size.clusters);
  const cut = server.served.elapsedMs;
  await sleep(1_000);
  const back = await server.until(isRead(1, size.clusters), LONGEST_MS);
  await sleep(20_000);
  const after = await fleet.numbers();
  note('API servers start anew: until all are read again', 's', Math.max(0, back - cut) / 1_000);
  note('API servers start anew: requests that list in 20 s', 'requests', after.lists - before.lists);
  note('API servers start anew: watches', 'requests', after.watches - before.watches);
  note('API servers start anew: CPU time', 's', measured().cpuMs / 1_000);
}

/** What the page of one entity asks of the clusters, of Backstage and of Callboard, with few clusters and with all. */
async function besideBackstage(server: FleetServer, fleet: BigFleet, folder: string): Promise<void> {
  if (!hasBackstage(flags.peers)) throw new Error(`Backstage is not installed in ${flags.peers}; see README.md`);
  for (const clusters of [Math.min(FEW_CLUSTERS, size.clusters), size.clusters]) {
    const options = { peers: flags.peers, folder, kubeconfig: fleet.kubeconfig, clusters, entity: service };
    const backstage = await Backstage.start(options);
    try {
      await onePage(`page of an entity, ${clusters} clusters: Backstage`, fleet, backstage, () => backstage.page());
    } finally {
      await backstage.close();
    }
    const names = planFleet(size).clusters.slice(0, clusters);
    const chosen = clusters === size.clusters ? '' : names.map(({ name }) => `&cluster=${name}`).join('');
    const label = encodeURIComponent(`backstage.io/kubernetes-id=${service}`);
    const url = `${server.served.url}/api/v1/fleet/objects?labelSelector=${label}&limit=1000${chosen}`;
    await onePage(`page of an entity, ${clusters} clusters: Callboard`, fleet, server.served, async () => {
      const reply = await fetch(url);
      if (!reply.ok) throw new Error(`Callboard answers ${reply.status}`);
      return (await reply.arrayBuffer()).byteLength;
    });
    // Which clusters are asked it knows itself: with all of them the question is the same as Backstage's.
    if (clusters < size.clusters) continue;
    const of = `page of an entity, ${clusters} clusters: Callboard, as Backstage’s page asks it`;
    await onePage(of, fleet, server.served, () => compatiblePage(server.served.url));
  }
}

/** The whole objects of the entity, with what its pods use. @returns the size of the answer, bytes */
async function compatiblePage(url: string): Promise<number> {
  const reply = await fetch(`${url}/api/kubernetes/services/${service}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ entity: { kind: 'Component', metadata: { name: service } }, auth: {} }),
  });
  if (!reply.ok) throw new Error(`Callboard answers ${reply.status} ${await reply.text()}`);
  return (await reply.arrayBuffer()).byteLength;
}

const PAGES = 5;

/** Asks for a page some times, one after the other. */
async function onePage(
  of: string,
  fleet: BigFleet,
  who: { readonly cpuMs: number },
  page: () => Promise<number>,
): Promise<void> {
  await page();
  const before = await fleet.numbers();
  const cpu = who.cpuMs;
  const times: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < PAGES; turn += 1) {
    const asked = performance.now();
    bytes = await page();
    times.push(performance.now() - asked);
  }
  const after = await fleet.numbers();
  figures.push(given(`${of}, time`, 'ms', times));
  note(`${of}, requests to clusters`, 'requests', (after.lists - before.lists) / PAGES);
  note(`${of}, bytes from clusters`, 'KiB', (after.sentBytes - before.sentBytes) / PAGES / 1_024);
  note(`${of}, bytes of the answer`, 'KiB', bytes / 1_024);
  note(`${of}, CPU time`, 'ms', (who.cpuMs - cpu) / PAGES);
  note(`${of}, CPU time of the clusters`, 'ms', (after.cpuMs - before.cpuMs) / PAGES);
}

/** A cold start while some clusters refuse connections and some take them and say nothing. */
async function withFaults(program: readonly string[], folder: string, fleet: BigFleet): Promise<void> {
  const each = Math.max(1, Math.round(size.clusters / 30));
  const of = `${each} of ${size.clusters} clusters dead, ${each} hanging`;
  await fleet.fault('down', 0, each);
  await fleet.fault('hang', each, each);
  const server = new FleetServer(program, folder, fleet.kubeconfig, services);
  try {
    await server.until((clusters) => clusters.length > 0, LONGEST_MS);
    const asking = new Asking(server.served.url, service, REQUESTS_PER_SECOND);
    const healthy = size.clusters - 2 * each;
    const most = await server.until(isRead(0.95, healthy), LONGEST_MS);
    note(`${of}: cold start, until 95 of 100 of the others are read`, 's', most / 1_000);
    note(`${of}: CPU time until then`, 's', server.served.cpuMs / 1_000);
    noteLatencies(of, await asking.stop());
    await server.until(isRead(1, healthy), LONGEST_MS);
    await underLoadOf(server, fleet, of);
    const states = (await server.clusters()).filter(({ state }) => state === 'unreachable').length;
    note(`${of}: clusters that are called unreachable`, 'clusters', states);
    await fleet.fault('up', 0, 2 * each);
    const healed = server.served.elapsedMs;
    const back = await server.until(isRead(1, size.clusters), LONGEST_MS);
    note(`${of}: from their answering again until all are read`, 's', (back - healed) / 1_000);
  } finally {
    await server.close();
  }
}

/** Questions for a while; changes would only reach those that live. */
async function underLoadOf(server: FleetServer, fleet: BigFleet, of: string): Promise<void> {
  await fleet.load(1_000);
  const measured = meter(server);
  const asking = new Asking(server.served.url, service, REQUESTS_PER_SECOND);
  await sleep(QUIET_SECONDS * 1_000);
  noteLatencies(`${of}, 1,000 changes a second`, await asking.stop());
  const used = measured();
  await fleet.load(0);
  note(`${of}, 1,000 changes a second: CPU of one core`, '%', used.cpuMs / used.seconds / 10);
}

async function run(folder: string): Promise<void> {
  const has = (part: Part): boolean => wanted.has(part);
  const program = flags.source ? sourceProgram() : await startedProgram();
  const fleet = await BigFleet.start(join(folder, 'clusters'), size);
  let server: FleetServer | undefined;
  try {
    if (has('parse')) await parseAlone(fleet);
    server = await coldStart(program, join(folder, 'one'), fleet);
    if (has('quiet')) await quiet(server);
    if (has('load')) for (const events of flags.events.split(',')) await underLoad(server, fleet, Number(events));
    if (has('service')) await servicePages(server, fleet);
    if (has('restart')) server = await restart(program, join(folder, 'one'), fleet, server);
    if (has('servers')) await serversRestart(server, fleet);
    if (has('backstage')) await besideBackstage(server, fleet, join(folder, 'backstage'));
    await server.close();
    if (has('faults')) await withFaults(program, join(folder, 'two'), fleet);
    const { residentBytes } = await fleet.numbers();
    note('the clusters themselves: resident', 'MiB', residentBytes / MIB);
  } finally {
    await server?.close();
    await fleet.close();
  }
}

function sourceProgram(): readonly string[] {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  return ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--v8-pool-size=2', main];
}

const folder = mkdtempSync(join(tmpdir(), 'callboard-fleet-bench-'));
try {
  await run(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
keep(flags.name, figures);
