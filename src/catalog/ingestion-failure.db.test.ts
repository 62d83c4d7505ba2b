import { pino } from 'pino';
import { expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { catalogOf } from '../config/load-config.ts';
import { openGraph } from '../graph/graph.ts';
import type { DomainContext } from '../manifest/manifest.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import { createKindTable } from '../model/relations.ts';
import { openTemporaryStore } from '../store/open-store.ts';
import { ingest } from './ingestion.ts';
import type { CatalogSource, SourceEvent, SourceRoot } from './source.ts';

test('an ingestion that fails has stopped all its sources before it is started again', async () => {
  const log = pino({ level: 'silent' });
  const store = await openTemporaryStore();
  const graph = await openGraph({ store, kinds: createKindTable(builtinKinds, []), clock: systemClock, log });
  const context: DomainContext = {
    graph,
    store,
    clock: systemClock,
    log,
    write: async (batch) => {
      if (batch.some(({ op }) => op === 'putProblem')) throw new Error('the database is away');
      const result = await store.commit(batch);
      await graph.waitFor(result.revision);
      return result;
    },
  };
  let reading = 0;
  const body = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'cue',
      namespace: 'default',
      annotations: { 'backstage.io/managed-by-location': 'file:/srv/stage' },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'group:default/none' },
  };
  const open = (root: SourceRoot): CatalogSource => ({
    id: root.location,
    root,
    refresh: () => undefined,
    async *read({ clock }, signal): AsyncGenerator<readonly SourceEvent[]> {
      reading += 1;
      try {
        const entities = [{ ref: 'component:default/cue', body: JSON.stringify(body), hash: '1', line: 1 }];
        const { location, parentEntity } = root;
        const said = { location, parentEntity, fingerprint: '1', entities, findings: [], invalidRefs: [] };
        yield [
          { type: 'read', reading: { ...said, hasUnreadable: false } },
          { type: 'synced', ignored: 0 },
        ];
        await clock.sleep(3_600_000, signal);
      } finally {
        reading -= 1;
      }
    },
  });
  const abort = new AbortController();
  const settings = catalogOf([{ type: 'file', target: '/srv/stage', origin: 'test' }]);
  const failed = await ingest({ settings, kinds: builtinKinds, open }, context, abort.signal).catch(String);
  expect(failed).toContain('the database is away');
  expect(reading).toBe(0);
  abort.abort();
  await graph.close();
  await store.close();
});
