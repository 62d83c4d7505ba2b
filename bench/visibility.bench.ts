// What it costs a reader to see little: one who may see 1 of all entities, beside one who sees all, asking the same over
// HTTP, and following the same changes by the event stream. One server, whose policy changes sides between the rounds; the
// client runs in the same process and takes the same part of both.
import { parseArgs } from 'node:util';
import type { Predicate } from '../src/model/predicate.ts';
import type { Decision } from '../src/access/policy.ts';
import type { EntityWrite, Write } from '../src/store/store.ts';
import { startTestServer, type TestServer } from '../test/support/server.ts';
import { openSse } from '../test/support/sse.ts';
import { type Figure, given, keep, median, percentile } from './measure.ts';
import { components } from './synthetic.ts';

const { values: flags } = parseArgs({
  options: {
    entities: { type: 'string', default: '10000,100000' },
    name: { type: 'string', default: 'visibility' },
  },
});
const ROUNDS = 5;
const REQUESTS = 200;
/** Event streams that follow at once, and changes that each of them is told in a round. */
const STREAMS = 20;
const CHANGES = 40;
const only: Predicate = { op: 'field', key: 'metadata.name', values: ['component-77'] };

/** Most writes of one transaction. */
const BATCH = 2_000;

const catalog = '/api/catalog';
const works = {
  page: `${catalog}/entities/by-query?filter=kind=component,spec.type=service&limit=20&orderField=metadata.name,asc`,
  'page by title': `${catalog}/entities/by-query?filter=kind=component&limit=20&orderField=metadata.title,desc`,
  facets: `${catalog}/entity-facets?facet=metadata.tags&facet=spec.type&filter=kind=component`,
  'by name': `${catalog}/entities/by-name/component/default/component-77`,
  'text in two fields': `${catalog}/entities/by-query?limit=20&fullTextFilterTerm=77&fullTextFilterFields=metadata.name,metadata.title`,
  'page of CEL': `/api/v1/entities?where=${encodeURIComponent('spec.type == "service" && "level-1" in metadata.tags')}&limit=20`,
};

const sides: Readonly<Record<'all' | 'one', Decision>> = {
  all: { result: 'allow' },
  one: { result: 'condition', key: 'one', condition: only },
};

type Side = keyof typeof sides;

/** Times of both sides, ms, by turns, after one round that is not counted. */
async function measure(
  take: (side: Side) => Promise<readonly number[]>,
): Promise<Readonly<Record<Side, readonly number[]>>> {
  const times: Record<Side, number[]> = { all: [], one: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const side of ['all', 'one'] as const) {
      const took = await take(side);
      if (round > 0) times[side].push(...took);
    }
  }
  return times;
}

/** Ms of each of many requests. */
async function ask(server: TestServer, path: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const started = performance.now();
    const response = await server.get(path);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    times.push(performance.now() - started);
  }
  return times;
}

/** Ms from a commit of ten entities, one of which everybody may see, until the last of many streams has told of it. */
async function follow(server: TestServer, ten: readonly EntityWrite[]): Promise<readonly number[]> {
  const streams = await Promise.all(Array.from({ length: STREAMS }, () => openSse(`${server.url}/api/v1/events`)));
  const times: number[] = [];
  try {
    for (const stream of streams) await stream.next('bookmark');
    for (let change = 0; change < CHANGES; change += 1) {
      const mark = `${performance.now()}`;
      const writes = ten.map((entity): Write => {
        const body = entity.body.replace('A made-up component', `The component of ${mark}`);
        return { op: 'putEntity', entity: { ...entity, body, hash: mark } };
      });
      const started = performance.now();
      await Promise.all([server.store.commit(writes), ...streams.map((stream) => stream.next('change'))]);
      times.push(performance.now() - started);
    }
  } finally {
    for (const stream of streams) stream.close();
  }
  return times;
}

function compared(label: string, times: Readonly<Record<Side, readonly number[]>>): Figure[] {
  const slowest = percentile(times.one, 0.99) / percentile(times.all, 0.99);
  return [
    given(`${label}: sees all`, 'ms', [median(times.all)]),
    given(`${label}: sees one`, 'ms', [median(times.one)]),
    given(`${label}: one beside all`, 'x', [median(times.one) / median(times.all)]),
    given(`${label}: one beside all, p99`, 'x', [slowest]),
  ];
}

const figures: Figure[] = [];
for (const count of flags.entities.split(',').map(Number)) {
  let decision: Decision = { result: 'allow' };
  const server = await startTestServer({ policy: { decide: () => decision } });
  try {
    const writes = components(count).map((entity): Write => ({ op: 'putEntity', entity }));
    for (let at = 0; at < writes.length; at += BATCH) await server.store.commit(writes.slice(at, at + BATCH));
    await server.graph.waitFor(await server.store.revision(), { timeoutMs: 120_000 });
    const compare = async (work: string, take: () => Promise<readonly number[]>): Promise<void> => {
      const times = await measure((side) => {
        decision = sides[side];
        return take();
      });
      figures.push(...compared(`${count.toLocaleString('en')} entities, ${work}`, times));
    };
    for (const [work, path] of Object.entries(works)) await compare(work, () => ask(server, path));
    const ten = components(count).slice(70, 80);
    await compare(`${STREAMS} event streams`, () => follow(server, ten));
  } finally {
    await server.close();
  }
}
keep(flags.name, figures);
