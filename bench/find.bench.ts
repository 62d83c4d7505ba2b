// What finding by what people type costs: collecting the texts, one search of each kind, and a search after changes.
// The names are alike on purpose: `component-<number>`, so that the first letters of one are those of all.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { type Graph, openGraph } from '../src/graph/graph.ts';
import type { View, Visibility } from '../src/graph/view.ts';
import { builtinKinds } from '../src/model/builtin-kinds.ts';
import { createKindTable } from '../src/model/relations.ts';
import { MemoryStore } from '../test/support/memory-store.ts';
import { type Figure, given, keep, percentile } from './measure.ts';
import { components } from './synthetic.ts';

const { values: flags } = parseArgs({
  options: { entities: { type: 'string', default: '50000' }, name: { type: 'string', default: 'find' } },
});
const kinds = createKindTable(builtinKinds);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const figures: Figure[] = [];
const everybody: Visibility = {
  kind: 'all',
  key: 'all',
  principal: { ref: 'user:default/one', claims: new Set(['user:default/one', 'group:default/team-7']) },
};
const LIMIT = 24;
const ROUNDS = 20;

/** By what it takes: letters that all begin with, that none begins with, texts, typing errors, several words. */
const questions: Readonly<Record<string, readonly string[]>> = {
  'one letter': ['c', 'n', '7', 'e', 'z'],
  'two letters': ['co', 'on', '77', 'nt', 'zz'],
  'three letters': ['com', 'num', '777', 'one', 'zzz'],
  'a word of every description': ['measured', 'work', 'others'],
  'a typing error': ['compnoent-777', 'numbre', 'cmoponent', 'zzzz'],
  'several words': ['component number 77', 'comp 4 2', 'made up work 9', 'a b c d e f g h'],
};

/** CPU time of this process, ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measureSearches(label: string, view: View): Promise<void> {
  for (const [name, texts] of Object.entries(questions)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const text of texts) {
        const started = cpuMs();
        await view.search({ text, limit: LIMIT });
        times.push(cpuMs() - started);
      }
    }
    const warm = times.slice(texts.length * 2);
    figures.push(given(`${label}: ${name}`, 'ms of CPU', warm));
    figures.push(given(`${label}: ${name}, 95 of 100`, 'ms of CPU', [percentile(warm, 0.95)]));
  }
}

/** The first search, which collects the texts, and how long it holds the event loop. */
async function measureFirst(label: string, graph: Graph): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  globalThis.gc?.();
  const before = process.memoryUsage();
  delay.enable();
  const started = cpuMs();
  await graph.view(everybody).search({ text: 'com', limit: LIMIT });
  figures.push(given(`${label}: the first search`, 'ms of CPU', [cpuMs() - started]));
  delay.disable();
  figures.push(given(`${label}: longest turn of the event loop for it`, 'ms', [delay.max / 1e6]));
  globalThis.gc?.();
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  figures.push(given(`${label}: memory of the texts`, 'MiB', [grown / 2 ** 20]));
}

for (const count of flags.entities.split(',').map(Number)) {
  const label = `${count.toLocaleString('en')} entities`;
  const store = new MemoryStore();
  await store.commit(components(count).map((entity) => ({ op: 'putEntity' as const, entity })));
  const graph = await openGraph({ store, kinds, clock: systemClock, log: quiet, checkMs: 0 });
  await measureFirst(label, graph);
  await measureSearches(label, graph.view(everybody));
  const changed = components(count, 43).slice(0, Math.floor(count / 40));
  const { revision } = await store.commit(changed.map((entity) => ({ op: 'putEntity' as const, entity })));
  await graph.waitFor(revision, { timeoutMs: 60_000 });
  await measureSearches(`${label}, a fortieth changed`, graph.view(everybody));
  await graph.close();
}
keep(flags.name, figures);
