import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeError } from './errors.ts';

const LOCK_FILE = 'callboard.lock';
const OWNER_FILE = 'callboard.owner.json';

/** A held lock. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process. The lock is the operating system's, held through an empty SQLite database of
 * its own: it goes with the process however that ends, so it is never stale and never taken from a living owner. The
 * file beside it only names the owner for the message.
 *
 * @throws STORE_LOCKED naming the owner
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw storeError('STORE_LOCKED', { folder, ...readOwner(folder) }, error);
  }
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify({ pid: process.pid, host: hostname() }));
  return { release: () => database.close() };
}

function readOwner(folder: string): { pid: string; host: string } {
  try {
    const owner = JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as { pid?: unknown; host?: unknown };
    return { pid: String(owner.pid), host: String(owner.host) };
  } catch {
    // The owner has the lock but has not written its name yet.
    return { pid: 'unknown', host: 'unknown host' };
  }
}
