import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { faceOf } from '../../test/support/fleet-batches.ts';
import { systemClock } from '../base/clock.ts';
import { liveKinds } from '../live/kind-table.ts';
import { createLog } from '../telemetry/log.ts';
import { FleetThread } from './fleet-thread.ts';
import type { FleetReport } from './messages.ts';

test('a question that fails by a fault of the program is told as one, and what it was stands in the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-fleet-thread-'));
  let lines = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines += chunk.toString();
      done();
    },
  });
  const reports: FleetReport[] = [];
  const thread = new FleetThread({
    settings: { kinds: liveKinds, epoch: 'e', folder },
    tell: (report) => reports.push(report),
    clock: systemClock,
    log: createLog({ level: 'error', format: 'json', destination }),
  });
  try {
    // What no caller can ask: it stands for any fault.
    thread.take({ type: 'ask', id: 7, ask: { name: 'objects', args: [undefined as never, 'all'] } });
    expect(reports).toContainEqual({ type: 'failed', id: 7, error: { code: 'LIVE_FAULT', details: {} } });
    expect(JSON.parse(lines)).toMatchObject({
      level: 'error',
      error: { message: expect.stringContaining('undefined') },
    });
  } finally {
    await thread.close(1_000);
    rmSync(folder, { recursive: true });
  }
});

test('it is told when all clusters show as they were saved, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-fleet-thread-'));
  const reports: FleetReport[] = [];
  const thread = new FleetThread({
    settings: { kinds: liveKinds, epoch: 'e', folder },
    tell: (report) => reports.push(report),
    clock: systemClock,
    log: createLog({ level: 'fatal', format: 'json' }),
  });
  const types = (): readonly string[] => reports.map(({ type }) => type).filter((type) => type === 'restored');
  try {
    for (const name of ['east', 'north', 'west']) thread.take({ type: 'cluster', face: faceOf(name) });
    expect(types()).toEqual([]);
    await vi.waitFor(() => expect(types()).toEqual(['restored']));
    // Another face of a cluster that is there is no new cluster.
    thread.take({ type: 'cluster', face: faceOf('east', { labels: { region: 'eu' } }) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(types()).toEqual(['restored']);
  } finally {
    await thread.close(1_000);
    rmSync(folder, { recursive: true });
  }
});
