import type { Collector } from '../manifest/manifest.ts';

/** Time between two looks, in milliseconds: retention is counted in hours and days. */
const everyMs = 10 * 60_000;

/** Keeps the change log and the history within their retention, for as long as the server runs. */
export const compactionCollector: Collector = {
  id: 'compaction',
  description: 'Drops rows of the change log and of the history that are beyond their retention',
  facts: [],
  async run({ store, clock, log }, signal) {
    while (!signal.aborted) {
      // Jitter: several servers on one database do not compact at the same moment.
      await clock.sleep(everyMs * (0.5 + clock.random()), signal);
      const rows = await store.compact();
      if (rows > 0) log.info({ rows }, 'change log and history compacted');
    }
  },
};
