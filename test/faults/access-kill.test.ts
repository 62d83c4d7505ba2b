import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { KEEP_ALL } from '../support/keep-all.ts';
import { createDatabase } from '../support/postgres.ts';
import { forkStoreProcess, killed } from '../support/store-fork.ts';

const ROUNDS = 20;
const LONGEST_WRITING_MS = 150;

interface Place {
  readonly url: string | undefined;
  readonly folder: string;
}

/** Runs a process that writes without end and kills it in the middle. Returns the keys that it had acknowledged. */
async function runAndKill(place: Place, prefix: string): Promise<string[]> {
  const acknowledged: string[] = [];
  const child = forkStoreProcess({ task: 'access', ...place, prefix });
  await new Promise<void>((resolve) => {
    child.on('message', (message: { acknowledged?: string }) => {
      if (message.acknowledged !== undefined) acknowledged.push(message.acknowledged);
      resolve();
    });
    child.once('exit', () => resolve());
  });
  await systemClock.sleep(systemClock.random() * LONGEST_WRITING_MS);
  await killed(child);
  return acknowledged;
}

/** What was acknowledged is there with its audit record, nothing is there without one, and the chain is whole. */
async function inspect(store: Store, acknowledged: readonly string[]): Promise<void> {
  const keys = new Set<string>();
  for (let after = 0, complete = false; !complete;) {
    const page = await store.access.changes(after, 1_000);
    for (const change of page.changes) if (change.type === 'role') keys.add(change.key);
    ({ sequence: after, complete } = page);
  }
  const audited = new Set<string>();
  for (let after = 0; ;) {
    const records = await store.access.audit({}, { limit: 1_000, after });
    for (const { target } of records) audited.add(target ?? '');
    after = records.at(-1)?.sequence ?? after;
    if (records.length < 1_000) break;
  }
  expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
  expect([...keys].sort()).toEqual([...audited].sort());
  expect(await store.access.verifyAudit()).toMatchObject({ intact: true, records: audited.size });
}

test(`${ROUNDS} kills in the middle of writing lose no acknowledged record and leave the audit chain whole`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-access-kill-'));
  const place = { url: undefined, folder };
  const acknowledged: string[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) acknowledged.push(...(await runAndKill(place, `r${round}`)));
    expect(acknowledged.length).toBeGreaterThan(ROUNDS);
    const store = await openStore({ ...place, retention: KEEP_ALL });
    await inspect(store, acknowledged);
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);

describe.skipIf('missing' in inject('postgres'))('on PostgreSQL', () => {
  test('processes that write at once and are killed at any moment share one whole audit chain', async () => {
    const server = inject('postgres');
    if ('missing' in server) return;
    const database = await createDatabase(server.url);
    const place = { url: database.url, folder: '' };
    const store = await openStore({ ...place, retention: KEEP_ALL });
    try {
      const lane = async (name: string): Promise<string[]> => {
        const acknowledged: string[] = [];
        for (let round = 0; round < ROUNDS / 4; round++) {
          acknowledged.push(...(await runAndKill(place, `${name}${round}`)));
        }
        return acknowledged;
      };
      const acknowledged = (await Promise.all([lane('a'), lane('b')])).flat();
      expect(acknowledged.length).toBeGreaterThan(ROUNDS / 4);
      await inspect(store, acknowledged);
    } finally {
      await store.close();
      await database.drop();
    }
  }, 300_000);
});
