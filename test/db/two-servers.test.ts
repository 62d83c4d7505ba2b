import { describe, expect, inject, test } from 'vitest';
import type { StoreDigest } from '../../src/store/store.ts';
import { homes } from '../support/store-engines.ts';
import { forkStoreProcess, nextMessage } from '../support/store-fork.ts';
import { putEntity } from '../support/writes.ts';
import { systemClock } from '../../src/base/clock.ts';

interface Report {
  readonly revisions: readonly number[];
  readonly commits: number;
  readonly digest: StoreDigest;
}

/** Makes transactions overlap: before they take their revision, and between that and their commit. */
const DELAYS = `
  CREATE FUNCTION delay() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_sleep(random() * TG_ARGV[0]::float8); RETURN NULL; END $$;
  CREATE TRIGGER slow_write AFTER INSERT OR UPDATE ON entity FOR EACH STATEMENT EXECUTE FUNCTION delay('0.03');
  CREATE TRIGGER slow_place AFTER INSERT ON location FOR EACH STATEMENT EXECUTE FUNCTION delay('0.02');
  CREATE TRIGGER slow_log AFTER INSERT ON log FOR EACH STATEMENT EXECUTE FUNCTION delay('0.01');
`;

const PROCESSES = 2;
const WRITERS = 4;
const COMMITS = 15;

describe.skipIf('missing' in inject('postgres'))('two servers on one database', () => {
  const makeHome = homes('postgres');

  test.each([
    ['on', true],
    ['off', false],
  ])(
    'with eight delayed writers every reader sees each revision once, in order, LISTEN/NOTIFY %s',
    async (_, notify) => {
      const home = await makeHome();
      const observer = await home.open({ notify });
      await home.execute(DELAYS);
      const until = PROCESSES * WRITERS * COMMITS;
      const children = Array.from({ length: PROCESSES }, (__, index) =>
        forkStoreProcess({
          task: 'share',
          url: home.place.url ?? '',
          folder: home.place.folder,
          name: `server${index}`,
          notify,
          writers: WRITERS,
          commits: COMMITS,
          until,
        }),
      );
      const reports = await Promise.all(children.map((child) => nextMessage<Report>(child)));
      const newest = await observer.revision();
      const expected = Array.from({ length: newest }, (__, index) => index + 1);
      for (const { revisions, commits } of reports) {
        expect(revisions).toEqual(expected);
        expect(commits).toBe(until);
      }
      const log = await observer.readLog(0, 1_000_000);
      expect(log.map(({ revision }) => revision)).toEqual(expected);
      const digest = await observer.digest();
      for (const report of reports) expect(report.digest).toEqual(digest);
    },
    120_000,
  );

  test('a write of another server is seen within a second by one that only polls', async () => {
    const home = await makeHome();
    const [writer, poller] = [await home.open({ notify: false }), await home.open({ notify: false })];
    for (let round = 1; round <= 5; round++) {
      await writer.commit([putEntity('a', { content: `round ${round}` })]);
      const written = systemClock.monotonic();
      while ((await poller.readLog(round - 1, 10)).length === 0) await systemClock.sleep(250);
      expect(systemClock.monotonic() - written).toBeLessThan(1_000);
    }
  });

  test('a write of another server is hinted at when LISTEN/NOTIFY is on', async () => {
    const home = await makeHome();
    const [writer, listener] = [await home.open(), await home.open()];
    let hints = 0;
    listener.onHint(() => (hints += 1));
    for (let round = 1; round <= 3; round++) {
      const before = hints;
      await writer.commit([putEntity('a', { content: `round ${round}` })]);
      await expect.poll(() => hints, { timeout: 10_000 }).toBeGreaterThan(before);
    }
  });

  test('only one of two owners gets a ref, and the other is told who', async () => {
    const home = await makeHome();
    const stores = [await home.open(), await home.open(), await home.open()];
    await home.execute(DELAYS);
    for (let round = 0; round < 10; round++) {
      const results = await Promise.all(
        stores.map((store, index) =>
          store.commit([putEntity(`e${round}`, { location: `file:/${index}`, line: index + 1 })]),
        ),
      );
      const outcomes = results.map(({ outcomes: [outcome] }) => outcome);
      const winner = outcomes.findIndex((outcome) => outcome?.status === 'written');
      for (const [index, outcome] of outcomes.entries()) {
        if (index === winner) continue;
        expect(outcome).toEqual({ status: 'conflict', owner: { location: `file:/${winner}`, line: winner + 1 } });
      }
    }
  });
});
