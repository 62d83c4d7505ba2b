// What it costs a reader to see little: one who may see 1 of all entities, beside one who sees all, asking the same over
// HTTP. One server, whose policy changes sides between the rounds; the client runs in the same process and takes the
// same part of both.
import { parseArgs } from 'node:util';
import type { Predicate } from '../src/model/predicate.ts';
import type { Decision } from '../src/access/policy.ts';
import type { Write } from '../src/store/store.ts';
import { startTestServer } from '../test/support/server.ts';
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

/** Times of requests, ms, after one round that is not counted. */
async function measure(ask: (side: Side) => Promise<number>): Promise<Readonly<Record<Side, readonly number[]>>> {
  const times: Record<Side, number[]> = { all: [], one: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const side of ['all', 'one'] as const) {
      for (let request = 0; request < REQUESTS; request += 1) {
        const took = await ask(side);
        if (round > 0) times[side].push(took);
      }
    }
  }
  return times;
}

const figures: Figure[] = [];
for (const count of flags.entities.split(',').map(Number)) {
  let decision: Decision = { result: 'allow' };
  const server = await startTestServer({ policy: { decide: () => decision } });
  try {
    const writes = components(count).map((entity): Write => ({ op: 'putEntity', entity }));
    for (let at = 0; at < writes.length; at += BATCH) await server.store.commit(writes.slice(at, at + BATCH));
    await server.graph.waitFor(await server.store.revision(), { timeoutMs: 120_000 });
    for (const [name, path] of Object.entries(works)) {
      const times = await measure(async (side) => {
        decision = sides[side];
        const started = performance.now();
        const response = await server.get(path);
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        return performance.now() - started;
      });
      const label = `${count.toLocaleString('en')} entities, ${name}`;
      figures.push(given(`${label}: sees all`, 'ms', [median(times.all)]));
      figures.push(given(`${label}: sees one`, 'ms', [median(times.one)]));
      figures.push(given(`${label}: one beside all`, 'x', [median(times.one) / median(times.all)]));
      const slowest = percentile(times.one, 0.99) / percentile(times.all, 0.99);
      figures.push(given(`${label}: one beside all, p99`, 'x', [slowest]));
    }
  } finally {
    await server.close();
  }
}
keep(flags.name, figures);
