import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DemoFleet, openDemoFleet } from '../../demo/fleet/demo-fleet.ts';
import { systemClock } from '../../src/base/clock.ts';
import { CallboardProcess, type ProcessOptions } from '../support/fleet-fault-process.ts';
import { Pulses } from '../support/fleet-fault-pulse.ts';
import { answersOf, Witness } from '../support/fleet-fault-witness.ts';
import { truthOf, untilClusters, untilTrue } from '../support/fleet-truth.ts';

const KILLS = 8;
const names = ['cluster-1', 'cluster-2', 'cluster-3'];

let demo: DemoFleet;
let pulses: Pulses;
let callboard: CallboardProcess;
let witness: Witness;

beforeEach(async () => {
  demo = await openDemoFleet({ names, version: '1.34.2', hasWireFaults: true, now: () => new Date() });
  pulses = new Pulses(demo.servers);
  pulses.start();
});

afterEach(async () => {
  pulses.stop();
  await callboard.close();
  await demo.close();
});

async function start(options: ProcessOptions = {}): Promise<void> {
  callboard = await CallboardProcess.start(demo, options);
  witness = new Witness(answersOf(callboard.live), pulses, names);
  witness.start();
}

const untilOk = (withinMs = 120_000): Promise<unknown> =>
  untilClusters(callboard.live, (all) => names.every((name) => all.get(name)?.state === 'ok'), withinMs);

/** Everything stands still, and what is shown is what is there; nothing was ever shown as good that was not. */
async function expectTruth(): Promise<void> {
  await untilOk();
  pulses.stop();
  await untilTrue(callboard.live, await truthOf(demo), { withinMs: 30_000 });
  expect(await witness.stop()).toEqual([]);
}

test('killed again and again at any moment, it shows no more than it knows, and in the end all there is', async () => {
  await start();
  await untilOk();
  for (let at = 0; at < KILLS; at += 1) {
    await systemClock.sleep(systemClock.random() * 3_000);
    await callboard.kill();
    if (at % 3 === 2) for (const { cluster } of demo.servers) cluster.store.compact();
    await callboard.begin();
  }
  await expectTruth();
});

test('a disk that is full is said, and what is live goes on; what was saved before is shown by the next start', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch (error) {
    rmSync(folder, { recursive: true });
    if (process.env['CI'] === 'true') throw error;
    context.skip('Only root may mount a small disk here');
  }
  try {
    const data = join(folder, 'data');
    mkdirSync(data);
    await start({ dataFolder: data });
    await untilOk();
    await expect
      .poll(() => readdirSync(join(data, 'fleet')).length, { timeout: 90_000, interval: 500 })
      .toBeGreaterThan(0);
    fill(join(folder, 'ballast'));
    await callboard.kill();
    await callboard.begin();
    await untilOk();
    await systemClock.sleep(8_000);
    await untilOk();
    rmSync(join(folder, 'ballast'));
    await expectTruth();
  } finally {
    await callboard.kill();
    execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true });
  }
});

/** Writes until there is no room. */
function fill(path: string): void {
  for (let size = 8 * 1024 * 1024; size >= 4096; size /= 2) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size, 1), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

test('a clock that jumps an hour and back makes nothing old look new, and stops nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-clock-'));
  try {
    const file = join(folder, 'offset');
    writeFileSync(file, '0');
    const preload = join(folder, 'shifted-clock.mjs');
    writeFileSync(preload, shiftedClock(file));
    await start({ preload: pathToFileURL(preload).href });
    await untilOk();
    for (const offset of [3_600_000, 0]) {
      writeFileSync(file, String(offset));
      await systemClock.sleep(4_000);
      // What goes on being confirmed is ok again, whatever the time is said to be; what is polled, with its next list.
      await untilOk(100_000);
    }
    await expectTruth();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A module that moves the time of day of a thread by what a file says, looked at ten times a second. */
function shiftedClock(file: string): string {
  return `import { readFileSync } from 'node:fs';
const now = Date.now.bind(Date);
let offset = 0;
setInterval(() => { offset = Number(readFileSync(${JSON.stringify(file)}, 'utf8')); }, 100).unref();
Date.now = () => now() + offset;
`;
}
