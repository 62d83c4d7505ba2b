import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../test/support/fleet-world.ts';
import { until } from '../../test/support/running-catalog.ts';
import { createLog } from '../telemetry/log.ts';
import { Writable } from 'node:stream';
import { liveKinds } from '../live/kind-table.ts';
import { FleetStore } from './fleet-store.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';

const DAY_MS = 24 * 3_600_000;
let root: ReturnType<typeof temporaryFolder>;
let folder: string;
beforeEach(() => {
  root = temporaryFolder();
  folder = join(root.path, 'fleet');
});
afterEach(() => root.remove());

function open(clock = new ManualClock(Date.now())): {
  keeper: SnapshotKeeper;
  clock: ManualClock;
  lines: string[];
} {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const store = new FleetStore({ kinds: liveKinds, epoch: 'e', now: () => clock.now() });
  for (const name of ['stage', 'cellar']) {
    store.putCluster({
      name,
      origin: 'test',
      server: 'https://127.0.0.1:6443',
      labels: {},
      isProtected: false,
      warnings: [],
      generation: 1,
    });
  }
  const log = createLog({ level: 'info', format: 'json', destination });
  return { keeper: new SnapshotKeeper({ store, folder, clock, log }), clock, lines };
}
const files = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);

describe('snapshots of clusters', () => {
  test('a cluster that changed is written within ten seconds the first time, then once a minute', async () => {
    const { keeper, clock } = open();
    keeper.changed('stage');
    clock.advance(10_000);
    keeper.tick();
    await until(() => files().some((name) => name.endsWith('.snapshot')));
    await until(() => keeper.numbers.snapshots === 1);
    keeper.changed('stage');
    clock.advance(49_000);
    keeper.tick();
    await keeper.close(0);
    expect(keeper.numbers.snapshots).toBe(1);
    clock.advance(11_000);
    keeper.tick();
    await until(() => keeper.numbers.snapshots === 2);
  });

  test('the last ones are written at the end, as far as the time allows', async () => {
    const { keeper } = open();
    keeper.changed('stage');
    keeper.changed('cellar');
    await keeper.close(5_000);
    expect(files()).toHaveLength(2);
  });

  test('a disk that takes nothing costs the new snapshot alone; it is said once a minute', async () => {
    // A file stands where the folder should be.
    writeFileSync(folder, '');
    const { keeper, clock, lines } = open();
    for (let turn = 1; turn <= 3; turn += 1) {
      keeper.changed('stage');
      clock.advance(60_000);
      keeper.tick();
      await until(() => keeper.numbers.snapshotFailures === turn);
    }
    expect(lines.filter((line) => line.includes('Snapshots of clusters cannot be written'))).toHaveLength(1);
    expect(keeper.numbers.snapshots).toBe(0);
  });

  test('what a cluster left that is gone for more than a week is removed', async () => {
    mkdirSync(folder);
    for (const [name, days] of [
      ['old-1.snapshot', 8],
      ['young-2.snapshot', 6],
    ] as const) {
      writeFileSync(join(folder, name), '');
      const time = (Date.now() - days * DAY_MS) / 1000;
      utimesSync(join(folder, name), time, time);
    }
    const { keeper } = open();
    keeper.tick();
    await until(() => !files().includes('old-1.snapshot'));
    expect(files()).toEqual(['young-2.snapshot']);
  });

  test('a file that cannot be read is said, and nothing is restored', async () => {
    const { keeper, lines } = open();
    keeper.changed('stage');
    await keeper.close(5_000);
    const [name] = files();
    writeFileSync(join(folder, name ?? ''), 'torn');
    await keeper.restore('stage', 'https://127.0.0.1:6443');
    expect(lines.some((line) => line.includes('Snapshot of a cluster is not used'))).toBe(true);
  });
});
