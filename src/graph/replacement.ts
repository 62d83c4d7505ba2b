import type { Change } from '../model/change.ts';
import { type PresentRecord, recordDigest } from '../store/digest.ts';
import type { Cache } from './cache.ts';
import type { Pacer } from './pacer.ts';

/**
 * The changes that turn the content of the cache into that of a snapshot: what differs or is missing is put, what is
 * too much is deleted.
 */
export async function replacementOf(cache: Cache, snapshot: readonly Change[], pacer: Pacer): Promise<Change[]> {
  const superfluous = new Map<string, Change>();
  for (const record of cache.records()) {
    superfluous.set(`${record.type} ${record.key}`, record);
    if (pacer.isDue()) await pacer.pause();
  }
  const changes: Change[] = [];
  for (const record of snapshot) {
    const name = `${record.type} ${record.key}`;
    const before = superfluous.get(name);
    superfluous.delete(name);
    if (before === undefined || !isSame(before, record)) changes.push(record);
    if (pacer.isDue()) await pacer.pause();
  }
  for (const record of superfluous.values()) changes.push({ ...record, value: null });
  return changes;
}

function isSame(left: Change, right: Change): boolean {
  const a = recordDigest(left as PresentRecord);
  const b = recordDigest(right as PresentRecord);
  return a.high === b.high && a.low === b.low;
}
