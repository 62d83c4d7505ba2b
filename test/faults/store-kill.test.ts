import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { DATABASE_FILE } from '../../src/store/sqlite-driver.ts';
import { KEEP_ALL } from '../support/keep-all.ts';
import { readSnapshot } from '../support/store-contents.ts';
import { forkStoreProcess, killed } from '../support/store-fork.ts';

const ROUNDS = 200;
/** From its start: some die while they open the database, most in the middle of commits and compactions. */
const LONGEST_LIFE_MS = 250;

/** Runs a process that commits without end and kills it; returns what it had acknowledged. */
async function runAndKill(folder: string, prefix: string, lifeMs: number): Promise<string[]> {
  const acknowledged: string[] = [];
  const child = forkStoreProcess({ task: 'commit', folder, prefix });
  const opened = new Promise<void>((resolve) => {
    child.on('message', (message: { acknowledged?: string; open?: true }) => {
      if (message.acknowledged !== undefined) acknowledged.push(message.acknowledged);
      resolve();
    });
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // Every fifth is killed at some moment of its start, the others while they write.
  if (lifeMs > LONGEST_LIFE_MS * 0.8) await systemClock.sleep(lifeMs);
  else {
    await Promise.race([opened, ended]);
    await systemClock.sleep(lifeMs / 2);
  }
  await killed(child);
  return acknowledged;
}

/** Looks into the file as the kill left it. */
function inspect(folder: string, acknowledged: ReadonlySet<string>): void {
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

test(`a store killed at ${ROUNDS} random moments loses nothing acknowledged and always opens`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-kill-'));
  const acknowledged = new Set<string>();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const life = systemClock.random() * LONGEST_LIFE_MS;
      for (const id of await runAndKill(folder, `r${round}`, life)) acknowledged.add(id);
      inspect(folder, acknowledged);
    }
    const store = await openStore({ url: undefined, folder, retention: KEEP_ALL });
    const snapshot = await readSnapshot(store);
    const refs = new Set(snapshot.locations.map(({ ref }) => ref));
    expect([...acknowledged].filter((id) => !refs.has(id))).toEqual([]);
    expect(snapshot.facts.every(({ entityRef }) => snapshot.entities.some(({ ref }) => ref === entityRef))).toBe(true);
    expect((await store.digest()).revision).toBe(snapshot.revision);
    expect(acknowledged.size).toBeGreaterThan(ROUNDS);
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
