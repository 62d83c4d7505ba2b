import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openGraph } from '../../src/graph/graph.ts';
import type { Visibility } from '../../src/graph/view.ts';
import { builtinKinds } from '../../src/model/builtin-kinds.ts';
import { createKindTable } from '../../src/model/relations.ts';
import { openTemporaryStore } from '../../src/store/open-store.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { putEntity } from '../support/writes.ts';

const ENTITIES = 1_000;
/** An hour in seconds: one round of updates each. */
const ROUNDS = 3_600;

const everybody: Visibility = {
  kind: 'all',
  key: 'all',
  principal: { ref: 'user:default/guest', claims: new Set<string>() },
};

test('an hour of a thousand volatile updates a second adds nothing to the log, nor to the index', async () => {
  const store = await openTemporaryStore();
  const log = createLog({ level: 'fatal', format: 'json' });
  const kinds = createKindTable(builtinKinds);
  const graph = await openGraph({ store, kinds, clock: systemClock, log });
  try {
    const { revision } = await store.commit(Array.from({ length: ENTITIES }, (_, index) => putEntity(`c${index}`)));
    await graph.waitFor(revision);
    const digest = await store.digest();
    const terms: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const facts = Array.from({ length: ENTITIES }, (_, index) => ({
        entityRef: `component:default/c${index}`,
        path: 'replicas.ready',
        value: (round * 7 + index) % 50,
      }));
      graph.setVolatileFacts('live', 'cluster', { expiresAt: systemClock.now() + 60_000 }, facts);
      if (round % 100 === 0) {
        await setImmediate();
        terms.push(graph.stats().terms);
      }
    }
    expect(new Set(terms).size, 'values that nobody has any more are forgotten').toBe(1);
    const view = graph.view(everybody);
    const last = (ROUNDS * 7) % 50;
    const where = { op: 'field', key: 'facts.live.replicas.ready', values: [String(last)] } as const;
    expect(view.list({ where, limit: 0 }).total).toBe(ENTITIES / 50);
    expect(await store.revision()).toBe(revision);
    expect(await store.readLog(revision, 10)).toEqual([]);
    expect(await store.digest()).toEqual(digest);
  } finally {
    await graph.close();
    await store.close();
  }
}, 240_000);
