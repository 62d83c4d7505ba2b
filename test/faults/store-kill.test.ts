import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { DATABASE_FILE } from '../../src/store/sqlite-driver.ts';
import type { Store } from '../../src/store/store.ts';
import { KEEP_ALL } from '../support/keep-all.ts';
import { readSnapshot } from '../support/store-contents.ts';
import { forkStoreProcess, killed } from '../support/store-fork.ts';

const ROUNDS = 200;
/** Folders that are worked on side by side. */
const LANES = 2;
const LONGEST_START_MS = 300;
const LONGEST_WRITING_MS = 120;

/**
 * Runs a process that commits and compacts without end and kills it: every fifth while it opens the database, the
 * others in the middle of their writes. Returns what it had acknowledged.
 */
async function runAndKill(folder: string, round: number): Promise<string[]> {
  const acknowledged: string[] = [];
  const child = forkStoreProcess({ task: 'commit', folder, prefix: `r${round}` });
  const opened = new Promise<void>((resolve) => {
    child.on('message', (message: { acknowledged?: string }) => {
      if (message.acknowledged !== undefined) acknowledged.push(message.acknowledged);
      resolve();
    });
    child.once('exit', () => resolve());
  });
  if (round % 5 !== 0) await opened;
  await systemClock.sleep(systemClock.random() * (round % 5 === 0 ? LONGEST_START_MS : LONGEST_WRITING_MS));
  await killed(child);
  return acknowledged;
}

/** Looks into the file as the kill left it. */
function inspect(folder: string, acknowledged: ReadonlySet<string>): void {
  if (!existsSync(join(folder, DATABASE_FILE))) {
    expect(acknowledged.size).toBe(0);
    return;
  }
  const database = new DatabaseSync(join(folder, DATABASE_FILE));
  try {
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'location'").get();
    if (tables?.['n'] === 0) {
      expect(acknowledged.size).toBe(0);
      return;
    }
    const kept = new Set(
      database
        .prepare('SELECT ref FROM location')
        .all()
        .map((row) => String(row['ref'])),
    );
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
    const log = database.prepare('SELECT count(DISTINCT revision) AS n, max(revision) AS newest FROM log').get();
    const revision = database.prepare('SELECT value, compacted FROM revision').get();
    expect(log?.['n']).toBe(Number(revision?.['value']) - Number(revision?.['compacted']));
    expect(Number(log?.['newest'] ?? 0)).toBe(revision?.['value']);
  } finally {
    database.close();
  }
}

/** Everything acknowledged is there through the store itself, and its records fit together. */
async function verifyStore(store: Store, acknowledged: ReadonlySet<string>): Promise<void> {
  try {
    const snapshot = await readSnapshot(store);
    const refs = new Set(snapshot.locations.map(({ ref }) => ref));
    expect([...acknowledged].filter((id) => !refs.has(id))).toEqual([]);
    expect(snapshot.facts.every(({ entityRef }) => snapshot.entities.some(({ ref }) => ref === entityRef))).toBe(true);
    expect((await store.digest()).revision).toBe(snapshot.revision);
  } finally {
    await store.close();
  }
}

async function killAgainAndAgain(rounds: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-kill-'));
  const acknowledged = new Set<string>();
  try {
    for (let round = 0; round < rounds; round++) {
      for (const id of await runAndKill(folder, round)) acknowledged.add(id);
      inspect(folder, acknowledged);
    }
    const options = { url: undefined, folder, retention: KEEP_ALL };
    await verifyStore(await openStore({ ...options, mode: 'read' }), acknowledged);
    await verifyStore(await openStore(options), acknowledged);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return acknowledged.size;
}

test(`a store killed at ${ROUNDS} random moments loses nothing acknowledged and always opens`, async () => {
  const lanes = Array.from({ length: LANES }, () => killAgainAndAgain(ROUNDS / LANES));
  for (const acknowledged of await Promise.all(lanes)) expect(acknowledged).toBeGreaterThan(ROUNDS / LANES);
}, 600_000);
