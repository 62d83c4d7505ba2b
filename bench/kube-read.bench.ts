// What reading a cluster costs: lists in pages and the events of a watch, per second of this process's CPU, beside
// `JSON.parse` alone of the same bytes. The server is another process. Only ratios of one run are to be compared.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { Slots } from '../src/base/slots.ts';
import { listPages } from '../src/kube/list-pages.ts';
import type { ResourcePath } from '../src/kube/reflection.ts';
import { reflect } from '../src/kube/reflector.ts';
import { type ClusterTransport, openTransport } from '../src/kube/transport.ts';
import { podJson } from './kube-pods.ts';
import { type Figure, given, keep } from './measure.ts';

const { values: flags } = parseArgs({
  options: {
    pages: { type: 'string', default: '10' },
    events: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    name: { type: 'string', default: 'kube-read' },
  },
});
const [pages, events, rounds] = [Number(flags.pages), Number(flags.events), Number(flags.rounds)];
const PAGE = 500;
const pods: ResourcePath = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', isNamespaced: true };

/** CPU time of this process, s. */
async function cpuSeconds(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const program = fileURLToPath(new URL('kube-read-server.ts', import.meta.url));
const server = spawn(process.execPath, [program, String(pages), String(PAGE), String(events)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [line] = (await once(server.stdout, 'data')) as [Buffer];
const { url, authority, bytes } = JSON.parse(line.toString()) as { url: string; authority: string; bytes: number };

function open(isZipped: boolean): ClusterTransport {
  const connection = {
    name: 'bench',
    server: url,
    authority,
    isInsecure: false,
    disableCompression: false,
    credential: { type: 'none' as const },
  };
  const transport = openTransport(
    connection,
    { proof: () => Promise.resolve({}), refuse: () => false },
    { clock: systemClock },
  );
  if (!isZipped) return transport;
  return {
    cluster: transport.cluster,
    traffic: transport.traffic,
    open: (ask) => transport.open({ ...ask, headers: { 'accept-encoding': 'gzip' } }),
    request: (ask) => transport.request(ask),
    retry: (signal) => transport.retry(signal),
    onAlive: (listener) => transport.onAlive(listener),
    close: () => transport.close(),
  };
}

async function list(transport: ClusterTransport): Promise<void> {
  let count = 0;
  const { signal } = new AbortController();
  await listPages({ transport, reading: { resource: pods }, resourceVersion: '', signal }, (objects) => {
    count += objects.length;
  });
  if (count !== pages * PAGE) throw new Error(`${count} objects came`);
}

/** Watches until the bookmark that follows the last event. */
async function watch(transport: ClusterTransport): Promise<void> {
  const stop = new AbortController();
  let count = 0;
  await reflect({
    transport,
    resource: pods,
    from: '900000',
    clock: systemClock,
    slots: new Slots(1),
    signal: stop.signal,
    sink: {
      listing: () => undefined,
      page: () => undefined,
      listed: () => undefined,
      state: () => undefined,
      changed: (changes, resourceVersion) => {
        count += changes.length;
        if (resourceVersion === '999999') stop.abort();
      },
    },
  });
  if (count !== events) throw new Error(`${count} events came`);
}

const items = Array.from({ length: PAGE }, (_, at) => podJson(at, 1_000 + at));
const page = Buffer.from(`{"kind":"PodList","metadata":{},"items":[${items.join(',')}]}`);
const lines = items.map((text) => Buffer.from(`{"type":"MODIFIED","object":${text}}`));
const parseList = (): void => {
  for (let at = 0; at < pages; at += 1) JSON.parse(page.toString());
};
const parseEvents = (): void => {
  for (let at = 0; at < events; at += 1) JSON.parse((lines[at % PAGE] ?? page).toString());
};

const [plain, zipped] = [open(false), open(true)];
const times: Record<'parse' | 'list' | 'zipped' | 'parseEvents' | 'watch', number[]> = {
  parse: [],
  list: [],
  zipped: [],
  parseEvents: [],
  watch: [],
};
// The first round warms up and is not kept.
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, work] of [
    ['parse', parseList],
    ['list', () => list(plain)],
    ['zipped', () => list(zipped)],
    ['parseEvents', parseEvents],
    ['watch', () => watch(plain)],
  ] as const) {
    const seconds = await cpuSeconds(work);
    if (round > 0) times[name].push(seconds);
  }
}
await Promise.all([plain.close(), zipped.close()]);
server.stdin.end();

const over = (left: readonly number[], right: readonly number[]): number[] =>
  left.map((value, at) => value / (right[at] ?? Number.NaN));
const figures: Figure[] = [
  given(
    'list, pods a CPU second',
    'pods/s',
    times.list.map((seconds) => (pages * PAGE) / seconds),
  ),
  given(
    'list, MB a CPU second',
    'MB/s',
    times.list.map((seconds) => bytes / 1e6 / seconds),
  ),
  given('list beside JSON.parse of the same bytes', 'x', over(times.list, times.parse)),
  given(
    'list with gzip, pods a CPU second',
    'pods/s',
    times.zipped.map((seconds) => (pages * PAGE) / seconds),
  ),
  given('list with gzip beside JSON.parse', 'x', over(times.zipped, times.parse)),
  given(
    'watch, events a CPU second',
    'events/s',
    times.watch.map((seconds) => events / seconds),
  ),
  given('watch beside JSON.parse of the same lines', 'x', over(times.watch, times.parseEvents)),
];
keep(flags.name, figures);
